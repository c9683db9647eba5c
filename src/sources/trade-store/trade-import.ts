import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Metrics } from '../../ledger/metrics.js';
import { isTransient, messageOf } from '../../shared/errors.js';
import { ImportRecord } from './import-record.js';
import { ImportReport } from './import-report.js';
import { RowIntake } from './row-intake.js';
import type { RowResult } from './row-result.js';
import type { Found, TradeSource } from './source.js';

/** Rows a transaction: enough to share its cost, few enough to hold live trades up for a moment only. */
export const ROWS_A_BATCH = 500;
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
    for await (const batch of source.batches(ROWS_A_BATCH)) {
      if (options.signal.aborted) throw new ImportStopped('told to stop');
      for (const result of await this.take(source, batch, options)) {
        report.add(result);
        if (!options.dryRun) this.metrics.counted('trade_store', result.outcome, result.code ?? undefined);
      }
      options.onProgress?.(report);
      if (options.restMs) await pause(options.restMs);
    }
    return report;
  }

  private async take(
    source: TradeSource,
    batch: readonly Found[],
    options: ImportOptions,
  ): Promise<RowResult[]> {
    const telling = { accountId: options.accountId, origin: source.origin };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.rows.take(batch, telling, options.dryRun);
      } catch (error) {
        if (!isTransient(error) || attempt === RETRIES || options.signal.aborted) throw error;
        await pause(RETRY_MS);
      }
    }
  }
}
