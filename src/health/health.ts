import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import { HealthCheckService } from '@nestjs/terminus';
import { ExchangeState } from '../sources/binance/exchange-state.js';
import { Clock } from '../shared/clock.js';
import { isoOf } from '../shared/periods.js';
import { Dependencies } from './dependencies.js';
import type { ComponentBody } from './health.body.js';
import { IntegrityComponent } from './integrity-component.js';
import { PolicyComponents } from './policy-components.js';
import { SERVICE_NAME, SERVICE_VERSION } from './service-name.js';
import type { Phase } from './service-state.js';
import { ServiceState } from './service-state.js';
import { TradeStoreComponent } from './trade-store-component.js';

type Details = HealthCheckResult['details'];

/** How the service is, as one page: the same checks that readiness makes, told and not enforced. */
@Injectable()
export class Health {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly dependencies: Dependencies,
    private readonly state: ServiceState,
    private readonly exchange: ExchangeState,
    private readonly clock: Clock,
    private readonly policy: PolicyComponents,
    private readonly tradeStore: TradeStoreComponent,
    private readonly integrity: IntegrityComponent,
  ) {}

  async body() {
    const details = await this.details();
    const now = this.clock.now();
    const outside = [
      { name: 'exchange', ...this.exchange.health() },
      ...this.policy.componentsAt(now),
      ...this.tradeStore.components(),
      this.integrity.componentAt(now),
    ];
    return {
      service: SERVICE_NAME,
      version: SERVICE_VERSION,
      status: statusOf(this.state.phase, details, outside),
      components: [
        ...Object.entries(details).map(([name, found]) => componentOf(name, found, this.state.phase)),
        ...outside,
      ],
      timestamp: isoOf(now),
    };
  }

  /** A failed check throws, with its findings; they are what was asked for. */
  private async details(): Promise<Details> {
    try {
      return (await this.checks.check(this.dependencies.all)).details;
    } catch (error) {
      if (error instanceof ServiceUnavailableException)
        return (error.getResponse() as HealthCheckResult).details;
      throw error;
    }
  }
}

/** What stands outside is no dependency that readiness asks for: without it the service serves on, by what it knows. */
function statusOf(phase: Phase, details: Details, outside: readonly ComponentBody[]): string {
  if (phase === 'starting') return 'starting';
  const isWhole = Object.values(details).every(({ status }) => status === 'up');
  const isRead = outside.every(({ status }) => status !== 'unhealthy' && status !== 'degraded');
  return isWhole && isRead ? 'healthy' : 'degraded';
}

function componentOf(name: string, { status, message }: Details[string], phase: Phase): ComponentBody {
  if (status === 'up') return { name, status: 'healthy' };
  if (name === 'accounts') return { name, status: phase };
  return {
    name,
    status: 'unhealthy',
    message: typeof message === 'string' ? message : 'does not answer in time',
  };
}
