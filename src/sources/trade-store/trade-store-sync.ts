import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { isTransient, messageOf } from '../../shared/errors.js';
import type { ImportReport } from './import-report.js';
import type { StoreAddress } from './open-source.js';
import { openSource } from './open-source.js';
import { SourceError } from './source.js';
import { waitForStreams } from './streams-backlog.js';
import { ImportStopped, ImportUnderWay, TradeImport } from './trade-import.js';

const ACCOUNT = 'main';
/** Between two batches everybody else has a turn: live trades wait for one batch at most. */
const REST_MS = 10;

/** How the trade store of the settings stands; `message` says why, or what the latest import brought. */
export interface TradeStoreState {
  readonly status: 'off' | 'waiting' | 'importing' | 'done' | 'failed';
  readonly message: string;
}

/** The store that the settings name; null = none. */
export function addressOf(config: Config): StoreAddress | null {
  if (config.TRADE_STORE_TYPE === 'sqlite') return { type: 'sqlite', path: config.TRADE_STORE_DB_PATH! };
  if (config.TRADE_STORE_TYPE === 'redis') return { type: 'redis', url: config.TRADE_STORE_REDIS_URL! };
  return null;
}

/** Imports the trade store of the settings once after the start, in the background. Whatever is wrong with it, the service serves on. */
@Injectable()
export class TradeStoreSync {
  private readonly logger = new Logger('TradeStore');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private current: TradeStoreState;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly imports: TradeImport,
  ) {
    const isOff = addressOf(config) === null;
    this.current = isOff
      ? { status: 'off', message: 'no trade store is set' }
      : { status: 'waiting', message: 'its import has not begun' };
  }

  get state(): TradeStoreState {
    return this.current;
  }

  /** Begins the import and returns at once. */
  start(): void {
    const address = addressOf(this.config);
    if (address) this.running = this.importAll(address);
  }

  /** Ends the import after the batch in hand; what is left is taken after the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async importAll(address: StoreAddress): Promise<void> {
    try {
      // What the bus told is taken first: its closes may name no trade, and only the trade that they closed tells that they did.
      await waitForStreams(this.config.REDIS_URL, this.stopping.signal);
      if (this.stopping.signal.aborted) return;
      const report = await this.importFrom(address);
      this.current = { status: 'done', message: `last import: ${report.sentence}` };
      this.logger.log(report.sentence);
      for (const line of report.details) this.logger.log(line.trim());
    } catch (error) {
      this.failed(error);
    }
  }

  private async importFrom(address: StoreAddress): Promise<ImportReport> {
    const source = await openSource(address);
    try {
      this.current = { status: 'importing', message: 'reading' };
      return await this.imports.run(source, {
        accountId: ACCOUNT,
        dryRun: false,
        signal: this.stopping.signal,
        restMs: REST_MS,
        onProgress: (report) => (this.current = { status: 'importing', message: report.sentence }),
      });
    } finally {
      await source.close();
    }
  }

  private failed(error: unknown): void {
    const message = messageOf(error);
    if (error instanceof ImportStopped) return;
    if (error instanceof ImportUnderWay) {
      this.current = { status: 'done', message };
      this.logger.log(message);
      return;
    }
    // Anybody may ask for health: words of our own may stand there, a driver's may hold addresses.
    const isOurs = error instanceof SourceError;
    this.current = {
      status: 'failed',
      message: isOurs ? message : isTransient(error) ? 'the database is away' : 'it failed',
    };
    this.logger.warn(`the trade store could not be imported: ${message}`);
  }
}
