import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { BalanceReport, Micros, WalletReconciled } from '../../ledger/facts.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { WalletAt } from '../../pnl/queries/wallet-at.js';
import { HeldAt } from '../../positions/queries/held-at.js';
import { Decimal } from '../../shared/decimal.js';
import { isOfSize } from '../domain/break.js';
import { followBreaks } from '../domain/follow-breaks.js';
import type { Circumstances } from '../domain/wallet-break.js';
import { MONEY_TOLERANCE, walletBreak } from '../domain/wallet-break.js';
import { turnoverBetween } from '../queries/turnover.js';
import { refuseAhead } from './refuse-ahead.js';
import { openBreaks, reportsOf, writeBreaks } from '../reconciliation-tables.js';

/**
 * Compares the wallet the exchange reports with ours as of the report's time. Returns the fact to book when the exchange wins
 * (`PORTFOLIO_RECONCILE=adopt`): the first one is the opening balance (a flow), a later one performance. null = no difference, an
 * outdated report, or report only.
 */
export class CompareWallet extends Command<WalletReconciled | null> {
  constructor(readonly report: BalanceReport) {
    super();
  }
}

@CommandHandler(CompareWallet)
export class CompareWalletHandler implements ICommandHandler<CompareWallet> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly wallet: WalletAt,
    private readonly held: HeldAt,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ report }: CompareWallet): Promise<WalletReconciled | null> {
    const unit = this.unitOfWork.current();
    const { accountId, occurredAt, walletBalance: reported } = report;
    refuseAhead(unit, occurredAt);
    const adoptedAt = this.wallet.adoptedAt(unit, accountId);
    if (adoptedAt !== null && occurredAt <= adoptedAt) return null;
    // A newer one that agreed with us left no fact, and outdates it all the same.
    const { walletAt: since } = await reportsOf(unit.tx, accountId);
    if (since !== null && occurredAt < since) return null;
    await this.unitOfWork.writeStaged(unit);
    const booked = await this.wallet.of(unit, accountId, occurredAt);
    const difference = reported.minus(booked);
    const opening = adoptedAt === null;
    const adopts = this.config.RECONCILE === 'adopt';
    // An opening balance of an account that had nothing is no difference: there was nothing to compare.
    await this.follow(unit, report, since, adopts && opening && booked.isZero() ? reported : booked);
    if (!adopts || (difference.isZero() && !opening)) return null;
    return {
      kind: 'account.reconciliation',
      accountId,
      occurredAt,
      eventId: null,
      source: report.source,
      booked,
      reported,
      difference,
      opening,
    };
  }

  private async follow(
    unit: Unit,
    report: BalanceReport,
    since: Micros | null,
    ours: Decimal,
  ): Promise<void> {
    const { accountId, occurredAt, walletBalance } = report;
    const open = await openBreaks(unit.tx, accountId);
    const differs = !walletBalance.equals(ours);
    const circumstances: Circumstances = {
      since,
      until: occurredAt,
      exposure: this.held.exposure(unit, accountId),
      turnover: await turnoverBetween(unit.tx, accountId, differs ? since : occurredAt, occurredAt),
      positionsDiffer: open.some(isOfSize),
    };
    // What is adopted is listed to the digit.
    const least = this.config.RECONCILE === 'adopt' ? Decimal.ZERO : MONEY_TOLERANCE;
    const found = walletBreak(ours, walletBalance, circumstances, least);
    const equity = walletBalance.plus(this.held.unrealized(unit, accountId));
    const changed = followBreaks(open, {
      at: occurredAt,
      found: found ? [found] : [],
      judges: ({ kind }) => kind === 'wallet',
      equity,
    });
    await writeBreaks(unit.tx, accountId, changed);
  }
}
