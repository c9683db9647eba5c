import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { ServiceState } from '../health/service-state.js';
import { AccountsController } from '../portfolio/accounts.controller.js';
import { ReportsController } from '../portfolio/reports.controller.js';
import { TradesController } from '../portfolio/trades.controller.js';
import { ProblemError } from './problem.js';

/** Routes that answer from the accounts in memory. */
const NEED_ACCOUNTS: ReadonlySet<unknown> = new Set([
  ReportsController,
  TradesController,
  AccountsController,
]);

/** Before the accounts are loaded an answer would not be empty but wrong: it says so and is asked again. */
export class StartedGuard implements CanActivate {
  constructor(private readonly state: ServiceState) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.state.phase !== 'starting' || !NEED_ACCOUNTS.has(context.getClass())) return true;
    throw new ProblemError({
      status: 503,
      code: 'starting',
      detail: 'The accounts are still being loaded.',
      headers: { 'retry-after': '1' },
    });
  }
}
