import Libsql from 'libsql';
import type { Database } from 'libsql';
import { COLUMNS, CREATE_TRADES } from './layout.js';
import type { StoredTrade } from './layout.js';

const INSERT = `INSERT INTO trades (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`;

/** The owner's open connection: in WAL mode, and checkpointing only when it is told to. */
export function openStore(path: string): Database {
  const database = new Libsql(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
  database.exec(CREATE_TRADES);
  return database;
}

/** Adds trades in one transaction. */
export function insertTrades(database: Database, trades: Iterable<StoredTrade>): void {
  const insert = database.prepare(INSERT);
  database.exec('BEGIN');
  for (const trade of trades) insert.run(...COLUMNS.map((column) => trade[column]));
  database.exec('COMMIT');
}

/** A file with these trades and no log beside it. */
export function writeSqlite(path: string, trades: Iterable<StoredTrade>): void {
  const database = openStore(path);
  insertTrades(database, trades);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
