import fc from 'fast-check';
import type { TradeClosed } from '../../../src/ledger/facts.js';
import { keysOf } from '../../../src/ledger/identity.js';
import { closesInOrder, foldTrades, levelsInOrder } from '../../../src/positions/domain/fold-trades.js';
import type { LevelRow, TradeFact } from './facts.js';
import { closed, d, entryOf, holding, identified, opened, text } from './facts.js';
import { facts } from './arrivals.js';
import { booked, doubted, held, ledger } from './ledger.js';
import { bookRows, rowsOf, symbolFacts } from './rows.js';

const A = opened({ id: 'A', at: 1, qty: 2, price: 100, fee: 1 });
const B = opened({ id: 'B', at: 2, qty: 3, price: 110 });
const ADOPTED = 'reconciliation:LONG:1970-01-01T00:00:00.000005+00:00';

describe('what the exchange says it holds', () => {
  test('opens what is missing at the price that makes the average its own', () => {
    const told = ledger([A, holding({ at: 5, long: ['5', '104'] })]);
    // 5 × 104 − 2 × 100 = 320 for 3.
    expect(held(told)).toEqual(['5', '520', 2]);
    expect(told.trade(ADOPTED)).toMatchObject({ openedVersion: 2, entryFrom: 'reconciliation', openedAt: 5 });
    expect(text(told.trade(ADOPTED).costBasis)).toBe('320');
    expect(text(told.trade(ADOPTED).entryPrice)).toBe('106.666666666666666667');
    expect(booked(told)).toEqual([[1, 'A', '2', '-1']]);
  });

  test('opens it at the exchange’s own price where no cost above zero would make that average', () => {
    const told = ledger([A, holding({ at: 5, long: ['3', '50'] })]);
    expect(held(told)).toEqual(['3', '250', 2]);
  });

  test('opens it at that price beside trades whose price nobody told', () => {
    const told = ledger([
      opened({ id: 'M', at: 1, qty: 1, price: null }),
      holding({ at: 5, long: ['3', '50'] }),
    ]);
    expect(held(told)).toEqual(['3', '100', 2]);
  });

  test('opens nothing without a price, and says nothing of a side it does not tell', () => {
    const told = ledger([A, holding({ at: 5, long: ['3', null], short: [null, null] })]);
    expect([held(told), held(told, 'SHORT')]).toEqual([
      ['2', '200', 1],
      ['0', '0', 0],
    ]);
  });

  test('closes what is too much, the oldest first, books nothing, and calls it neither won nor lost', () => {
    const told = ledger([A, B, holding({ at: 5, long: ['2', '110'], short: ['0', null] })]);
    expect(held(told)).toEqual(['2', '220', 1]);
    expect(told.trade('A')).toMatchObject({
      ...{ status: 'CLOSED', closedAt: 5, pnlUnknown: true, closeReason: 'reconciliation', closes: 1 },
      ...{ exitPrice: null, realizedPnl: d('-1'), feeAttributed: d('1') },
    });
    expect(told.trade('B')).toMatchObject({ status: 'OPEN', remaining: d('2'), closedAt: null });
    expect(booked(told)).toEqual([
      [1, 'A', '2', '-1'],
      [3, 'A', '2', '0'],
      [3, 'B', '1', '0'],
    ]);
    expect(told.realized).toBe('-1');
  });

  test('closes first what it opened itself: it has no trade behind it', () => {
    const told = ledger([
      A,
      holding({ at: 5, long: ['5', '104'] }),
      opened({ id: 'late-stamped', at: 6, qty: 3, price: 107 }),
      holding({ at: 9, long: ['5', '104'] }),
    ]);
    expect(held(told)).toEqual(['5', '521', 2]);
    expect(told.trade(ADOPTED).status).toBe('CLOSED');
  });

  test('lets what it opened average: more, less, and another price are always the exchange’s', () => {
    const told = (rows: LevelRow[]) => held(ledger(rows.map(holding)), 'SHORT');
    const first: LevelRow = { at: 5, short: ['1', '100'] };
    const more: LevelRow = { at: 6, short: ['4', '103'] };
    const less: LevelRow = { at: 7, short: ['3', '103'] };
    const other: LevelRow = { at: 8, short: ['3', '102'] };
    expect(told([first, more])).toEqual(['4', '412', 1]);
    expect(told([first, more, less])).toEqual(['3', '309', 1]);
    expect(told([first, more, less, other])).toEqual(['3', '306', 1]);
    expect(told([first, more, less, other, { at: 9, short: ['0', null] }])).toEqual(['0', '0', 0]);
  });

  test('is closed by a close that names no trade, at its average and in parts', () => {
    const told = ledger([
      holding({ at: 5, long: ['4', '100'] }),
      closed({ at: 6, qty: 1, exit: 110 }),
      closed({ at: 7, qty: 3, exit: 90 }),
    ]);
    expect(held(told)).toEqual(['0', '0', 0]);
    expect(booked(told)).toEqual([
      [2, ADOPTED, '1', '10'],
      [3, ADOPTED, '3', '-30'],
    ]);
    expect(told.trade(ADOPTED).pnlUnknown).toBe(false);
  });

  test('is gone when the open, or the close, that was missed comes with an earlier time', () => {
    const level = holding({ at: 5, long: ['5', '104'] });
    expect(held(ledger([A, level, opened({ id: 'missed', at: 3, qty: 3, price: 107 })]))).toEqual([
      '5',
      '521',
      2,
    ]);
    const flat = holding({ at: 5, long: ['0', null] });
    const late = ledger([A, flat, closed({ id: 'A', at: 4, exit: 105 })]);
    // (105 − 100) × 2, its fee was booked at the open.
    expect([late.realized, late.trade('A').pnlUnknown]).toEqual(['9', false]);
  });

  test('leaves a close that is stamped after it nothing to close', () => {
    const told = ledger([
      A,
      holding({ at: 5, long: ['0', null] }),
      closed({ id: 'A', at: 6, exit: 105, qty: 2 }),
    ]);
    expect(doubted(told)).toEqual([[3, 'over_close', '2']]);
    expect(told.realized).toBe('-1');
  });

  test('a close that names what only the exchange told of is judged by the fold', () => {
    const book = ledger([holding({ at: 5, long: ['1', '100'] })]).book;
    const close = identified(entryOf(closed({ id: ADOPTED, at: 9, exit: 101 }), 2));
    expect(closesInOrder(book, close, book.open.get(ADOPTED)!)).toBe(false);
  });

  test('comes after what happened at its moment, and before what came later', () => {
    const book = ledger([A, holding({ at: 5, long: ['2', '100'] })]).book;
    const at = (time: number) => levelsInOrder(book, holding({ at: time }));
    expect([at(4), at(5), at(6)]).toEqual([false, false, true]);
    expect(levelsInOrder(ledger([A, B]).book, holding({ at: 2 }))).toBe(true);
    expect(levelsInOrder(ledger([A, B]).book, holding({ at: 1 }))).toBe(false);
  });
});

/** Trade facts and statements of one symbol, each trade told once, so that versions do not matter to who is first. */
const entries = fc
  .array(facts, { maxLength: 14 })
  .map((all) => all.filter((fact) => fact.kind !== 'trade.opened' || all.find(sameOpen(fact)) === fact))
  .map((all) =>
    all.filter((fact) => fact.kind !== 'position.reconciliation' || all.find(sameLevel(fact)) === fact),
  )
  .map((all) => all.filter((fact) => fact.kind !== 'trade.closed' || all.find(sameClose(fact)) === fact))
  .map((all) => all.map((fact, i) => entryOf(fact, i + 1)));
/** The ledger takes no key twice. */
const sameClose = (one: TradeClosed) => (other: TradeFact) =>
  other.kind === 'trade.closed' && keysOf(other).some((key) => keysOf(one).includes(key));
const sameOpen = (one: TradeFact) => (other: TradeFact) =>
  one.kind === 'trade.opened' && other.kind === 'trade.opened' && one.tradeId === other.tradeId;
const sameLevel = (one: TradeFact) => (other: TradeFact) =>
  other.kind === 'position.reconciliation' && one.occurredAt === other.occurredAt;

describe('laws of statements among trades', () => {
  test('any order of arrival gives the same rows', () => {
    fc.assert(
      fc.property(
        entries.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([all, shuffled]) => {
          const [one, other] = [all, shuffled].map((some) => foldTrades(symbolFacts(some)));
          expect([rowsOf(one!.changes), bookRows(one!.book)]).toEqual([
            rowsOf(other!.changes),
            bookRows(other!.book),
          ]);
        },
      ),
    );
  });

  test('a last, complete statement is what is held, and a flat one costs nothing', () => {
    const last = fc.tuple(fc.constantFrom('0', '0.5', '2', '7'), fc.constantFrom('0', '1.5'));
    fc.assert(
      fc.property(entries, last, (all, [long, short]) => {
        const level = entryOf(holding({ at: 99, long: [long, '10'], short: [short, '12'] }), 99);
        const { book, changes } = foldTrades(symbolFacts([...all, level]));
        expect([text(book.holding('LONG').quantity), text(book.holding('SHORT').quantity)]).toEqual([
          long,
          short,
        ]);
        if (long === '0') expect(text(book.holding('LONG').costBasis)).toBe('0');
        const won = [...changes.bookings].filter(({ after }) => after!.version === 99);
        expect(won.every(({ after }) => after!.amount!.isZero())).toBe(true);
      }),
    );
  });
});
