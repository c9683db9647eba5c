import { applyLevel } from '../../../src/positions/domain/apply-level.js';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import type { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { LevelRow, TradeFact } from '../positions/facts.js';
import { closed, d, entryOf, holding, opened, text } from '../positions/facts.js';
import { held, ledger } from '../positions/ledger.js';

const LOT = opened({ id: 'A', at: 1, qty: 2, price: 100 });
const ADOPTED = 'reconciliation:LONG:1970-01-01T00:00:00.000005+00:00';

/** Applies a statement to a book as a command does: to changes of its own. */
function applied(book: SymbolBook, row: LevelRow) {
  const changes = new TradeChanges();
  return { touched: applyLevel(book, entryOf(holding(row), 9), changes), changes };
}

describe('a statement of the exchange', () => {
  it('touches no trade where it agrees with what is held, or says nothing', () => {
    const { touched, changes } = applied(ledger([LOT]).book, { at: 5, long: ['2', '100'] });
    expect([touched, changes.isEmpty]).toEqual([[], true]);
  });

  it('says nothing of a side by a price without a size', () => {
    const { touched } = applied(ledger([LOT]).book, { at: 5, long: [null, '90'], short: [null, '90'] });
    expect(touched).toEqual([]);
  });

  it('closes of what it opened itself no more than there is, and the rest of the oldest trades', () => {
    const facts: TradeFact[] = [
      holding({ at: 5, long: ['3', '100'] }),
      opened({ id: 'B', at: 6, qty: 3, price: 107 }),
      holding({ at: 9, long: ['1', '107'] }),
    ];
    const told = ledger(facts);
    // 3 + 3 − 1 = 5 too much: all 3 of its own, and 2 of B.
    expect(told.trade(ADOPTED)).toMatchObject({ status: 'CLOSED', remaining: d('0'), closes: 1 });
    expect(told.trade('B')).toMatchObject({ status: 'OPEN', remaining: d('1'), closes: 1 });
    expect(held(told)).toEqual(['1', '107', 1]);
  });

  it('takes its own price where one trade of the side has none, whatever the others cost', () => {
    const unpriced = opened({ id: 'M', at: 2, qty: 1, price: null });
    const told = ledger([LOT, unpriced, holding({ at: 5, long: ['5', '110'] })]);
    expect(text(told.trade(ADOPTED).entryPrice)).toBe('110');
  });

  it('averages beside a trade of the other side that has no price', () => {
    const unpriced = opened({ id: 'M', at: 2, side: 'SHORT', qty: 1, price: null });
    const told = ledger([LOT, unpriced, holding({ at: 5, long: ['3', '110'] })]);
    // 3 × 110 − 2 × 100 for the one that is missing.
    expect(text(told.trade(ADOPTED).entryPrice)).toBe('130');
  });

  it('changes the trade that averages, and opens no other beside it', () => {
    const { book } = ledger([holding({ at: 5, long: ['1', '100'] })]);
    const stood = book.open.get(ADOPTED)!;
    const { touched, changes } = applied(book, { at: 6, long: ['4', '103'] });
    expect([...changes.trades]).toEqual([{ before: stood, after: touched[0] }]);
  });
});

describe('what a statement closes', () => {
  const told = () => ledger([LOT, holding({ at: 5, long: ['0', null] })]);

  it('books zero on a line of its own: a size that no close told, its entry, and nothing that nobody said', () => {
    const booked = told().bookings.filter(({ version }) => version === 2);
    expect(booked).toEqual([
      {
        ...{ version: 2, tradeId: 'A', kind: 'reconciliation', symbol: LOT.symbol, occurredAt: 5 },
        ...{ quantity: d('2'), quantityDerived: true, entryPrice: d('100'), exitPrice: null },
        ...{ fee: null, openingFee: null, reported: null, computed: null, amount: d('0') },
      },
    ]);
  });

  it('was closed last by the statement of that moment', () => {
    expect(told().trade('A')).toMatchObject({ lastCloseAt: 5, lastCloseKey: 'holding:5' });
  });
});

describe('the cost of what a statement opened', () => {
  it('goes with the part that a close takes, and what is left keeps its share', () => {
    const told = ledger([holding({ at: 5, long: ['4', '100'] }), closed({ at: 6, qty: 1, exit: 110 })]);
    expect(held(told)).toEqual(['3', '300', 1]);
  });

  it('is exactly zero when all is closed, however many places it had', () => {
    // 0.3 × 100.000000000000000001 has 19 places, one more than a quotient.
    const price = '100.000000000000000001';
    const told = ledger([holding({ at: 5, long: ['0.3', price] }), holding({ at: 6, long: ['0', null] })]);
    expect(text(told.trade(ADOPTED).costBasis)).toBe('0');
  });
});
