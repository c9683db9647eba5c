import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RecordEmergencyStop } from '../drawdown/commands/record-emergency-stop.js';
import { TrackEquity } from '../drawdown/commands/track-equity.js';
import type { BalanceReport, Fact, HoldingsReport } from '../ledger/facts.js';
import type { Acceptance, Unit } from '../ledger/unit.js';
import { UnitOfWork } from '../ledger/unit-of-work.js';
import { BookCashFlow } from '../pnl/commands/book-cash-flow.js';
import type { FlowOutcome } from '../pnl/commands/book-cash-flow.js';
import { BookRealized } from '../pnl/commands/book-realized.js';
import { BookReconciliation } from '../pnl/commands/book-reconciliation.js';
import { ReconcileWallet } from '../pnl/commands/reconcile-wallet.js';
import { CloseTrade } from '../positions/commands/close-trade.js';
import { CorrectTrade } from '../positions/commands/correct-trade.js';
import { OpenTrade } from '../positions/commands/open-trade.js';
import { RecordExecution } from '../positions/commands/record-execution.js';
import { RestateSymbols } from '../positions/commands/restate-symbols.js';
import { TrackExcursions } from '../positions/commands/track-excursions.js';
import type { TradeOutcome } from '../positions/commands/trade-outcome.js';

/** What happens with a fact, from what we hold to what it earned to how far below the peak that leaves us. */
@Injectable()
export class FactFlow {
  constructor(
    private readonly commands: CommandBus,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Applies a fact of any kind inside the current unit of work. */
  async apply(fact: Fact): Promise<Acceptance> {
    switch (fact.kind) {
      case 'trade.opened':
        return this.settle(fact.accountId, await this.commands.execute(new OpenTrade(fact)));
      case 'trade.closed':
        return this.settle(fact.accountId, await this.commands.execute(new CloseTrade(fact)));
      case 'order.executed':
        return this.settle(fact.accountId, await this.commands.execute(new RecordExecution(fact)));
      case 'trade.corrected':
        return this.commands.execute(new CorrectTrade(fact));
      case 'account.cash_flow':
        return this.move(fact.accountId, await this.commands.execute(new BookCashFlow(fact)));
      case 'account.reconciliation':
        return this.move(fact.accountId, await this.commands.execute(new BookReconciliation(fact)));
      case 'ess.tripped':
        return this.commands.execute(new RecordEmergencyStop(fact));
    }
  }

  /** Compares the wallet the exchange reports with ours; null = nothing to book. */
  async reconcile(report: BalanceReport): Promise<Acceptance | null> {
    // What waits to be restated is in the wallet that the exchange reports: it has to be in ours first.
    await this.restate(this.unitOfWork.current());
    const outcome = await this.commands.execute(new ReconcileWallet(report));
    return outcome && this.move(report.accountId, outcome);
  }

  /** Compares what an exchange holds with what we do. */
  reconcileHoldings(report: HoldingsReport): Promise<readonly Acceptance[]> {
    this.unitOfWork.current().account(report.accountId);
    return Promise.resolve([]);
  }

  /** Ends a batch: symbols in which a fact came late for its place are folded anew. */
  async restate(unit: Unit): Promise<void> {
    for (const { accountId } of unit.changed) {
      const changes = await this.commands.execute(new RestateSymbols(accountId));
      if (changes.isEmpty) continue;
      await this.commands.execute(new TrackExcursions(accountId, changes));
      await this.commands.execute(new BookRealized(accountId, changes));
      await this.commands.execute(new TrackEquity(accountId));
    }
  }

  private async settle(accountId: string, { acceptance, changes }: TradeOutcome): Promise<Acceptance> {
    if (changes.isEmpty) return acceptance;
    await this.commands.execute(new TrackExcursions(accountId, changes));
    await this.commands.execute(new BookRealized(accountId, changes));
    await this.commands.execute(new TrackEquity(accountId));
    return acceptance;
  }

  private async move(accountId: string, { acceptance, flow }: FlowOutcome): Promise<Acceptance> {
    if (acceptance.outcome === 'accepted') await this.commands.execute(new TrackEquity(accountId, flow));
    return acceptance;
  }
}
