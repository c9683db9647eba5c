import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { Metrics } from '../../ledger/metrics.js';

/** How the connection to the exchange fares. Labels are kinds and names, never anything that the exchange or a setting said. */
@Injectable()
export class ExchangeMetrics {
  readonly errors: Counter<'kind'>;
  readonly reconnects: Counter<'stream'>;
  readonly weight: Gauge;
  readonly clockAhead: Gauge;
  /** When the account was last read whole by this replica, ms; null = never. */
  syncedAtMs: number | null = null;

  constructor({ registry }: Metrics) {
    const registers = [registry];
    this.errors = new Counter({
      name: 'portfolio_exchange_errors_total',
      help: 'Requests to the exchange that failed, by kind of trouble',
      labelNames: ['kind'],
      registers,
    });
    this.reconnects = new Counter({
      name: 'portfolio_exchange_reconnects_total',
      help: 'Times a stream of the exchange was connected again after it had been lost',
      labelNames: ['stream'],
      registers,
    });
    this.weight = new Gauge({
      name: 'portfolio_exchange_weight_used',
      help: 'Request weight used in the current minute, as the exchange counts it (limit 2400)',
      registers,
    });
    const age = () => (this.syncedAtMs === null ? Number.NaN : (Date.now() - this.syncedAtMs) / 1000);
    new Gauge({
      name: 'portfolio_exchange_sync_age_seconds',
      help: 'Seconds since the account was last read whole; NaN = never by this replica',
      registers,
      collect() {
        this.set(age());
      },
    });
    this.clockAhead = new Gauge({
      name: 'portfolio_exchange_clock_ahead_seconds',
      help: 'How far the clock of the exchange is ahead of ours',
      registers,
    });
  }
}
