import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { isTransient, messageOf, refusalOf } from '../../shared/errors.js';
import type { ImportReport } from './import-report.js';
import type { StoreAddress } from './open-source.js';
import { openSource } from './open-source.js';
import { SourceError } from './source.js';
import { ownRedis } from './store-redis.js';
import { StreamsWait } from './streams-backlog.js';
import { ImportStopped, ImportUnderWay, TradeImport } from './trade-import.js';

const ACCOUNT = 'main';
/** Between two batches everybody else has a turn: live trades wait for one batch at most. */
const REST_MS = 10;
const LOOK_EVERY_MS = 500;
/** After this long an import that failed, or that another replica was at, is tried again. */
const AGAIN_MS = 60_000;

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

  /** What cannot be read now may be there later: it is tried again until all of it is taken. */
  private async importAll(address: StoreAddress): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && !(await this.importOnce(address))) {
      // Told to stop, it wakes with an error that says no more than that.
      await pause(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Whether all of it is taken. */
  private async importOnce(address: StoreAddress): Promise<boolean> {
    try {
      // What the bus told is taken first: its closes may name no trade, and only the trade that they closed tells that they did.
      await this.letStreamsBeRead();
      if (this.stopping.signal.aborted) return false;
      const report = await this.importFrom(address);
      this.current = { status: 'done', message: `last import: ${report.sentence}` };
      this.logger.log(report.sentence);
      for (const line of report.details) this.logger.log(line.trim());
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  /** Waits as long as it takes: as long as Redis does not tell, nobody knows what is still to come. */
  private async letStreamsBeRead(): Promise<void> {
    const { signal } = this.stopping;
    const redis = ownRedis(this.config);
    const wait = new StreamsWait(redis);
    let told: string | null = null;
    try {
      for (let wanted = await wanting(wait); wanted && !signal.aborted; wanted = await wanting(wait)) {
        this.current = wanted;
        const [why] = wanted.message.split(': ');
        if (why !== told) this.logger.warn(`the import of the trade store ${wanted.message}`);
        told = why!;
        await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      redis.disconnect();
    }
  }

  private async importFrom(address: StoreAddress): Promise<ImportReport> {
    const source = await openSource(address, this.config);
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
      this.current = { status: 'waiting', message };
      return;
    }
    // Anybody may ask for health: words of our own may stand there, a driver's may hold addresses.
    const away = isTransient(error) ? 'the database is away' : 'it failed';
    const said = this.current.message;
    this.current = { status: 'failed', message: error instanceof SourceError ? message : away };
    if (said !== this.current.message) this.logger.warn(`the trade store could not be imported: ${message}`);
  }
}

/** What the import waits for before it may begin; null = for nothing. What Redis refuses, it refuses until somebody lets us: that is a failure. */
async function wanting(wait: StreamsWait): Promise<TradeStoreState | null> {
  try {
    const left = await wait.left();
    if (left === 0) return null;
    const message =
      left === null
        ? 'waits for Redis, which does not answer'
        : `waits for trades on the streams to be taken: ${left} messages are left`;
    return { status: 'waiting', message };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    const message = `waits for leave to look at the streams of trades, which Redis refuses (${refusal})`;
    return { status: 'failed', message };
  }
}
