import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { ServiceWarnings } from '../../portfolio/warnings.js';
import { ExchangeMetrics } from './exchange-metrics.js';
import { binanceSettings } from './settings.js';
import type { Trouble } from './trouble.js';

/** `standby`: another replica talks to the exchange. */
export type ExchangePhase = 'off' | 'standby' | 'starting' | 'running';

/** How the exchange shows in health. */
export interface ExchangeHealth {
  readonly status: 'off' | 'starting' | 'healthy' | 'degraded';
  readonly message: string;
}

/** How the connection to the exchange is: for health, warnings, log and metrics. */
@Injectable()
export class ExchangeState {
  private readonly logger = new Logger('Exchange');
  private readonly venue: string;
  private readonly staleMs: number;
  private phase: ExchangePhase;
  private trouble: Trouble | null = null;
  private warned: ReadonlySet<string> = new Set();
  private userStream = false;
  private left = 0;
  /** Since when the account was never at rest while it was read, ms; null = it was the last time. */
  private movingSinceMs: number | null = null;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly warnings: ServiceWarnings,
    private readonly metrics: ExchangeMetrics,
  ) {
    this.venue = config.USE_TESTNET ? 'testnet' : 'live';
    this.staleMs = 2 * config.BINANCE_SYNC_SEC * 1000;
    this.phase = binanceSettings(config) ? 'standby' : 'off';
  }

  /** This replica begins to talk to the exchange, or leaves that to another. */
  leading(leads: boolean): void {
    this.phase = leads ? 'starting' : 'standby';
    this.trouble = null;
    this.userStream = false;
    this.left = 0;
    this.movingSinceMs = null;
    if (!leads) this.metrics.syncedAtMs = null;
    this.warn();
  }

  /** The account was read whole; `moving`: it was never at rest, so that only a part of it could be compared. */
  synced(moving: boolean): void {
    this.metrics.syncedAtMs = Date.now();
    this.movingSinceMs = moving ? (this.movingSinceMs ?? Date.now()) : null;
    this.phase = 'running';
    if (this.trouble) this.logger.log('the exchange answers again');
    this.trouble = null;
    this.warn();
  }

  failed(trouble: Trouble): void {
    if (this.trouble?.message !== trouble.message)
      this.logger.warn(`the exchange cannot be read: ${trouble.kind}: ${trouble.message}`);
    this.trouble = trouble;
    this.warn();
  }

  /** How many positions are left out because their symbol can have no name with us. */
  unnamed(count: number): void {
    if (count > this.left)
      this.logger.warn(`positions left out because their symbols cannot be taken: ${count}`);
    this.left = count;
    this.warn();
  }

  streaming(open: boolean): void {
    this.userStream = open;
  }

  health(now = Date.now()): ExchangeHealth {
    if (this.phase === 'off') return { status: 'off', message: `${this.venue}; no API key is set` };
    if (this.phase === 'standby')
      return { status: 'healthy', message: `${this.venue}; another replica talks to it` };
    const told = [this.venue, this.lastRead(now)];
    if (this.trouble) told.push(`${this.trouble.kind}${this.trouble.code ? ` (${this.trouble.code})` : ''}`);
    else if (!this.userStream) told.push('its user stream is being connected');
    if (this.isRestless(now))
      told.push(`not compared as a whole for ${this.restlessSec(now)} s: it is never at rest`);
    if (this.left > 0) told.push(`positions left out because of their symbols: ${this.left}`);
    return { status: this.statusNow(now), message: told.join('; ') };
  }

  private statusNow(now: number): ExchangeHealth['status'] {
    if (this.trouble || this.left > 0) return 'degraded';
    if (this.phase === 'starting') return 'starting';
    // Whatever holds it up, be it no trouble of the exchange's: an account that was not read for so long is not known.
    return this.userStream && !this.isStale(now) && !this.isRestless(now) ? 'healthy' : 'degraded';
  }

  private isRestless(now: number): boolean {
    return this.movingSinceMs !== null && now - this.movingSinceMs > this.staleMs;
  }

  private restlessSec(now: number): number {
    return Math.round((now - this.movingSinceMs!) / 1000);
  }

  private isStale(now: number): boolean {
    const at = this.metrics.syncedAtMs;
    return at === null || now - at > this.staleMs;
  }

  private lastRead(now: number): string {
    const at = this.metrics.syncedAtMs;
    return at === null ? 'never read' : `last read ${Math.round((now - at) / 1000)} s ago`;
  }

  /** A failure that passes at the next try is no doubt about the answers; one that lasts is. */
  private warn(): void {
    const lasts = this.trouble && this.isStale(Date.now());
    const raised = new Set([
      ...(lasts ? [`exchange_unreachable:${this.trouble!.kind}`] : []),
      ...(this.left > 0 ? [`exchange_positions_left_out:${this.left}`] : []),
    ]);
    for (const one of this.warned) if (!raised.has(one)) this.warnings.clear(one);
    for (const one of raised) if (!this.warned.has(one)) this.warnings.raise(one);
    this.warned = raised;
  }
}
