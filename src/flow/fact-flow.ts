import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RecordEmergencyStop } from '../drawdown/commands/record-emergency-stop.js';
import { TrackEquity } from '../drawdown/commands/track-equity.js';
import type {
  BalanceReport,
  Fact,
  HoldingsReport,
  PositionReconciled,
  PositionReport,
  WalletReconciled,
} from '../ledger/facts.js';
import type { Acceptance, Unit } from '../ledger/unit.js';
import { UnitOfWork } from '../ledger/unit-of-work.js';
import { BookCashFlow } from '../pnl/commands/book-cash-flow.js';
import type { FlowOutcome } from '../pnl/commands/book-cash-flow.js';
import { BookRealized } from '../pnl/commands/book-realized.js';
import { BookReconciliation } from '../pnl/commands/book-reconciliation.js';
import { SettleWallet } from '../pnl/commands/settle-wallet.js';
import { WalletAt } from '../pnl/queries/wallet-at.js';
import { AdoptHolding } from '../positions/commands/adopt-holding.js';
import { CloseTrade } from '../positions/commands/close-trade.js';
import { CorrectTrade } from '../positions/commands/correct-trade.js';
import { OpenTrade } from '../positions/commands/open-trade.js';
import { RecordExecution } from '../positions/commands/record-execution.js';
import { TakeLoneTrades } from '../positions/commands/take-lone-trades.js';
import { RestateSymbols } from '../positions/commands/restate-symbols.js';
import { TrackExcursions } from '../positions/commands/track-excursions.js';
import type { TradeOutcome } from '../positions/commands/trade-outcome.js';
import type { TradeChanges } from '../positions/domain/changes.js';
import type { ToldWhole } from '../positions/domain/lone-trade.js';
import { HeldAt } from '../positions/queries/held-at.js';
import { CollectReport } from '../reconciliation/commands/collect-report.js';
import { CompareHoldings } from '../reconciliation/commands/compare-holdings.js';
import { CompareWallet } from '../reconciliation/commands/compare-wallet.js';
import { NoteAdopted } from '../reconciliation/commands/note-adopted.js';
import { Standings } from '../reconciliation/queries/standings.js';
import type { Decimal } from '../shared/decimal.js';

/** What happens with a fact, from what we hold to what it earned to how far below the peak that leaves us. */
@Injectable()
export class FactFlow {
  constructor(
    private readonly commands: CommandBus,
    private readonly unitOfWork: UnitOfWork,
    private readonly wallet: WalletAt,
    private readonly held: HeldAt,
    private readonly standings: Standings,
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
        // Its difference was taken from a wallet in which nothing waited to be restated or settled.
        await this.restate(this.unitOfWork.current());
        return this.move(fact.accountId, await this.commands.execute(new BookReconciliation(fact)));
      case 'position.reconciliation':
        return this.adopt(fact);
      case 'ess.tripped':
        return this.commands.execute(new RecordEmergencyStop(fact));
    }
  }

  /**
   * Applies a fact that has its place in the ledger once more. What trades realize is added to `kept`: it is counted all at once (`countKept`),
   * and before anything else may ask for it.
   */
  async applyAgain(fact: Fact, kept: TradeChanges): Promise<void> {
    if (fact.kind === 'trade.opened') kept.addAll((await this.commands.execute(new OpenTrade(fact))).changes);
    else if (fact.kind === 'trade.closed')
      kept.addAll((await this.commands.execute(new CloseTrade(fact))).changes);
    else {
      await this.countKept(fact.accountId, kept);
      await this.apply(fact);
    }
  }

  async countKept(accountId: string, kept: TradeChanges): Promise<void> {
    if (kept.isEmpty) return;
    await this.commands.execute(new BookRealized(accountId, kept));
    kept.clear();
  }

  /**
   * Applies trades of which nothing is known yet, that are told whole and stand alone. What they earned is counted once for all of them;
   * no mark ever saw them open, so there is nothing to track of them.
   */
  async takeLoneTrades(accountId: string, trades: readonly ToldWhole[]): Promise<void> {
    const changes = await this.commands.execute(new TakeLoneTrades(accountId, trades));
    if (changes.isEmpty) return;
    await this.commands.execute(new BookRealized(accountId, changes));
    await this.track(accountId, null);
  }

  /** Takes in the wallet that the exchange reports, and, where positions come one by one, the set it belongs to. */
  async reconcile(report: BalanceReport): Promise<Acceptance | null> {
    // What waits to be restated is in the wallet that the exchange reports: it has to be in ours first.
    await this.restate(this.unitOfWork.current());
    const fact = await this.commands.execute(new CompareWallet(report));
    const acceptance = fact && (await this.applyAdopted(fact));
    await this.reconcileCollected(report);
    return acceptance;
  }

  /** Takes in one position that the exchange reports; the last of a set has the set compared with what we hold. */
  async reconcileCollected(report: BalanceReport | PositionReport): Promise<void> {
    const sets = await this.commands.execute(new CollectReport(report));
    for (const set of sets) await this.reconcileHoldings(set);
    if (sets.length === 0) await this.standings.stage(this.unitOfWork.current(), report.accountId);
  }

  /** Compares what the exchange holds with what we held at that time. Returns what was adopted, a fact a symbol. */
  async reconcileHoldings(report: HoldingsReport): Promise<readonly Acceptance[]> {
    await this.restate(this.unitOfWork.current());
    const accepted: Acceptance[] = [];
    for (const fact of await this.commands.execute(new CompareHoldings(report)))
      accepted.push(await this.applyAdopted(fact));
    // A statement may be late for its symbol: what it changes belongs to the same moment.
    await this.restate(this.unitOfWork.current());
    await this.standings.stage(this.unitOfWork.current(), report.accountId);
    return accepted;
  }

  /** Ends a batch: symbols in which a fact came late for its place are folded anew, and so are adopted wallets. */
  async restate(unit: Unit): Promise<void> {
    for (const { accountId } of unit.changed) {
      const changes = await this.commands.execute(new RestateSymbols(accountId));
      if (!changes.isEmpty) {
        await this.commands.execute(new TrackExcursions(accountId, changes));
        await this.commands.execute(new BookRealized(accountId, changes));
      }
      const settled = await this.commands.execute(new SettleWallet(accountId));
      if (settled || !changes.isEmpty) await this.track(accountId, settled?.flow ?? null);
    }
  }

  private async applyAdopted(fact: WalletReconciled | PositionReconciled): Promise<Acceptance> {
    const acceptance = await this.apply(fact);
    if (acceptance.outcome === 'accepted')
      await this.commands.execute(new NoteAdopted({ ...acceptance.entry, fact }));
    return acceptance;
  }

  /** What an account's opening positions have on paper was there from the beginning, like its opening balance: it is a flow. */
  private async adopt(fact: PositionReconciled): Promise<Acceptance> {
    const unit = this.unitOfWork.current();
    const before = this.held.unrealized(unit, fact.accountId);
    const outcome = await this.commands.execute(new AdoptHolding(fact));
    const gained = this.held.unrealized(unit, fact.accountId).minus(before);
    return this.settle(fact.accountId, outcome, fact.opening ? gained : null);
  }

  private async settle(
    accountId: string,
    { acceptance, changes }: TradeOutcome,
    flow: Decimal | null = null,
  ): Promise<Acceptance> {
    if (changes.isEmpty) return acceptance;
    await this.commands.execute(new TrackExcursions(accountId, changes));
    await this.commands.execute(new BookRealized(accountId, changes));
    await this.track(accountId, flow);
    return acceptance;
  }

  private async move(accountId: string, { acceptance, flow }: FlowOutcome): Promise<Acceptance> {
    if (acceptance.outcome === 'accepted') await this.track(accountId, flow);
    return acceptance;
  }

  private async track(accountId: string, flow: Decimal | null): Promise<void> {
    if (this.wallet.waits(this.unitOfWork.current(), accountId, flow)) return;
    await this.commands.execute(new TrackEquity(accountId, flow));
  }
}
