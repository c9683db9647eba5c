import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../src/config.js';
import { createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { Table } from '../../src/database/table.js';
import { Decimal } from '../../src/shared/decimal.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';

interface Row {
  readonly place: number;
  readonly word: string | null;
  readonly size: Decimal | null;
  readonly seenAt: number | null;
  readonly flag: boolean | null;
  readonly day: string | null;
}

const ROWS = new Table<Row>({
  name: 'rows',
  key: ['place'],
  columns: {
    ...{ place: 'integer', word: 'text', size: 'decimal', seen_at: 'micros', flag: 'flag', day: 'day' },
  },
});
const SQL = `CREATE TABLE rows (account_id text, place bigint, word text, size numeric, seen_at timestamptz, flag boolean, day date,
  PRIMARY KEY (account_id, place))`;

const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });
/** Postgres has no letter for zero. */
const word = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', ''));
const size = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.stringMatching(/^\d{1,18}$/))
  .map(([whole, fraction]) => Decimal.stored(`${whole}.${fraction}`));
const micros = fc.integer({ min: -2_000_000_000_000_000, max: 4_000_000_000_000_000 });
const day = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const rows = fc
  .array(
    fc.record({
      ...{ word: orNull(word), size: orNull(size), seenAt: orNull(micros) },
      ...{ flag: orNull(fc.boolean()), day: orNull(day) },
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((some) => some.map((row, place) => ({ place, ...row })));

describe('the text of a row', () => {
  let postgres: TestDatabase;
  let source: DataSource;
  let database: Database;

  beforeAll(async () => {
    postgres = await createDatabase();
    await postgres.query(SQL);
    const env = { PORTFOLIO_DATABASE_URL: postgres.url };
    source = await createDataSource(readConfig({ databaseOnly: true }, env)).initialize();
    database = new Database(source);
  });
  afterAll(async () => {
    await source.destroy();
    await postgres.drop();
  });

  const stored = async (accountId: string): Promise<string[]> => {
    const condition = 'account_id = $1 ORDER BY place';
    const texts = await ROWS.texts(database, { by: 'account_id', condition, values: [accountId] });
    return texts.get(accountId) ?? [];
  };

  test('is the same from memory and from the database, whatever a row says', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        await postgres.query('DELETE FROM rows');
        await database.transaction((tx) =>
          ROWS.upsert(
            tx,
            some.map((row) => ({ accountId: 'main', row })),
          ),
        );
        expect(await stored('main')).toEqual(some.map((row) => ROWS.textOf(row)));
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['a word and none', { word: '' }, { word: null }],
    ['the letters of null', { word: 'null' }, { word: null }],
    ['a size and a larger one', { size: Decimal.parse('1.5') }, { size: Decimal.parse('1.51') }],
    ['a moment and the next', { seenAt: 1_700_000_000_000_000 }, { seenAt: 1_700_000_000_000_001 }],
    ['yes and no', { flag: true }, { flag: false }],
    ['what one column says and another', { word: 'true' }, { flag: true }],
  ])('tells %s apart', (_, one, other) => {
    const nothing: Row = { place: 1, word: null, size: null, seenAt: null, flag: null, day: null };
    expect(ROWS.textOf({ ...nothing, ...one })).not.toBe(ROWS.textOf({ ...nothing, ...other }));
  });

  test('is grouped by the column that was asked for', async () => {
    await postgres.query(
      `INSERT INTO rows (account_id, place, word) VALUES ('one', 1, 'a'), ('one', 2, 'b'), ('other', 1, 'c')`,
    );
    const both = {
      by: 'account_id',
      condition: 'account_id = ANY($1) ORDER BY place',
      values: [['one', 'other']],
    };
    const texts = await ROWS.texts(database, both);
    expect([...texts].map(([name, own]) => [name, own.length]).sort()).toEqual([
      ['one', 2],
      ['other', 1],
    ]);
  });
});
