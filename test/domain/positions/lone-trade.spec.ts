import fc from 'fast-check';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import { foldTrades } from '../../../src/positions/domain/fold-trades.js';
import type { ToldWhole } from '../../../src/positions/domain/lone-trade.js';
import { SAME_MOMENT, applyAlone, standsAlone } from '../../../src/positions/domain/lone-trade.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type { Arrival } from './arrivals.js';
import { arrivals, fees, prices, sizes } from './arrivals.js';
import type { CloseRow, OpenRow } from './facts.js';
import { SYMBOL, closed, entryOf, identified, opened } from './facts.js';
import { LiveSymbol } from './live-symbol.js';
import { bookRows, rowsOf, symbolFacts } from './rows.js';

/** Facts lie so far apart here that what happens between two of them may stand alone. */
const STRIDE = 2 * SAME_MOMENT;
let aloneInAll = 0;

function whole(open: OpenRow, close: Omit<CloseRow, 'id'>): ToldWhole {
  return { opened: opened(open), closed: { ...closed({ ...close, id: open.id }), whole: true } };
}

const told = (since: number, until: number) =>
  whole({ id: 'W', at: since, qty: '2', price: '10' }, { at: until, exit: '12' });

describe('a trade stands alone', () => {
  const trade = told(100, 200);

  it.each([
    ['where nothing ties trades together', trade, null, true],
    ['when the next tie comes long after its end', trade, 200 + SAME_MOMENT + 1, true],
    ['not when a tie might be its end, told by somebody else', trade, 200 + SAME_MOMENT, false],
    ['not when a tie falls into its life', trade, 150, false],
    ['not when a tie falls onto its open', trade, 100, false],
    ['and a close dated before its open counts at the open', told(200, 100), 200 + SAME_MOMENT, false],
    [
      'not without its entry price',
      whole({ id: 'W', at: 100, qty: '2', price: null }, { at: 200, exit: '12' }),
      null,
      false,
    ],
    [
      'not when the close names another',
      { ...trade, closed: { ...trade.closed, tradeId: 'X' } },
      null,
      false,
    ],
    [
      'not when a part of it may be left',
      { ...trade, closed: { ...trade.closed, whole: false } },
      null,
      false,
    ],
  ])('%s', (_, of, next, expected) => {
    expect(standsAlone(of, next)).toBe(expected);
  });
});

describe('a trade that stands alone', () => {
  const keys = ['opened:W', 'closed:W:whole'];
  const place = () => {
    const { opened: open, closed: close } = told(100, 200);
    return { open: entryOf(open, 1), close: identified(entryOf(close, 2)) };
  };

  it('is opened and closed in one step', () => {
    const book = new SymbolBook(SYMBOL);
    const changes = new TradeChanges();
    expect(applyAlone(book, place(), keys, changes)).toBe(true);
    expect([...changes.trades].map(({ before, after }) => [before, after?.status])).toEqual([
      [null, 'CLOSED'],
    ]);
    expect([...book.open.keys()]).toEqual([]);
    expect(book.holding('LONG').quantity.toString()).toBe('0');
  });

  it('is left to the fold when a correction of it is awaited', () => {
    const book = new SymbolBook(SYMBOL);
    book.awaited = 'opened:V\nclosed:W:whole';
    const changes = new TradeChanges();
    expect(applyAlone(book, place(), keys, changes)).toBe(false);
    expect(changes.isEmpty).toBe(true);
  });

  it('is left to the fold when a close of it came before', () => {
    const symbol = new LiveSymbol();
    symbol.take(closed({ id: 'W', at: 150, qty: '1', exit: '11' }));
    const changes = new TradeChanges();
    expect(applyAlone(symbol.book, place(), keys, changes)).toBe(false);
    expect(changes.isEmpty).toBe(true);
  });
});

const apart = (arrival: Arrival): Arrival =>
  'fact' in arrival ? { fact: { ...arrival.fact, occurredAt: arrival.fact.occurredAt * STRIDE } } : arrival;

const wholes: fc.Arbitrary<ToldWhole> = fc
  .record({
    id: fc.constantFrom('A', 'V', 'W', 'X', 'Y', 'Z'),
    since: fc.integer({ min: 0, max: 24 }),
    into: fc.integer({ min: -1, max: 3 }),
    lasts: fc.constantFrom(-2, 0, 1, 1, 1, SAME_MOMENT, STRIDE),
    qty: sizes,
    side: fc.constantFrom('LONG' as const, 'SHORT' as const),
    entry: prices,
    exit: prices,
    fee: fc.option(fees),
  })
  .map(({ since, into, lasts, exit, ...row }) => {
    const at = since * STRIDE + into;
    const open = {
      id: row.id,
      at,
      side: row.side,
      qty: row.id === 'A' ? '2' : row.qty,
      price: row.entry,
      fee: row.fee,
    };
    return whole(open, { at: at + lasts, side: row.side, exit, fee: row.fee });
  });

const happened = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: arrivals.map((all) => all.map(apart)) },
    {
      weight: 3,
      arbitrary: fc.array(
        wholes.map((trade) => ({ trade })),
        { maxLength: 5 },
      ),
    },
  ),
  { maxLength: 6 },
);

describe('trades told whole among others', () => {
  let runs = 0;

  it('leave what the fold of all facts says, row for row', () => {
    fc.assert(
      fc.property(happened, (rounds) => {
        const symbol = new LiveSymbol();
        for (const arrival of rounds.flat()) {
          if ('trade' in arrival) symbol.takeWhole(arrival.trade);
          else if ('fact' in arrival) symbol.take(arrival.fact);
          else symbol.endBatch();
          if ('tick' in arrival) symbol.tick(arrival.tick);
          if ('process' in arrival) symbol.restart();
        }
        symbol.endBatch();
        const { book, changes } = foldTrades(symbolFacts(symbol.ledger, symbol.standIns));
        expect({ ...rowsOf(symbol.rows), ...bookRows(symbol.book) }).toEqual({
          ...rowsOf(changes),
          ...bookRows(book),
        });
        aloneInAll += symbol.tookAlone;
        runs += 1;
      }),
      { numRuns: Number(process.env['RUNS'] ?? 1_000) },
    );
    // However many runs there were: every other one at least took the short way.
    expect(aloneInAll).toBeGreaterThan(runs / 2);
  });
});
