import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Database } from 'libsql';
import { messageOf } from '../../shared/errors.js';
import type { RowValues, StoreRow, TradeSource } from './source.js';
import { SourceError } from './source.js';

/** The owner may hold its lock for a moment; a reader waits that long for it. */
const BUSY_MS = 1_000;

/**
 * Opens the SQLite file of a trade store. Read only by SQLite's own flag: neither the file nor its write-ahead log is written, and no
 * checkpoint is made. One read transaction lasts from here to `close`: what the owner commits meanwhile is not seen. Throws SourceError.
 */
export async function openSqlite(path: string): Promise<TradeSource> {
  const name = `sqlite:${resolve(path)}`;
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw new SourceError(`${path} cannot be read: ${messageOf(error)}`);
  });
  const database = await opened(path);
  try {
    const expected = begin(database);
    return {
      name,
      origin: 'trade_store:sqlite',
      expected,
      batches: (size) => batches(database, size),
      close: () => {
        database.close();
        return Promise.resolve();
      },
    };
  } catch (error) {
    database.close();
    throw new SourceError(`${path} is no trade store that can be read: ${messageOf(error)}`);
  }
}

/** The name by which SQLite itself refuses every write, whatever is asked through the connection. */
export function readOnlyName(path: string): string {
  return `${pathToFileURL(path).href}?mode=ro`;
}

/** The driver is loaded when it is needed: a service without a trade store runs where it has no binary. */
async function opened(path: string): Promise<Database> {
  try {
    const { default: Libsql } = await import('libsql');
    const options = { timeout: BUSY_MS };
    return new Libsql(readOnlyName(path), options);
  } catch (error) {
    throw new SourceError(`${path} cannot be opened as SQLite: ${messageOf(error)}`);
  }
}

/** Begins the snapshot: a read transaction starts with its first read, which this is. */
function begin(database: Database): number {
  database.exec('BEGIN');
  const { count } = database.prepare('SELECT count(*) AS count FROM trades').get() as { count: number };
  return count;
}

async function* batches(database: Database, size: number): AsyncGenerator<readonly StoreRow[]> {
  let batch: StoreRow[] = [];
  try {
    // By the order of its rows: nothing has to be sorted, and so nothing to be held.
    const all = database.prepare('SELECT * FROM trades').raw();
    const places = new Map(all.columns().map(({ name }, place) => [name, place]));
    for (const row of all.iterate()) {
      batch.push(rowOf(places, row as readonly unknown[]));
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      await breathe();
    }
  } catch (error) {
    throw error instanceof SourceError ? error : new SourceError(`reading stopped: ${messageOf(error)}`);
  }
  if (batch.length > 0) yield batch;
}

function rowOf(places: ReadonlyMap<string, number>, row: readonly unknown[]): StoreRow {
  const values: RowValues = {
    get(name) {
      const place = places.get(name);
      return place === undefined ? undefined : textOf(row[place]) || undefined;
    },
    *[Symbol.iterator]() {
      for (const name of places.keys()) {
        const text = values.get(name);
        if (text !== undefined) yield [name, text];
      }
    },
  };
  return { key: values.get('trade_id') ?? '', values };
}

/** A REAL is the shortest decimal that reads back as the same double, as Python writes it too. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}
