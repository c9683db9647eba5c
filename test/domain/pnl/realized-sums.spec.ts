import fc from 'fast-check';
import { accountBooking, flowOf, performanceOf } from '../../../src/pnl/domain/cash-flow.js';
import type { RealizedSums } from '../../../src/pnl/domain/realized-sums.js';
import {
  NOTHING_REALIZED,
  NO_DAY,
  addDays,
  afterBooking,
  afterClosedTrade,
  profitFactor,
  realizedBetween,
  walletBalance,
  winRate,
  winRatePct,
} from '../../../src/pnl/domain/realized-sums.js';
import type { CashFlow, CashFlowType } from '../../../src/ledger/facts.js';
import { added, booking, d, removed, text } from './amounts.js';

const shown = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
const closedFor = (pnl: string | number) => ({ tradeId: 'A', closedAt: 0, pnl: d(pnl) });

function afterTrades(...pnls: (string | number)[]): RealizedSums {
  return pnls.reduce<RealizedSums>(
    (sums, pnl) => afterClosedTrade(sums, closedFor(pnl), 1),
    NOTHING_REALIZED,
  );
}

describe('sums of what was realized', () => {
  it('take amounts in, replace them, and take them out', () => {
    const first = booking(1, '2026-01-05T10:00', '10.5');
    let sums = afterBooking(NOTHING_REALIZED, added(first));
    expect(text(sums.realized)).toBe('10.5');
    sums = afterBooking(sums, { before: first, after: booking(1, '2026-01-05T10:00', -2) });
    expect(text(sums.realized)).toBe('-2');
    sums = afterBooking(sums, removed(booking(1, '2026-01-05T10:00', -2)));
    expect(shown(sums)).toEqual(shown(NOTHING_REALIZED));
  });

  it('count what is not known apart: nothing is booked for it', () => {
    const unknown = booking(1, '2026-01-05T10:00', null);
    const sums = afterBooking(NOTHING_REALIZED, added(unknown));
    expect([sums.unknownBookings, text(sums.realized)]).toEqual([1, '0']);
    const known = afterBooking(sums, { before: unknown, after: booking(1, '2026-01-05T10:00', 3) });
    expect([known.unknownBookings, text(known.realized)]).toEqual([0, '3']);
    expect(afterBooking(sums, { before: unknown, after: unknown }).unknownBookings).toBe(1);
  });

  it('make the wallet balance together with what was deposited', () => {
    expect(text(walletBalance({ ...NOTHING_REALIZED, netDeposits: d(1000), realized: d('-0.5') }))).toBe(
      '999.5',
    );
  });
});

describe('statistics of closed trades', () => {
  it('count wins and losses, and what netted zero as neither', () => {
    const sums = afterTrades(30, '-12.5', 0, 10);
    expect(shown(sums)).toMatchObject({
      closedTrades: 4,
      winningTrades: 2,
      losingTrades: 1,
      grossProfit: '40',
      grossLoss: '12.5',
    });
    expect([text(winRatePct(sums)), text(winRate(sums)), text(profitFactor(sums))]).toEqual([
      '50',
      '0.5',
      '3.2',
    ]); // 40 ÷ 12.5
  });

  it('are null with no trade, and the profit factor with no losing one', () => {
    expect([winRatePct(NOTHING_REALIZED), winRate(NO_DAY), profitFactor(afterTrades(5, 0))]).toEqual([
      null,
      null,
      null,
    ]);
    expect([text(winRatePct(afterTrades(-1))), text(profitFactor(afterTrades(-1)))]).toEqual(['0', '0']);
    expect(text(winRatePct(afterTrades(1, -1, -1)))).toBe('33.333333333333333333');
  });

  it('forget a trade that is taken out again, in any order', () => {
    const pnls = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(pnls, pnls, (kept, gone) => {
        const all = afterTrades(...kept, ...gone);
        const left = gone.reduceRight<RealizedSums>(
          (sums, pnl) => afterClosedTrade(sums, closedFor(pnl), -1),
          all,
        );
        expect(shown(left)).toEqual(shown(afterTrades(...kept)));
      }),
    );
  });
});

describe('what a period realized', () => {
  const day = (realized: number) => ({ realized: d(realized), closedTrades: 2, winningTrades: 1 });
  const days = new Map([
    ['2026-01-04', day(1)],
    ['2026-01-05', day(2)],
    ['2026-01-07', day(4)],
    ['2026-01-08', day(8)],
  ]);

  it('is the sum of its days, the first and the last included', () => {
    expect(text(realizedBetween(days, '2026-01-05', '2026-01-07'))).toBe('6');
    expect(text(realizedBetween(days, '2026-01-09', '2026-01-31'))).toBe('0');
  });

  it('adds up field by field', () => {
    expect(shown(addDays(day(1), day(2)))).toEqual({ realized: '3', closedTrades: 4, winningTrades: 2 });
    expect(shown(addDays(NO_DAY, NO_DAY))).toEqual(shown(NO_DAY));
  });
});

describe('money that moves', () => {
  const flow = (type: CashFlowType, amount: number): CashFlow => ({
    kind: 'account.cash_flow',
    accountId: 'main',
    occurredAt: 0,
    eventId: 'e',
    source: null,
    type,
    amount: d(amount),
    currency: null,
    symbol: null,
  });

  it.each([
    ['DEPOSIT', 5, '5', null],
    ['WITHDRAWAL', 5, '-5', null],
    ['FEE', 5, null, '-5'],
    ['FUNDING', 5, null, '5'],
    ['FUNDING', -5, null, '-5'],
  ] as const)('%s of %d flows %s and earns %s', (type, amount, flows, earns) => {
    expect([text(flowOf(flow(type, amount))), text(performanceOf(flow(type, amount)))]).toEqual([
      flows,
      earns,
    ]);
  });

  it('is booked on no trade', () => {
    const told = {
      version: 3,
      tradeId: '',
      kind: 'funding',
      symbol: 'BTCUSDT',
      occurredAt: 7,
      fee: null,
      openingFee: null,
      quantityDerived: false,
    };
    expect(accountBooking(3, 'funding', 7, d(2), 'BTCUSDT')).toEqual({
      ...told,
      ...{ quantity: null, entryPrice: null, exitPrice: null, reported: null, computed: d(2), amount: d(2) },
    });
    expect(accountBooking(3, 'fee', 7, d(2)).symbol).toBeNull();
  });
});
