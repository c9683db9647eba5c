import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import type { FollowedBreak } from '../domain/break.js';
import type { ReportsRow } from '../reconciliation-tables.js';
import { BREAKS, openBreaks, ownRow, reportsOf } from '../reconciliation-tables.js';

/** How many ended breaks are listed, the last ended first. */
const RECENT = 100;

/** How an account's books agree with the exchange. */
export interface Reconciliation {
  readonly version: number;
  readonly now: number;
  readonly policy: Config['RECONCILE'];
  readonly graceSec: number;
  /** What was compared before this moment is too old to say anything, microseconds since the epoch. */
  readonly oldest: number;
  readonly reports: ReportsRow;
  readonly open: readonly FollowedBreak[];
  readonly closed: readonly FollowedBreak[];
}

/** Open breaks, recently ended ones, and what was last reported. Throws UnknownAccountError. */
export class GetReconciliation extends Query<Reconciliation> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetReconciliation)
export class GetReconciliationHandler implements IQueryHandler<GetReconciliation> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ accountId }: GetReconciliation): Promise<Reconciliation> {
    const { version } = this.accounts.read(accountId);
    const found = await this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const closed = await BREAKS.select(
        tx,
        `account_id = $1 AND closed_at IS NOT NULL
         ORDER BY reconciliation_breaks.closed_at DESC, kind, symbol, side LIMIT ${RECENT}`,
        [accountId],
      );
      const open = await openBreaks(tx, accountId);
      return { reports: await reportsOf(tx, accountId), open, closed: closed.map(ownRow) };
    });
    const { RECONCILE: policy, RECONCILE_GRACE_SEC: graceSec } = this.config;
    const now = this.accounts.now();
    const oldest = now - this.config.RECONCILE_MAX_AGE_SEC * MICROS_PER_SECOND;
    return { version, now, policy, graceSec, oldest, ...found };
  }
}
