/** The values of a row as texts by their names; an empty one reads as undefined and is left out when they are listed. */
export interface RowValues extends Iterable<readonly [name: string, text: string]> {
  get(name: string): string | undefined;
}

/** A row of a trade store as it was found. */
export interface StoreRow {
  /** What names it in its store: the trade's id in SQLite, the key in Redis. */
  readonly key: string;
  readonly values: RowValues;
}

/** Something that matches the store's pattern and is no trade; `reason` is stable and counted. */
export interface ForeignRow {
  readonly key: string;
  readonly foreign: 'not_a_hash' | 'not_a_trade' | 'gone';
}

export type Found = StoreRow | ForeignRow;

/** A trade store, opened for reading only. */
export interface TradeSource {
  /** Where it is, for people and records, without credentials. */
  readonly name: string;
  /** Who tells the facts that are read from it. */
  readonly origin: 'trade_store:sqlite' | 'trade_store:redis';
  /** How many rows to expect, for showing progress; null = not known. */
  readonly expected: number | null;
  /** Everything in it, a batch at a time; no more than a batch is held in memory. Throws SourceError. */
  batches(size: number): AsyncIterable<readonly Found[]>;
  close(): Promise<void>;
}

/** The store cannot be read; the message says what is wrong with it in words for people. */
export class SourceError extends Error {}
