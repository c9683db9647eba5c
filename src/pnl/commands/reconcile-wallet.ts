import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandBus, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { BalanceReport } from '../../ledger/facts.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { PnlProjection } from '../pnl-projection.js';
import type { FlowOutcome } from './book-cash-flow.js';
import { BookReconciliation } from './book-reconciliation.js';

/**
 * Compares the wallet the exchange reports with ours as of the report's time. The difference is a fact when the exchange wins
 * (`PORTFOLIO_RECONCILE=adopt`): the first one is the opening balance (a flow), a later one performance. null = no difference, an
 * outdated report, or report only.
 */
export class ReconcileWallet extends Command<FlowOutcome | null> {
  constructor(readonly report: BalanceReport) {
    super();
  }
}

@CommandHandler(ReconcileWallet)
export class ReconcileWalletHandler implements ICommandHandler<ReconcileWallet> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pnl: PnlProjection,
    private readonly commands: CommandBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ report }: ReconcileWallet): Promise<FlowOutcome | null> {
    const unit = this.unitOfWork.current();
    const state = unit.account(report.accountId).of(this.pnl);
    const outdated = state.reconciledAt !== null && report.occurredAt <= state.reconciledAt;
    if (this.config.RECONCILE === 'report' || outdated) return null;
    await this.unitOfWork.writeStaged(unit);
    const booked = state.wallet.minus(await movedSince(unit, report));
    const opening = state.reconciledAt === null;
    const difference = report.walletBalance.minus(booked);
    if (difference.isZero() && !opening) return null;
    return this.commands.execute(
      new BookReconciliation({
        kind: 'account.reconciliation',
        accountId: report.accountId,
        occurredAt: report.occurredAt,
        eventId: null,
        source: report.source,
        booked,
        reported: report.walletBalance,
        difference,
        opening,
      }),
    );
  }
}

/** What moved in our wallet after the report's time: it is not in the report yet, and no difference either. */
async function movedSince(unit: Unit, report: BalanceReport): Promise<Decimal> {
  const [moved] = await unit.tx.query<{ amount: string }>(
    `SELECT ((SELECT coalesce(sum(amount), 0) FROM bookings WHERE account_id = $1 AND occurred_at > $2)
           + (SELECT coalesce(sum(amount), 0) FROM cash_flows WHERE account_id = $1 AND occurred_at > $2))::text AS amount`,
    [report.accountId, isoOf(report.occurredAt)],
  );
  return Decimal.stored(moved!.amount);
}
