import { PnlState } from '../../../src/pnl/pnl-state.js';
import { pnlFigures } from '../../../src/pnl/domain/pnl-figures.js';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import type { Decimal } from '../../../src/shared/decimal.js';
import { calendarOf } from '../../../src/shared/periods.js';
import type { Calendar } from '../../../src/shared/periods.js';
import { closed, opened } from '../positions/facts.js';
import { ledger } from '../positions/ledger.js';
import { figuresIn } from '../../support/figures.js';
import { at, booking, d, text } from './amounts.js';

const UTC = calendarOf('UTC');
/** Wednesday 7 January 2026. */
const TODAY = '2026-01-07';

function booked(
  rows: readonly (readonly [moment: string, amount: number])[],
  calendar: Calendar = UTC,
): PnlState {
  const state = new PnlState(calendar);
  rows.forEach(([moment, amount], i) => state.addBooking(booking(i + 1, moment, amount)));
  return state;
}

const figuresOf = (state: PnlState, today: string, unrealized = 0) =>
  Object.fromEntries(
    figuresIn(pnlFigures(state, d(unrealized), today), ['inputs', 'today', 'day']).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : text(value as Decimal | null),
    ]),
  );

/** A trade of 1 at 100 that closes at 100 + `pnl`. */
function tradeOf(id: string, closedAt: string, pnl: number): TradeChanges {
  const open = opened({ id, at: at('2026-01-01T00:00'), qty: '1', price: '100' });
  return ledger([open, closed({ id, at: at(closedAt), exit: 100 + pnl })]).changes;
}

describe('figures of PnL', () => {
  const state = booked([
    ['2025-12-31T23:59:59', 1],
    ['2026-01-01T00:00', 10],
    ['2026-01-04T23:59:59', 100],
    ['2026-01-05T00:00', 1_000],
    ['2026-01-07T12:00', 10_000],
  ]);

  it('sum by calendar day, ISO week and month, each with what is unrealized beside it', () => {
    expect(figuresOf(state, TODAY, -500)).toEqual({
      walletBalance: '11111',
      realizedToday: '10000',
      realizedWeek: '11000',
      realizedMonth: '11110',
      realizedTotal: '11111',
      unrealized: '-500',
      total: '10611',
      daily: '9500',
      weekly: '10500',
      monthly: '10610',
      bestTrade: null,
      worstTrade: null,
      winRatePct: null,
      winRateToday: null,
      profitFactor: null,
      closedTrades: 0,
    });
  });

  it.each([
    // The clock alone goes on: Sunday ends the week, 31 January the month, new year both not the week of 29 December.
    ['2026-01-08', '0', '11000', '11110'],
    ['2026-01-11', '0', '11000', '11110'],
    ['2026-01-12', '0', '0', '11110'],
    ['2026-02-01', '0', '0', '0'],
    ['2025-12-31', '1', '1', '1'],
    ['2026-01-01', '10', '11', '10'],
    ['2026-01-04', '100', '111', '110'],
    ['2026-01-05', '1000', '1000', '1110'],
  ])('on %s are %s today, %s this week, %s this month', (today, day, week, month) => {
    expect(figuresOf(state, today)).toMatchObject({
      realizedToday: day,
      realizedWeek: week,
      realizedMonth: month,
      realizedTotal: '11111',
    });
  });

  it('count a late event in its own period', () => {
    const late = booked([
      ['2026-01-07T12:00', 5],
      ['2026-01-06T12:00', 7],
      ['2025-12-01T12:00', 9],
    ]);
    expect(figuresOf(late, TODAY)).toMatchObject({
      realizedToday: '5',
      realizedWeek: '12',
      realizedMonth: '12',
      realizedTotal: '21',
    });
  });

  it('give the win rate of today as a fraction, of all as percent, with the best and the worst trade', () => {
    const traded = new PnlState(UTC);
    for (const [id, moment, pnl] of [
      ['A', '2026-01-06T10:00', 30],
      ['B', '2026-01-07T10:00', -10],
      ['C', '2026-01-07T11:00', 5],
    ] as const) {
      traded.addTradeChanges(tradeOf(id, moment, pnl));
    }
    expect(figuresOf(traded, TODAY)).toMatchObject({
      winRateToday: '0.5',
      winRatePct: '66.666666666666666667',
      bestTrade: '30',
      worstTrade: '-10',
      profitFactor: '3.5',
      closedTrades: 3,
    });
    expect(figuresOf(traded, '2026-01-08').winRateToday).toBeNull();
  });
});

describe('the PnL of an account', () => {
  it('holds deposits apart from what was earned, and remembers what to write', () => {
    const state = new PnlState(UTC);
    state.addFlow({ version: 1, type: 'DEPOSIT', amount: d(100), occurredAt: 1 }, false);
    expect(state.sums.depositsKnown).toBe(false);
    state.addFlow({ version: 2, type: 'DEPOSIT', amount: d(50), occurredAt: 1 }, true);
    state.addFlow({ version: 3, type: 'WITHDRAWAL', amount: d(-30), occurredAt: 1 }, false);
    state.addBooking(booking(4, '2026-01-05T10:00', '-0.5'));
    expect([text(state.wallet), text(state.sums.netDeposits), state.sums.depositsKnown]).toEqual([
      '119.5',
      '120',
      true,
    ]);
    expect([state.newFlows.length, state.newBookings.length, [...state.dayDeltas.keys()]]).toEqual([
      3,
      1,
      ['2026-01-05'],
    ]);
    expect(figuresOf(state, '2026-01-05').realizedToday).toBe('-0.5');
  });

  it('counts a partial close at once, and the trade when it is closed, on the day that ends it', () => {
    const open = opened({ id: 'A', at: at('2026-01-05T00:00'), qty: '2', price: '100', fee: '1' });
    const part = closed({ id: 'A', at: at('2026-01-06T10:00'), qty: '1', exit: '110' });
    const rest = closed({ id: 'A', at: at('2026-01-07T10:00'), exit: '95' });
    const state = new PnlState(UTC);
    state.addTradeChanges(ledger([open, part]).changes);
    expect(figuresOf(state, '2026-01-06')).toMatchObject({
      realizedToday: '10',
      realizedWeek: '9',
      closedTrades: 0,
      winRateToday: null,
    });
    const whole = new PnlState(UTC);
    whole.addTradeChanges(ledger([open, part, rest]).changes);
    // −1 on Monday, + 10 on Tuesday, − 5 on Wednesday: a trade of + 4.
    expect(figuresOf(whole, TODAY)).toMatchObject({
      realizedToday: '-5',
      realizedWeek: '4',
      bestTrade: '4',
      worstTrade: '4',
      winRateToday: '1',
    });
  });

  it('carries restated amounts from day to day, without a trace', () => {
    const state = new PnlState(UTC);
    const monday = tradeOf('A', '2026-01-05T10:00', 30);
    state.addTradeChanges(monday);
    const tuesday = tradeOf('A', '2026-01-06T10:00', -8);
    const restated = new TradeChanges();
    for (const kind of ['trades', 'bookings'] as const) {
      const [[before], [after]] = [[...monday[kind]], [...tuesday[kind]]];
      (restated[kind] as { replace(before: unknown, after: unknown): void }).replace(
        before!.after,
        after!.after,
      );
    }
    state.addTradeChanges(restated);
    expect(figuresOf(state, '2026-01-05')).toMatchObject({ realizedToday: '0', winRateToday: null });
    expect(figuresOf(state, '2026-01-06')).toMatchObject({
      realizedToday: '-8',
      winRateToday: '0',
      realizedTotal: '-8',
      closedTrades: 1,
      profitFactor: '0',
    });
    // The best trade was 30 and is gone: it has to be looked up.
    expect(state.extremesLost).toBe(true);
  });

  it('loses its best and worst only when one of them goes', () => {
    const trades = [
      tradeOf('A', '2026-01-05T10:00', 30),
      tradeOf('B', '2026-01-05T10:00', 0),
      tradeOf('C', '2026-01-05T10:00', -8),
    ];
    const gone = (changes: TradeChanges): boolean => {
      const state = new PnlState(UTC);
      for (const trade of trades) state.addTradeChanges(trade);
      const removal = new TradeChanges();
      for (const { after } of changes.trades) removal.trades.replace(after, null);
      state.addTradeChanges(removal);
      return state.extremesLost;
    };
    expect(trades.map(gone)).toEqual([true, false, true]);
  });

  it('changes in a fork without readers of the committed state noticing', () => {
    const committed = booked([['2026-01-07T12:00', 5]]);
    committed.addTradeChanges(tradeOf('A', '2026-01-07T10:00', 30));
    committed.reconciledAt = 9;
    const fork = committed.fork();
    fork.addTradeChanges(tradeOf('B', '2026-01-07T10:00', -50));
    expect([fork.reconciledAt, text(fork.bestTrade), text(fork.worstTrade)]).toEqual([9, '30', '-50']);
    expect([figuresOf(committed, TODAY).realizedToday, figuresOf(fork, TODAY).realizedToday]).toEqual([
      '35',
      '-15',
    ]);
    expect([text(committed.worstTrade), fork.newBookings, fork.dayDeltas.size]).toEqual(['30', [], 1]);
  });

  it('leaves out what is not known', () => {
    const state = new PnlState(UTC);
    const open = opened({ id: 'A', at: at('2026-01-05T00:00'), qty: '1', price: null });
    state.addTradeChanges(ledger([open, closed({ id: 'A', at: at('2026-01-05T10:00'), exit: '1' })]).changes);
    expect([state.sums.unknownBookings, state.sums.closedTrades, state.days.size]).toEqual([1, 0, 0]);
  });
});

describe('money that is told after a wallet was adopted', () => {
  const adopted = (): PnlState => {
    const state = booked([['2026-01-05T00:00', 10]]);
    [state.openingAt, state.reconciledAt] = [at('2026-01-06T00:00'), at('2026-01-07T00:00')];
    return state;
  };
  const lateOf = (change: (state: PnlState) => void): number[] => {
    const state = adopted();
    change(state);
    return [...state.lateAt];
  };

  it('is late when it moved before that wallet, and belongs to the opening when it moved before that', () => {
    expect(lateOf((state) => state.addBooking(booking(9, '2026-01-07T00:00', 5)))).toEqual([
      at('2026-01-07T00:00'),
    ]);
    expect(lateOf((state) => state.addBooking(booking(9, '2026-01-05T12:00', 5)))).toEqual([
      at('2026-01-06T00:00'),
    ]);
    expect(lateOf((state) => state.addBooking(booking(9, '2026-01-07T00:01', 5)))).toEqual([]);
    const flow = { version: 9, type: 'DEPOSIT', amount: d(5), occurredAt: at('2026-01-06T12:00') };
    expect(lateOf((state) => state.addFlow(flow, true))).toEqual([at('2026-01-06T12:00')]);
  });

  it('is late when a restatement moves an amount or its time, and not when the amount stays', () => {
    const changed = (before: [string, number] | null, after: [string, number] | null) => {
      const changes = new TradeChanges();
      const row = (told: [string, number] | null) => told && { ...booking(9, ...told), tradeId: 'A' };
      changes.bookings.replace(row(before), row(after));
      return lateOf((state) => state.addTradeChanges(changes));
    };
    const [early, late] = ['2026-01-06T12:00', '2026-01-08T00:00'];
    expect(changed([early, 5], [early, 5])).toEqual([]);
    expect(changed([early, 5], [early, 6])).toEqual([at(early)]);
    expect(changed([early, 5], [late, 5])).toEqual([at(early)]);
    expect(changed(null, [early, 0])).toEqual([]);
    expect(changed([early, 5], null)).toEqual([at(early)]);
  });

  it('changes the opening balance or what a difference earned, and the day it was booked on', () => {
    const state = adopted();
    const opening = { version: 8, type: 'OPENING', amount: d(100), occurredAt: at('2026-01-06T00:00') };
    state.addFlow(opening, true);
    state.replaceFlow(opening, { ...opening, amount: d(40) });
    const difference = booking(9, '2026-01-07T00:00', 7);
    state.addBooking(difference);
    state.replaceBooking(difference, { ...difference, amount: d(2) });
    expect([text(state.wallet), text(state.days.get('2026-01-07')!.realized)]).toEqual(['52', '2']);
    const copy = state.fork();
    expect([copy.openingAt, copy.lateAt]).toEqual([state.openingAt, state.lateAt]);
  });
});
