import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandBus, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { BalanceReport } from '../../ledger/facts.js';
import { correctedKey } from '../../ledger/identity.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { PnlProjection } from '../pnl-projection.js';
import { INITIAL_CASH_EVENT } from '../domain/cash-flow.js';
import { WalletReports } from '../queries/wallet-reports.js';
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
    private readonly reports: WalletReports,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ report }: ReconcileWallet): Promise<FlowOutcome | null> {
    const unit = this.unitOfWork.current();
    const state = unit.account(report.accountId).of(this.pnl);
    if (state.reconciledAt !== null && report.occurredAt <= state.reconciledAt) return null;
    await this.unitOfWork.writeStaged(unit);
    const opening = state.reconciledAt === null;
    const booked = state.wallet.minus(await movedSince(unit, report));
    const difference = report.walletBalance.minus(booked);
    if (this.config.RECONCILE === 'report')
      return this.reports.list(report.accountId, difference, report.occurredAt);
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

/** The key of the deposit that the settings make: it was there from the beginning, however late it was booked. */
const INITIAL_CASH_KEY = correctedKey('event', INITIAL_CASH_EVENT);

/** What moved in our wallet after the report's time: it is not in the report yet, and no difference either. */
async function movedSince(unit: Unit, report: BalanceReport): Promise<Decimal> {
  const [moved] = await unit.tx.query<{ amount: string }>(
    `SELECT ((SELECT coalesce(sum(amount), 0) FROM bookings WHERE account_id = $1 AND occurred_at > $2)
           + (SELECT coalesce(sum(amount), 0) FROM cash_flows WHERE account_id = $1 AND occurred_at > $2
                 AND version NOT IN (SELECT version FROM ledger_keys WHERE account_id = $1 AND key = $3)))::text AS amount`,
    [report.accountId, isoOf(report.occurredAt), INITIAL_CASH_KEY],
  );
  return Decimal.stored(moved!.amount);
}
