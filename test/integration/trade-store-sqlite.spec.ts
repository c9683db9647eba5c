import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { openSqlite, readOnlyName } from '../../src/sources/trade-store/sqlite-source.js';
import { manyTrades } from '../support/trade-store/many-trades.js';
import { openStore, writeSqlite } from '../support/trade-store/write-sqlite.js';

describe('a SQLite store', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portfolio store #1 %41-'));
    path = join(folder, 'trades?.db');
    writeSqlite(path, manyTrades(25));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('is opened so that SQLite refuses to write', () => {
    const database = new Libsql(readOnlyName(path));
    for (const change of ['DELETE FROM trades', 'CREATE TABLE x (y)', 'PRAGMA user_version = 3'])
      expect(() => database.exec(change)).toThrow(/readonly/);
    database.close();
  });

  test('comes in batches, whole, as it was when it was opened', async () => {
    const source = await openSqlite(path);
    const owner = openStore(path);
    owner.exec('DELETE FROM trades');
    const sizes: number[] = [];
    for await (const batch of source.batches(10)) sizes.push(batch.length);
    expect([source.expected, sizes]).toEqual([25, [10, 10, 5]]);
    await source.close();
    owner.close();
  });
});
