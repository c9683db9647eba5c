import type { RealizedPart } from '../../../src/pnl/domain/joined-sums.js';
import { isNothing, joinParts } from '../../../src/pnl/domain/joined-sums.js';
import type { Money } from '../../../src/pnl/domain/money-facts.js';
import { adopted, moneyOf, settled } from '../../../src/pnl/domain/money-facts.js';
import { NOTHING_REALIZED, NO_DAY } from '../../../src/pnl/domain/realized-sums.js';
import type { CashFlow, CashFlowType, LedgerEntry, WalletReconciled } from '../../../src/ledger/facts.js';
import { opened } from '../positions/facts.js';
import { d, text } from './amounts.js';

const NOTHING: RealizedPart = { sums: NOTHING_REALIZED, bestTrade: null, worstTrade: null, days: new Map() };
const day = (realized: string, closedTrades = 0, winningTrades = 0) => ({
  ...NO_DAY,
  realized: d(realized),
  closedTrades,
  winningTrades,
});

describe('what parts of an account realized together', () => {
  test('of none is nothing', () => {
    expect(joinParts([])).toEqual(NOTHING);
  });

  test('is the sum of the sums, the best and the worst of all, and each day once', () => {
    const one: RealizedPart = {
      sums: {
        ...NOTHING_REALIZED,
        ...{ netDeposits: d(100), depositsKnown: true, realized: d(5), closedTrades: 2, winningTrades: 1 },
        ...{ losingTrades: 1, grossProfit: d(8), grossLoss: d(3), unknownBookings: 1 },
      },
      bestTrade: d(8),
      worstTrade: d(-3),
      days: new Map([
        ['2026-01-01', day('5', 2, 1)],
        ['2026-01-02', day('1')],
      ]),
    };
    const other: RealizedPart = {
      sums: {
        ...NOTHING_REALIZED,
        ...{ netDeposits: d(-10), realized: d(-1), closedTrades: 1, losingTrades: 1, grossLoss: d(1) },
      },
      bestTrade: d(-1),
      worstTrade: d(-1),
      days: new Map([['2026-01-02', day('-1')]]),
    };
    const { sums, bestTrade, worstTrade, days } = joinParts([NOTHING, one, NOTHING, other]);
    // 100 − 10, 5 − 1, 2 + 1 …; the second day came to nothing and is none.
    expect({ ...sums, netDeposits: text(sums.netDeposits), realized: text(sums.realized) }).toEqual({
      ...{ netDeposits: '90', depositsKnown: true, realized: '4', closedTrades: 3, winningTrades: 1 },
      ...{ losingTrades: 2, grossProfit: d(8), grossLoss: d(4), unknownBookings: 1 },
    });
    expect([text(bestTrade), text(worstTrade)]).toEqual(['8', '-3']);
    expect([...days.keys()]).toEqual(['2026-01-01']);
  });

  test('has the better best and the worse worst, whichever part comes first, and knows of no deposit that none knows', () => {
    const part = (best: number, worst: number): RealizedPart => ({
      ...NOTHING,
      bestTrade: d(best),
      worstTrade: d(worst),
    });
    const joined = [
      [part(5, -1), part(9, -4)],
      [part(9, -4), part(5, -1)],
    ].map((parts) => joinParts(parts));
    expect(joined.map(({ bestTrade, worstTrade }) => [text(bestTrade), text(worstTrade)])).toEqual([
      ['9', '-4'],
      ['9', '-4'],
    ]);
    expect(joined.map(({ sums }) => sums.depositsKnown)).toEqual([false, false]);
  });

  test('a day with a closed trade that netted nothing is a day', () => {
    const days = new Map([
      ['2026-01-01', day('0', 1, 0)],
      ['2026-01-02', day('0', 0, 1)],
    ]);
    expect(joinParts([{ ...NOTHING, days }]).days.size).toBe(2);
    expect([NO_DAY, ...days.values()].map(isNothing)).toEqual([true, false, false]);
  });
});

const header = { accountId: 'main', eventId: null, source: null, occurredAt: 7 };
const flow = (type: CashFlowType, amount: string, symbol: string | null = null): CashFlow => ({
  ...header,
  ...{ kind: 'account.cash_flow', type, amount: d(amount), currency: null, symbol },
});
const reconciled = (reported: string, opening: boolean, occurredAt: number): WalletReconciled => ({
  ...header,
  ...{ kind: 'account.reconciliation', occurredAt, opening },
  // What it came to when it was told says nothing: a later fact of an earlier time may have changed it.
  ...{ booked: d(0), reported: d(reported), difference: d(777) },
});
const entries = (...facts: LedgerEntry['fact'][]): LedgerEntry[] =>
  facts.map((fact, i) => ({ version: i + 1, role: 'fact', receivedAt: 0, fact }));

function told({ flows, bookings }: Money) {
  return {
    flows: flows.map(({ flow: { version, type, amount }, known }) => [version, type, text(amount), known]),
    bookings: bookings.map(({ version, kind, amount, symbol }) => [version, kind, text(amount), symbol]),
  };
}

describe('what facts about money come to', () => {
  test('flows for deposits and withdrawals, bookings for fees and funding, nothing for trades', () => {
    const money = moneyOf(
      entries(
        flow('DEPOSIT', '100'),
        flow('WITHDRAWAL', '30'),
        flow('FEE', '2'),
        flow('FUNDING', '-3', 'BTCUSDT'),
        opened({ id: 't', at: 1, qty: 1, price: 1 }),
      ),
    );
    expect(told(money)).toEqual({
      flows: [
        [1, 'DEPOSIT', '100', true],
        [2, 'WITHDRAWAL', '-30', false],
      ],
      bookings: [
        [3, 'fee', '-2', null],
        [4, 'funding', '-3', 'BTCUSDT'],
      ],
    });
    expect(money.moves.map(({ at, amount }) => [at, text(amount)])).toEqual([
      [7, '100'],
      [7, '-30'],
      [7, '-2'],
      [7, '-3'],
    ]);
    expect(adopted(money)).toEqual({ reconciledAt: null, openingAt: null });
  });
});

describe('an adopted wallet', () => {
  test('comes to what the exchange said less all that moved up to then, the opening as a flow', () => {
    const money = moneyOf(
      entries(
        reconciled('250', true, 5),
        reconciled('240', false, 9),
        flow('DEPOSIT', '100'),
        { ...flow('DEPOSIT', '50'), eventId: 'initial-cash', occurredAt: 99 },
        { ...flow('FEE', '1'), occurredAt: 10 },
      ),
    );
    // By 5: the 50 of the beginning and 20 of a trade, 250 − 70 = 180. By 9: 250 + 100 of the deposit at 7, 240 − 350 = −110.
    const found = told(settled(money, [{ at: 5, amount: d(20) }]));
    expect(found.flows).toContainEqual([1, 'OPENING', '180', true]);
    expect(found.bookings).toEqual([
      [5, 'fee', '-1', null],
      [2, 'reconciliation', '-110', null],
    ]);
    expect(adopted(money)).toEqual({ reconciledAt: 9, openingAt: 5 });
  });

  test('counts at its own time, in whatever order statements and moves were told', () => {
    const money = moneyOf(
      entries(
        reconciled('240', false, 9),
        reconciled('250', false, 5),
        reconciled('260', false, 7),
        flow('DEPOSIT', '1'),
      ),
    );
    const moves = [
      { at: 8, amount: d(2) },
      { at: 3, amount: d(50) },
    ];
    const found = told(settled(money, moves));
    // By 5: 250 − 50. By 7: 260 − 251, the deposit being of 7. By 9: 240 − 262.
    expect(found.bookings.map(([version, , amount]) => [version, amount])).toEqual([
      [2, '200'],
      [3, '9'],
      [1, '-22'],
    ]);
    expect(found.flows).toEqual([[4, 'DEPOSIT', '1', true]]);
    expect(adopted(money).reconciledAt).toBe(7);
  });

  test('of one moment with another counts by its version, even read backwards', () => {
    const money = moneyOf(entries(reconciled('3', false, 5), reconciled('4', false, 5)));
    const backwards = settled({ ...money, statements: [...money.statements].reverse() }, []);
    expect(told(backwards).bookings.map(([version, , amount]) => [version, amount])).toEqual([
      [1, '3'],
      [2, '1'],
    ]);
  });

  test('of one moment with another counts in the order of the ledger', () => {
    const money = settled(moneyOf(entries(reconciled('3', false, 5), reconciled('4', false, 5))), []);
    expect(told(money).bookings.map(([, , amount]) => amount)).toEqual(['3', '1']);
  });
});
