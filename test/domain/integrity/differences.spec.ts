import { compareRow, inOrder } from '../../../src/integrity/domain/differences.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { AuditedTable } from '../../../src/shared/row-pairs.js';
import { pairRows } from '../../../src/shared/row-pairs.js';
import { atOnce } from '../../../src/shared/turns.js';

const found = (tables: readonly AuditedTable[]) =>
  atOnce(inOrder(tables.flatMap(({ table, rows }) => rows.map((pair) => compareRow(table, pair)))));
const differencesIn = (tables: readonly AuditedTable[]) => found(tables).differences;
const canonicalLines = (tables: readonly AuditedTable[]) => found(tables).lines;
const price = (text: string): Decimal => Decimal.parse(text);
const row = (tradeId: string, entryPrice: string, closedAt: number | null = null) => ({
  accountId: 'main',
  tradeId,
  entryPrice: price(entryPrice),
  closedAt,
});
const keyOf = ({ tradeId }: { readonly tradeId: string }) => tradeId;
const trades = (stored: ReturnType<typeof row>[], expected: ReturnType<typeof row>[]) =>
  pairRows('trades', keyOf, stored, expected);

describe('rows held against the ledger', () => {
  test('equal rows differ in nothing, whoever owns them and however a number was written', () => {
    const expected = [{ tradeId: 'a', entryPrice: price('1.50'), closedAt: 0 }];
    expect(differencesIn([pairRows('trades', keyOf, [row('a', '1.5', 0)], expected)])).toEqual([]);
  });

  test('a changed row shows the columns that differ, numbers as text and moments as ISO', () => {
    expect(differencesIn([trades([row('a', '1', 1_000_000)], [row('a', '2', 2_000_000)])])).toEqual([
      {
        table: 'trades',
        key: 'a',
        kind: 'changed',
        stored: { closed_at: '1970-01-01T00:00:01.000000+00:00', entry_price: '1' },
        expected: { closed_at: '1970-01-01T00:00:02.000000+00:00', entry_price: '2' },
      },
    ]);
  });

  test('a value that one side does not have at all is null', () => {
    const pair = { key: 'a', stored: { side: 'LONG' }, expected: { side: 'LONG', model: undefined } };
    expect(differencesIn([{ table: 'trades', rows: [pair] }])).toEqual([]);
    const told = { key: 'a', stored: { side: 'LONG' }, expected: { side: 'LONG', model: 'x' } };
    expect(differencesIn([{ table: 'trades', rows: [told] }])).toMatchObject([
      { stored: { model: null }, expected: { model: 'x' } },
    ]);
    expect(
      differencesIn([{ table: 'trades', rows: [{ ...told, stored: told.expected, expected: told.stored }] }]),
    ).toMatchObject([{ stored: { model: 'x' }, expected: { model: null } }]);
  });

  test('missing and surplus rows are shown whole, in the order of tables and keys', () => {
    const differing = differencesIn([
      trades([row('z', '1'), row('b', '1')], [row('a', '1')]),
      pairRows('bookings', keyOf, [], [row('q', '1')]),
      { table: 'ledger', rows: [{ key: '1', stored: null, expected: null }] },
    ]);
    expect(differing.map(({ table, key, kind }) => `${table} ${key} ${kind}`)).toEqual([
      'bookings q missing',
      'trades a missing',
      'trades b surplus',
      'trades z surplus',
    ]);
    expect(differing[1]).toMatchObject({ stored: null, expected: { trade_id: 'a', entry_price: '1' } });
    expect(differing[2]).toMatchObject({ stored: { trade_id: 'b' }, expected: null });
  });
});

describe('canonical lines', () => {
  // A shape of row that no other test has: what the columns of a shape are is found out once.
  test('name columns as the table does, in alphabetical order, moments as ISO and counts as they are', () => {
    const stored = { someLongName: 'x', openedAt: 500_000, anAmount: 3 };
    expect(compareRow('shapes', { key: 'k', stored, expected: null }).line).toBe(
      'shapes\t"k"\t{"an_amount":3,"opened_at":"1970-01-01T00:00:00.500000+00:00","some_long_name":"x"}',
    );
  });

  test('are the stored rows alone, the same in whatever order they were read', () => {
    const one = canonicalLines([trades([row('a', '1'), row('b', '2')], [row('c', '3')])]);
    const other = canonicalLines([trades([row('b', '2.0'), row('a', '1')], [])]);
    expect(one).toEqual(other);
    expect(one[0]).toBe('trades\t"a"\t{"closed_at":null,"entry_price":"1","trade_id":"a"}');
    expect(one).toHaveLength(2);
  });

  test('of equal tables with the same key twice keep both', () => {
    const twice = trades([row('a', '1')], []);
    expect(canonicalLines([twice, twice])).toHaveLength(2);
  });
});
