import type { DataSource } from 'typeorm';
import { readConfig } from '../../../src/config.js';
import { createDataSource } from '../../../src/database/data-source.js';
import { Database, type Transaction } from '../../../src/database/database.js';
import type { LedgerEntry, TradeOpened } from '../../../src/ledger/facts.js';
import { foresee } from '../../../src/ledger/foresight.js';
import { keysOf, supplementKey } from '../../../src/ledger/identity.js';
import { appendEntries, claimKeys } from '../../../src/ledger/ledger-store.js';
import { knownEntries, placeOf } from '../../../src/ledger/known-entries.js';
import { Unit } from '../../../src/ledger/unit.js';
import { d, opened } from '../../domain/positions/facts.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';

const entryOf = (
  version: number,
  fact: TradeOpened,
  role: LedgerEntry['role'] = 'fact',
): LedgerEntry<TradeOpened> => ({ version, role, receivedAt: 1_000_000, fact });

/** Two accounts with trades of the same names; the second trade of the first one was told without a price, and then twice more. */
const TRADES = Array.from({ length: 50 }, (_nothing, at) =>
  opened({ id: `t${at + 1}`, at: at + 1, qty: 2, price: at === 1 ? null : 100 }),
);
const MORE = [
  opened({ id: 't2', at: 2, qty: 2, price: 101 }),
  opened({ id: 't2', at: 2, qty: 2, price: 102, leverage: 5 }),
];
/** Of the other account, and at a place that supplements have in the first one. */
const FOREIGN = { ...opened({ id: 't9', at: 9, qty: 2, price: 103, fee: 7 }), accountId: 'other' };
const OTHERS = TRADES.slice(0, 3).map((fact) => ({ ...fact, accountId: 'other' }));

describe('what the ledger knows of facts that are told again', () => {
  let postgres: TestDatabase;
  let source: DataSource;
  let database: Database;

  beforeAll(async () => {
    postgres = await createDatabase();
    const env = { PORTFOLIO_DATABASE_URL: postgres.url };
    source = await createDataSource(readConfig({ databaseOnly: true }, env)).initialize();
    await source.runMigrations();
    database = new Database(source);
    await database.transaction(async (tx) => {
      await appendEntries(tx, [
        ...TRADES.map((fact, at) => entryOf(at + 1, fact)),
        ...MORE.map((fact, at) => entryOf(TRADES.length + at + 1, fact, 'supplement')),
        ...OTHERS.map((fact, at) => entryOf(at + 1, fact)),
        entryOf(TRADES.length + 1, FOREIGN, 'supplement'),
      ]);
      const claims = (facts: readonly TradeOpened[]) =>
        facts.flatMap((fact, at) =>
          keysOf(fact).map((key) => ({ accountId: fact.accountId, key, version: at + 1 })),
        );
      const supplements = MORE.map((fact, at) => ({
        accountId: fact.accountId,
        key: supplementKey(fact, TRADES[1]),
        version: TRADES.length + at + 1,
      }));
      await claimKeys(tx, [...claims(TRADES), ...claims(OTHERS), ...supplements]);
    });
  });
  afterAll(async () => {
    await source.destroy();
    await postgres.drop();
  });

  const placesOf = (facts: readonly TradeOpened[]) =>
    facts.map(({ accountId }, at) => ({ accountId, version: at + 1 }));

  /** The same transaction, with the number of statements whose rows were waited for. */
  function counting(tx: Transaction): { tx: Transaction; asked: () => number } {
    let asked = 0;
    const query: Transaction['query'] = (statement, values) => ((asked += 1), tx.query(statement, values));
    return {
      tx: { query, send: (one) => tx.send(one), append: (...two) => tx.append(...two) },
      asked: () => asked,
    };
  }

  test('is asked for in two statements, however many they are', async () => {
    await database.transaction(async (real) => {
      const { tx, asked } = counting(real);
      const known = await knownEntries(tx, [...placesOf(TRADES), ...placesOf(TRADES), ...placesOf(OTHERS)]);
      expect(asked()).toBe(2);
      expect(known.size).toBe(TRADES.length + OTHERS.length);
      for (const [at, fact] of TRADES.entries())
        expect(known.get(placeOf({ accountId: 'main', version: at + 1 }))!.fact).toMatchObject({
          accountId: 'main',
          tradeId: fact.tradeId,
        });
    });
  });

  test('is not asked for again when they are accepted', async () => {
    await database.transaction(async (real) => {
      const { tx, asked } = counting(real);
      const unit = new Unit(tx, 0, new Map());
      unit.expect(await foresee(tx, TRADES));
      expect(asked()).toBe(3);
      for (const [at, fact] of TRADES.entries())
        expect(await unit.accept(fact)).toMatchObject({ outcome: 'duplicate', firstVersion: at + 1 });
      expect(asked()).toBe(3);
    });
  });

  test('holds what supplemented it, the first that told it', async () => {
    const known = await database.transaction((tx) =>
      knownEntries(tx, [...placesOf(TRADES), ...placesOf(OTHERS)]),
    );
    const at = (accountId: string, version: number) => known.get(placeOf({ accountId, version }));
    expect(at('main', 2)).toMatchObject({
      version: 2,
      role: 'fact',
      fact: { entryPrice: d(101), leverage: d(5), fee: null },
    });
    expect(at('other', 2)).toMatchObject({ fact: { entryPrice: null, leverage: null } });
    expect(at('main', 3)).toMatchObject({ fact: { entryPrice: d(100), leverage: null } });
  });

  test('is nothing when nothing is asked for, and asks nothing', async () => {
    await database.transaction(async (real) => {
      const { tx, asked } = counting(real);
      expect((await knownEntries(tx, [])).size).toBe(0);
      expect(asked()).toBe(0);
    });
  });

  test('fails when a key names a version that is not there', async () => {
    const places = [{ accountId: 'main', version: 999 }];
    await expect(database.transaction((tx) => knownEntries(tx, places))).rejects.toThrow(
      'the ledger lacks 1 versions although keys name them',
    );
  });
});
