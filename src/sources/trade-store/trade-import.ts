import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../../ledger/metrics.js';
import { isTransient, messageOf } from '../../shared/errors.js';
import { ImportRecord } from './import-record.js';
import { ImportReport } from './import-report.js';
import { ahead } from './ahead.js';
import type { Settled, TradeRow } from './read-row.js';
import { readRow } from './read-row.js';
import type { Telling } from './row-facts.js';
import type { ReadRows } from './row-intake.js';
import { RowIntake } from './row-intake.js';
import type { RowResult } from './row-result.js';
import type { TradeSource } from './source.js';

/** Rows a transaction: enough to share its cost, few enough to hold live trades up for a moment only. */
export const ROWS_A_BATCH = 2_000;
/** Rows read at a time: some milliseconds. */
const ROWS_A_SLICE = 100;
/** Rows for which whole symbols have to be folded anew are taken together, so many at most: each time costs as much as the symbols are old. */
const MOST_LEFT = 20_000;
/** A database that is away is waited for this often, this long each time, before an import is given up. */
const RETRIES = 30;
const RETRY_MS = 1_000;

/** What an import is asked to do. */
export interface ImportOptions {
  readonly accountId: string;
  /** Only says what would become of the rows. */
  readonly dryRun: boolean;
  /** Ends it after the batch in hand. */
  readonly signal: AbortSignal;
  /** Told after every batch. */
  readonly onProgress?: (report: ImportReport) => void;
  /** Lets others have their turn after a batch: ms. */
  readonly restMs?: number;
}

/** The import was told to stop before the store's end; what was taken until then is committed. */
export class ImportStopped extends Error {}

/** Another process imports already. */
export class ImportUnderWay extends Error {}

/** Takes a whole trade store in. Again and again is harmless: what is there already is only counted, which also resumes one that was cut off. */
@Injectable()
export class TradeImport {
  constructor(
    private readonly rows: RowIntake,
    private readonly record: ImportRecord,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Resolves with what became of the rows when all are committed. Throws SourceError when the store cannot be read, ImportStopped,
   * ImportUnderWay, and what is transient when the database stays away.
   */
  async run(source: TradeSource, options: ImportOptions): Promise<ImportReport> {
    const report = new ImportReport();
    if (options.dryRun) return this.takeAll(source, options, report);
    const done = await this.record.alone(() => this.recorded(source, options, report));
    if (!done) throw new ImportUnderWay('another process imports trades at this moment');
    return done;
  }

  private async recorded(
    source: TradeSource,
    options: ImportOptions,
    report: ImportReport,
  ): Promise<ImportReport> {
    const { accountId } = options;
    await this.record.started(accountId, source.name);
    try {
      await this.takeAll(source, options, report);
    } catch (error) {
      // What went wrong matters more than that it could not be written down.
      await this.record.ended(accountId, source.name, report, messageOf(error)).catch(() => undefined);
      throw error;
    }
    await this.record.ended(accountId, source.name, report, null);
    return report;
  }

  private async takeAll(
    source: TradeSource,
    options: ImportOptions,
    report: ImportReport,
  ): Promise<ImportReport> {
    let left: TradeRow[] = [];
    for await (const { settled, open } of ahead(this.read(source, options))) {
      this.tell(settled, options, report);
      left.push(...(await this.take(source, open, options, report, true)));
      if (left.length >= MOST_LEFT) left = await this.take(source, left, options, report, false);
    }
    await this.take(source, left, options, report, false);
    return report;
  }

  /** Reads a batch, a slice at a time: while Postgres is busy with the one before it, and not instead of giving it work. */
  private async *read(source: TradeSource, options: ImportOptions): AsyncGenerator<ReadRows> {
    const telling = tellingOf(source, options);
    let batch: (TradeRow | Settled)[] = [];
    const look = () => patiently(options.signal, () => this.rows.look(batch, telling));
    for await (const slice of source.batches(ROWS_A_SLICE)) {
      if (options.signal.aborted) throw new ImportStopped('told to stop');
      for (const row of slice) batch.push(readRow(row, telling));
      if (batch.length < ROWS_A_BATCH) continue;
      yield await look();
      batch = [];
    }
    if (batch.length > 0) yield await look();
  }

  /** Commits rows, and returns those that were left. */
  private async take(
    source: TradeSource,
    rows: ReadRows['open'],
    options: ImportOptions,
    report: ImportReport,
    defers: boolean,
  ): Promise<TradeRow[]> {
    const { signal, dryRun } = options;
    if (signal.aborted) throw new ImportStopped('told to stop');
    const telling = tellingOf(source, options);
    const taken = await patiently(signal, () => this.rows.take(rows, telling, { dryRun, defers }));
    this.tell(taken.results, options, report);
    if (options.restMs) await pause(options.restMs);
    return [...taken.deferred];
  }

  private tell(results: readonly RowResult[], options: ImportOptions, report: ImportReport): void {
    for (const result of results) {
      report.add(result);
      if (!options.dryRun) this.metrics.counted('trade_store', result.outcome, result.code ?? undefined);
    }
    options.onProgress?.(report);
  }
}

function tellingOf({ origin }: TradeSource, { accountId }: ImportOptions): Telling {
  return { accountId, origin };
}

/** Tries again while what fails is transient. */
async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt === RETRIES || signal.aborted) throw error;
      await pause(RETRY_MS);
    }
  }
}
