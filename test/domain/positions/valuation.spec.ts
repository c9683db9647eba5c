import fc from 'fast-check';
import type { Holding } from '../../../src/positions/domain/symbol-book.js';
import { NOTHING_HELD } from '../../../src/positions/domain/symbol-book.js';
import type { Mark } from '../../../src/positions/domain/valuation.js';
import { supersedes, SymbolValue, valueHolding, ValueSums } from '../../../src/positions/domain/valuation.js';
import type { OpenRow } from './facts.js';
import { closed, d, opened, text } from './facts.js';
import { ledger, nettedPositionsOf, positionsOf, worthOf } from './ledger.js';
import { LiveSymbol } from './live-symbol.js';

const markAt = (price: string, at = 50): Mark => ({ price: d(price), at, source: 'mark_price' });
const holding = (quantity: string, priced: string, costBasis: string): Holding => ({
  quantity: d(quantity),
  pricedQuantity: d(priced),
  costBasis: d(costBasis),
  trades: 1,
});
const valued = (side: 'LONG' | 'SHORT', held: Holding, mark?: Mark) => {
  const { notional, unrealized } = valueHolding(side, held, mark);
  return [text(notional), text(unrealized)];
};

describe('the value of what is held', () => {
  it('is quantity × mark, and the difference to its cost by side', () => {
    expect(valued('LONG', holding('2', '2', '84000'), markAt('42741.13'))).toEqual(['85482.26', '1482.26']);
    expect(valued('SHORT', holding('2', '2', '84000'), markAt('42741.13'))).toEqual(['85482.26', '-1482.26']);
  });

  it('is its cost without a mark, and nothing is unrealized', () => {
    expect(valued('SHORT', holding('2', '2', '84'))).toEqual(['84', '0']);
  });

  it('is not known without a mark as long as a price of a part is not', () => {
    expect(valued('LONG', holding('2', '1', '42'))).toEqual([null, null]);
  });

  it('counts what has no entry price in the notional only, and is unknown when nothing has one', () => {
    expect(valued('LONG', holding('2', '1', '42'), markAt('50'))).toEqual(['100', '8']);
    expect(valued('LONG', holding('2', '0', '0'), markAt('50'))).toEqual(['100', null]);
    expect(valued('LONG', NOTHING_HELD, markAt('50'))).toEqual(['0', '0']);
  });

  it('adds up both sides of a symbol, and leaves out what is not known', () => {
    const { book } = ledger([
      opened({ id: 'L', at: 1, qty: '2', price: '10' }),
      opened({ id: 'S', at: 1, side: 'SHORT', qty: '3', price: '11' }),
    ]);
    const { unrealized, long, short } = worthOf(book, markAt('12'));
    expect([unrealized, long, short].map(text)).toEqual(['1', '24', '36']); // 2 × 2 − 1 × 3
    const unpriced = ledger([
      opened({ id: 'L', at: 1, qty: '2', price: null }),
      opened({ id: 'S', at: 1, side: 'SHORT', qty: '3', price: null }),
    ]);
    expect(Object.values(worthOf(unpriced.book, undefined)).map(text)).toEqual(['0', '0', '0']);
  });

  it('is taken out of the sums as it was put in, and sums go on from others', () => {
    const { book } = ledger([
      opened({ id: 'L', at: 1, qty: '2', price: '10' }),
      opened({ id: 'S', at: 1, side: 'SHORT', qty: '3', price: '11' }),
    ]);
    const sums = ValueSums.from({ unrealized: d(10), long: d(100), short: d(50) });
    const sumsAfter = (change: 'add' | 'subtract', price: string) => {
      sums[change](SymbolValue.of(book, markAt(price)));
      return Object.values(sums.totals).map(text);
    };
    expect(sumsAfter('add', '12.5')).toEqual(['10.5', '125', '87.5']); // 2 × 2.5 − 3 × 1.5
    expect(sumsAfter('add', '9')).toEqual(['14.5', '143', '114.5']); // 2 × −1 + 3 × 2
    expect(sumsAfter('subtract', '12.5')).toEqual(['14', '118', '77']);
  });

  it('is that of a book as long as it holds the same', () => {
    const { book } = ledger([opened({ id: 'L', at: 1, qty: '2', price: '10' })]);
    const value = SymbolValue.of(book, markAt('12'));
    expect([value.isOf(book), value.isOf(book.clone())]).toEqual([true, true]);
    const changed = (side: 'LONG' | 'SHORT') =>
      ledger([
        opened({ id: 'L', at: 1, qty: '2', price: '10' }),
        opened({ id: 'M', at: 1, side, qty: '1', price: '10' }),
      ]).book;
    expect([value.isOf(changed('LONG')), value.isOf(changed('SHORT'))]).toEqual([false, false]);
  });
});

describe('a mark that would take the place of another', () => {
  const ranks: Record<string, number> = { mark_price: 0, 'market.tick': 1, 'exchange.raw': 5 };
  const takes = (next: Partial<Mark>, current: Partial<Mark> | undefined, staleBefore = 0) => {
    const mark = { price: d(1), at: 10, source: 'market.tick' as const };
    return supersedes(
      { ...mark, ...next },
      current && { ...mark, ...current },
      (source) => ranks[source]!,
      staleBefore,
    );
  };

  it('is taken when there was none, when it is newer, and when it is of the same moment', () => {
    expect([takes({}, undefined), takes({ at: 11 }, {}), takes({ at: 10 }, {})]).toEqual([true, true, true]);
  });

  it('is ignored when it is older, be it of a better source or the other stale', () => {
    expect([
      takes({ at: 9 }, {}),
      takes({ at: 9, source: 'mark_price' }, {}),
      takes({ at: 9 }, {}, 99),
    ]).toEqual([false, false, false]);
  });

  it('of a worse source waits until the better one is stale', () => {
    expect(takes({ at: 60, source: 'exchange.raw' }, { source: 'mark_price' }, 10)).toBe(false);
    expect(takes({ at: 60, source: 'exchange.raw' }, { source: 'mark_price' }, 11)).toBe(true);
    expect(takes({ at: 60, source: 'mark_price' }, { source: 'exchange.raw' })).toBe(true);
  });
});

describe('positions', () => {
  const positionsOfRows = (rows: OpenRow[], mark?: Mark, staleBefore = 0) =>
    positionsOf(ledger(rows.map(opened)).book, mark, staleBefore);
  const LONG = { id: 'A', at: 1, qty: '2', price: '42000' };

  it('are sums of open trades with their average price, longs before shorts', () => {
    const rows = [
      { id: 'S', at: 5, side: 'SHORT' as const, qty: '1', price: '43000' },
      LONG,
      { id: 'B', at: 3, qty: '1', price: '42300' },
    ];
    const [long, short, ...more] = positionsOfRows(rows, markAt('42741.13'));
    expect(long).toMatchObject({
      symbol: 'BTCUSDT',
      side: 'LONG',
      openTrades: 2,
      openedAt: 1,
      priceAt: 50,
      priceSource: 'mark_price',
    });
    // (2 × 42000 + 42300) ÷ 3 = 42100; 3 × 42741.13 = 128223.39; − 126300 = 1923.39; ÷ 126300 × 100.
    expect([long!.size, long!.entryPrice, long!.costBasis, long!.currentPrice].map(text)).toEqual([
      '3',
      '42100',
      '126300',
      '42741.13',
    ]);
    expect([long!.exposure, long!.unrealizedPnl].map(text)).toEqual(['128223.39', '1923.39']);
    expect(text(long!.unrealizedPnlPct)).toBe('1.522874109263657957');
    expect([short!.side, text(short!.size), text(short!.unrealizedPnl)]).toEqual(['SHORT', '1', '258.87']);
    expect(more).toEqual([]);
  });

  it('are stale by the mark that they are valued at', () => {
    const { book } = ledger(
      [LONG, { id: 'S', at: 5, side: 'SHORT' as const, qty: '1', price: '43000' }].map(opened),
    );
    expect(positionsOf(book, markAt('43000'), 51)[0]!.priceStale).toBe(true);
    expect(positionsOf(book, markAt('43000'), 50)[0]!.priceStale).toBe(false);
  });

  it('show the unlevered percent that the definition gives', () => {
    const [position] = positionsOfRows([{ ...LONG, leverage: '10' }], markAt('42741.13'));
    expect(text(position!.unrealizedPnlPct!.rounded(2))).toBe('1.76');
  });

  it('are valued at their entry price without a mark, and say so', () => {
    const [position] = positionsOfRows([LONG]);
    expect(position).toMatchObject({
      priceSource: 'entry',
      priceAt: null,
      priceStale: false,
      entryUnknown: false,
    });
    expect(
      [position!.currentPrice, position!.unrealizedPnl, position!.unrealizedPnlPct, position!.exposure].map(
        text,
      ),
    ).toEqual(['42000', '0', '0', '84000']);
  });

  it('are null where nobody knows a price', () => {
    const [position] = positionsOfRows([{ ...LONG, price: null }]);
    const { entryPrice, currentPrice, unrealizedPnl, unrealizedPnlPct, exposure, entryUnknown } = position!;
    expect([entryPrice, currentPrice, unrealizedPnl, unrealizedPnlPct, exposure]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect([entryUnknown, text(position!.costBasis)]).toEqual([true, '0']);
  });

  it('say that an entry price is not known also while a mark stands in for it', () => {
    const { book } = ledger([opened({ ...LONG, price: null })], { A: '100' });
    const [position] = positionsOf(book, markAt('110'), 0);
    expect([position!.entryUnknown, text(position!.entryPrice), text(position!.unrealizedPnl)]).toEqual([
      true,
      '100',
      '20',
    ]);
  });

  it('are stale when their mark is older than the limit, not when it is as old', () => {
    expect([
      positionsOfRows([LONG], markAt('1', 50), 50)[0]!.priceStale,
      positionsOfRows([LONG], markAt('1', 49), 50)[0]!.priceStale,
    ]).toEqual([false, true]);
  });

  it('have the leverage their trades agree on, else the average by size, else none', () => {
    const leverage = (...told: (string | null)[]) =>
      text(
        positionsOfRows(told.map((value, i) => ({ ...LONG, id: `T${i}`, qty: i + 1, leverage: value })))[0]!
          .leverage,
      );
    expect([leverage(null), leverage('5', '5.0', null), leverage(null, '3', '8')]).toEqual([null, '5', '6']); // (2 × 3 + 3 × 8) ÷ 5
  });

  it('have the category of the latest trade that tells one, whatever came first', () => {
    const told = (at: number, category: string | null, id = `T${at}`) => ({ ...LONG, id, at, category });
    const categoryOf = (rows: OpenRow[]) => positionsOfRows(rows)[0]!.category;
    expect(categoryOf([told(1, 'CORE'), told(2, 'TOXIC'), told(3, null)])).toBe('TOXIC');
    expect(categoryOf([told(1, null)])).toBeNull();
    // Two that opened in one microsecond: one of them, always the same.
    expect(categoryOf([told(1, 'CORE', 'A'), told(1, 'TOXIC', 'B')])).toBe(
      categoryOf([told(1, 'TOXIC', 'B'), told(1, 'CORE', 'A')]),
    );
  });

  it('do not depend on the order in which their trades arrived', () => {
    const rows = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('A', 'B', 'C'),
        at: fc.nat(3),
        category: fc.option(fc.constantFrom('CORE', 'TOXIC')),
        leverage: fc.option(fc.constantFrom('2', '3')),
      }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(rows, (told) => {
        const facts = told.map((row) => opened({ ...row, qty: '1', price: '10' }));
        const shown = (arrived: typeof facts) => {
          const symbol = new LiveSymbol();
          for (const fact of arrived) symbol.take(fact);
          return JSON.stringify(positionsOf(symbol.book, undefined, 0));
        };
        expect(shown([...facts].reverse())).toBe(shown(facts));
      }),
      { numRuns: 300 },
    );
  });

  it('are none of a side that is flat', () => {
    const { book } = ledger([opened(LONG), closed({ id: 'A', at: 2, exit: '1' })]);
    expect(positionsOf(book, markAt('1'), 0)).toEqual([]);
  });
});

describe('both sides of a symbol as one position', () => {
  const sidesOf = (rows: OpenRow[], mark?: Mark) => positionsOf(ledger(rows.map(opened)).book, mark, 0);
  const long = (qty: string, price: string | null): OpenRow => ({
    id: 'L',
    at: 2,
    qty,
    price,
    leverage: '3',
  });
  const short = (qty: string, price: string | null): OpenRow => ({
    id: 'S',
    at: 1,
    side: 'SHORT',
    qty,
    price,
  });
  const netted = (rows: OpenRow[], mark?: Mark) => nettedPositionsOf(ledger(rows.map(opened)).book, mark);
  const money = ([position]: ReturnType<typeof netted>) => {
    const { side, size, costBasis, entryPrice, unrealizedPnl, unrealizedPnlPct, exposure } = position!;
    return [side, ...[size, costBasis, entryPrice, unrealizedPnl, unrealizedPnlPct, exposure].map(text)];
  };

  it('is what one side holds more, at what the two cost together', () => {
    // 5 × 10 − 2 × 12 = 26 for 3; unrealized 5 × 3 − 2 × 1 = 13 = 3 × 13 − 26.
    expect(money(netted([long('5', '10'), short('2', '12')], markAt('13')))).toEqual([
      ...['LONG', '3', '26', '8.666666666666666667', '13', '50', '39'],
    ]);
    // 4 × 12 − 1 × 10 = 38 for 3; unrealized 1 × 3 − 4 × 1 = −1 = 38 − 3 × 13.
    expect(money(netted([long('1', '10'), short('4', '12')], markAt('13')))).toEqual([
      ...['SHORT', '3', '38', '12.666666666666666667', '-1', '-2.631578947368421053', '39'],
    ]);
  });

  it('has the trades of both, the time of the older, and the rest from the side that is kept', () => {
    const [position] = netted([long('5', '10'), short('2', '12')], markAt('13'));
    expect(position).toMatchObject({
      openTrades: 2,
      openedAt: 1,
      entryUnknown: false,
      priceSource: 'mark_price',
    });
    expect(text(position!.leverage)).toBe('3');
  });

  it('is none when they cancel out, and the side itself when there is one', () => {
    expect(netted([long('2', '10'), short('2', '12')], markAt('13'))).toEqual([]);
    expect(netted([long('2', '10')], markAt('13'))).toEqual(sidesOf([long('2', '10')], markAt('13')));
    expect(netted([], markAt('13'))).toEqual([]);
    expect(money(netted([short('2', '12')]))[0]).toBe('SHORT');
  });

  it('has no percent of a cost that the other side more than paid', () => {
    // 3 × 10 − 2 × 20 = −10 for 1; unrealized 3 × 3 + 2 × 7 = 23 = 13 + 10.
    expect(money(netted([long('3', '10'), short('2', '20')], markAt('13')))).toEqual([
      ...['LONG', '1', '-10', '-10', '23', null, '13'],
    ]);
  });

  it('has no notional without any price, and no result while that of either side is not known', () => {
    expect(netted([long('5', null), short('2', null)])[0]).toMatchObject({
      currentPrice: null,
      exposure: null,
    });
    for (const rows of [
      [long('5', null), short('2', '12')],
      [long('5', '10'), short('2', null)],
    ]) {
      const [position] = netted(rows, markAt('13'));
      expect([position!.unrealizedPnl, position!.unrealizedPnlPct, position!.entryUnknown]).toEqual([
        null,
        null,
        true,
      ]);
      expect(text(position!.exposure)).toBe('39');
    }
  });

  it('has no entry price while that of either side is not known', () => {
    expect(netted([long('5', null), short('2', '12')], markAt('13'))[0]!.entryPrice).toBeNull();
    expect(netted([long('5', '10'), short('2', null)], markAt('13'))[0]!.entryPrice).toBeNull();
    expect(netted([long('5', null), short('2', null)])[0]!.entryPrice).toBeNull();
  });
});
