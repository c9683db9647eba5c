import { Injectable } from '@nestjs/common';
import type { HealthIndicatorFunction, HealthIndicatorResult } from '@nestjs/terminus';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Database } from '../database/database.js';
import { codeOf } from '../shared/errors.js';
import { ServiceState } from './service-state.js';
import { RedisConnections } from '../transport/redis.js';

/** A dependency that takes longer than this to say hello is away, whatever it does later. */
const TIMEOUT_MS = 1_500;
/** Probes may be many: they share one hello. */
const SHARED_MS = 250;

/** What the service cannot do its work without, asked one by one. */
@Injectable()
export class Dependencies {
  readonly all: HealthIndicatorFunction[] = [
    () => this.accounts(),
    () => this.postgres(),
    () => this.redis(),
  ];

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly state: ServiceState,
    private readonly database: Database,
    private readonly connections: RedisConnections,
  ) {}

  /** Up while every account is loaded and nobody told us to stop. */
  private accounts(): HealthIndicatorResult {
    const check = this.indicators.check('accounts');
    return this.state.phase === 'running' ? check.up() : check.down(this.state.phase);
  }

  private postgres(): PromiseLike<HealthIndicatorResult> {
    return this.saysHello('postgres', () => this.database.query('SELECT 1'));
  }

  private redis(): PromiseLike<HealthIndicatorResult> {
    return this.saysHello('redis', () => this.connections.commands.ping());
  }

  private saysHello(name: string, hello: () => Promise<unknown>): PromiseLike<HealthIndicatorResult> {
    const attempt = this.indicators.check(name).attempt(async () => {
      await hello().catch((error: unknown) => Promise.reject(new Error(reasonOf(error))));
    });
    return attempt.withTimeout(TIMEOUT_MS).cacheFor(SHARED_MS);
  }
}

/** Anybody may ask for health, and a driver's message may hold addresses and names: its code is enough. */
function reasonOf(error: unknown): string {
  return codeOf(error) || 'does not answer';
}
