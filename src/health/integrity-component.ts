import { Inject, Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { isBeingWatched } from '../integrity/domain/integrity-state.js';
import { IntegrityBoard } from '../integrity/integrity-board.js';
import { Metrics } from '../ledger/metrics.js';
import { Clock } from '../shared/clock.js';
import { MICROS_PER_SECOND } from '../shared/periods.js';
import type { ComponentBody } from './health.body.js';

/** Whether rows are what the ledger says, as a part of the service's health and for dashboards. */
@Injectable()
export class IntegrityComponent {
  constructor(
    private readonly board: IntegrityBoard,
    clock: Clock,
    metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    const registers = [metrics.registry];
    new Gauge({
      name: 'portfolio_integrity_differences',
      help: 'Rows that are not what the ledger says, of all accounts',
      registers,
      collect() {
        this.set(board.total);
      },
    });
    new Gauge({
      name: 'portfolio_integrity_round_seconds',
      help: 'What the last round over all accounts took; NaN before the first',
      registers,
      collect() {
        this.set(board.lastRoundSeconds ?? Number.NaN);
      },
    });
    new Gauge({
      name: 'portfolio_integrity_silent_seconds',
      help: 'Seconds since any replica was at work on it; NaN = never',
      registers,
      collect() {
        this.set(board.seenAt === null ? Number.NaN : (clock.now() - board.seenAt) / MICROS_PER_SECOND);
      },
    });
  }

  componentAt(now: number): ComponentBody {
    const { total, seenAt } = this.board;
    const name = 'integrity';
    if (total > 0)
      return { name, status: 'unhealthy', message: `${total} rows are not what the ledger says` };
    return isBeingWatched(seenAt, this.config.INTEGRITY_SEC, now)
      ? { name, status: 'healthy' }
      : { name, status: 'unknown', message: 'no replica verifies' };
  }
}
