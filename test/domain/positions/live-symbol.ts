import type {
  LedgerEntry,
  OrderExecuted,
  PositionReconciled,
  TradeClosed,
  TradeOpened,
} from '../../../src/ledger/facts.js';
import { keysOf, relate, supplemented } from '../../../src/ledger/identity.js';
import { PnlState } from '../../../src/pnl/pnl-state.js';
import { applyLevel } from '../../../src/positions/domain/apply-level.js';
import { TradeChanges, tradeKey } from '../../../src/positions/domain/changes.js';
import { applyClose, targetsOf } from '../../../src/positions/domain/close-trade.js';
import {
  closesInOrder,
  executionPrice,
  foldTrades,
  levelsInOrder,
  opensInOrder,
} from '../../../src/positions/domain/fold-trades.js';
import type { ToldWhole } from '../../../src/positions/domain/lone-trade.js';
import { applyAlone, standsAlone } from '../../../src/positions/domain/lone-trade.js';
import { applyOpen } from '../../../src/positions/domain/open-trade.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import { applyUnmatched, orphanIdOf } from '../../../src/positions/domain/unmatched-close.js';
import type { Decimal } from '../../../src/shared/decimal.js';
import type { Calendar } from '../../../src/shared/periods.js';
import type { TradeFact } from './facts.js';
import { SYMBOL, identified } from './facts.js';
import { differences, symbolFacts } from './rows.js';

/** Ten microseconds of these tests are a day. */
export const SHORT_DAYS: Calendar = {
  dayOf: (micros) => `2026-01-${String(1 + Math.floor(micros / 10)).padStart(2, '0')}`,
};

/**
 * One symbol of a running service, in memory: takes facts as they arrive by the decisions of the commands (in order: apply at once; late for
 * its place: fold all anew at the end of the batch) and keeps the rows, as the database would.
 */
export class LiveSymbol {
  book = new SymbolBook(SYMBOL);
  rows = new TradeChanges();
  readonly pnl = new PnlState(SHORT_DAYS);
  readonly ledger: LedgerEntry<TradeFact>[] = [];
  restated = 0;
  /** How many trades were added by themselves. */
  tookAlone = 0;
  private late = false;
  private mark: Decimal | null = null;
  private readonly taken = new Map<string, LedgerEntry<TradeFact>>();

  /** `standIns`: prices that stood in before, as a replay of the ledger finds them. */
  constructor(readonly standIns = new Map<string, Decimal>()) {}

  /** Takes a fact through the inbox rule; a repeat or a conflict changes nothing. */
  take(fact: TradeFact): void {
    const keys = keysOf(fact);
    const first = keys.map((key) => this.taken.get(key)).find((entry) => entry !== undefined);
    if (first && relate(first.fact, fact).relation !== 'supplement') return;
    const entry: LedgerEntry<TradeFact> = {
      version: this.ledger.length + 1,
      role: first ? 'supplement' : 'fact',
      receivedAt: 1_000 + this.ledger.length,
      fact,
    };
    const known = first ? { ...first, fact: supplemented(first.fact, fact) } : entry;
    for (const [key, taken] of this.taken) if (taken === first) this.taken.set(key, known);
    for (const key of keys) if (!this.taken.has(key)) this.taken.set(key, known);
    this.replay(entry);
  }

  /** Takes a trade that is told whole, by the decisions of an import: by itself when it is new and stands alone, else fact by fact. */
  takeWhole(trade: ToldWhole): void {
    const { opened, closed } = trade;
    const keys = [...keysOf(opened), ...keysOf(closed)];
    const tie = nextTie(this.ledger, opened.occurredAt);
    if (keys.some((key) => this.taken.has(key)) || !standsAlone(trade, tie)) {
      this.take(opened);
      this.take(closed);
      return;
    }
    const [open, close] = [this.enter(opened), this.enter(closed)];
    const changes = new TradeChanges();
    const whole = { open, close: identified(close) };
    if (!applyAlone(this.book, whole, keys, changes)) this.late = true;
    else this.tookAlone += 1;
    this.stage(changes);
  }

  private enter<F extends TradeFact>(fact: F): LedgerEntry<F> {
    const version = this.ledger.length + 1;
    const entry: LedgerEntry<F> = { version, role: 'fact', receivedAt: 999 + version, fact };
    for (const key of keysOf(fact)) this.taken.set(key, entry);
    this.ledger.push(entry);
    return entry;
  }

  /** Applies an entry that has its place in the ledger already. */
  replay(entry: LedgerEntry<TradeFact>): void {
    this.ledger.push(entry);
    const { fact } = entry;
    if (fact.kind === 'trade.opened') this.open({ ...entry, fact });
    else if (fact.kind === 'trade.closed') this.close({ ...entry, fact });
    else if (fact.kind === 'position.reconciliation') this.adopt({ ...entry, fact });
    else this.execute({ ...entry, fact });
  }

  /** A price was seen: it stands in for entry prices that nobody told. */
  tick(price: Decimal): void {
    this.mark = price;
    this.standIn();
  }

  endBatch(): void {
    if (!this.late) return;
    this.late = false;
    this.restated += 1;
    const { book, changes: wanted } = foldTrades(symbolFacts(this.ledger, this.standIns));
    this.stage(differences(this.rows, wanted));
    this.book = book;
  }

  /** What a restart finds: the book as the stored rows make it. */
  restart(): void {
    const book = new SymbolBook(SYMBOL);
    book.lastAt = this.book.lastAt;
    book.lastUnnamedAt = this.book.lastUnnamedAt;
    book.lastLevelAt = this.book.lastLevelAt;
    for (const { after } of this.rows.trades) {
      if (after?.status !== 'OPEN') continue;
      const standIn = this.standIns.get(after.tradeId);
      if (standIn) book.standIns.set(after.tradeId, standIn);
      book.put(after);
    }
    for (const { after } of this.rows.unmatched) {
      if (after && (after.tradeId !== null || !after.booked)) book.unmatched.set(after.version, after);
    }
    this.book = book;
  }

  private open(entry: LedgerEntry<TradeOpened>): void {
    const { fact, role } = entry;
    const priced =
      !fact.entryPrice && executionPrice(fact.tradeId, symbolFacts(this.ledger).executions) !== null;
    if (role === 'supplement' || !opensInOrder(this.book, fact) || this.late || priced) {
      this.late = true;
      return;
    }
    const changes = new TradeChanges();
    applyOpen(this.book, entry, changes);
    const recorded = this.standIns.get(fact.tradeId);
    if (!fact.entryPrice && recorded) this.book.recallStandIn(fact.tradeId, recorded);
    else if (!fact.entryPrice) this.standIn();
    this.stage(changes);
  }

  private standIn(): void {
    if (!this.mark || !this.book.hasUnpriced) return;
    for (const tradeId of this.book.standIn(this.mark)) this.standIns.set(tradeId, this.mark);
  }

  private close(entry: LedgerEntry<TradeClosed>): void {
    const changes = new TradeChanges();
    if (this.late || !this.closeInOrder(entry, changes)) this.late = true;
    else this.stage(changes);
  }

  private closeInOrder(entry: LedgerEntry<TradeClosed>, changes: TradeChanges): boolean {
    const close = identified(entry);
    const { fact } = close;
    const named = fact.tradeId === null ? null : (this.book.open.get(fact.tradeId) ?? null);
    if (!closesInOrder(this.book, close, named)) return false;
    const targets = named ? [named] : fact.tradeId === null ? targetsOf(this.book, fact) : [];
    if (targets.length > 0) {
      applyClose(this.book, close, targets, changes);
      return true;
    }
    const known = fact.tradeId === null ? null : this.find(orphanIdOf(close));
    if (known && known.status !== 'ORPHAN') return false;
    applyUnmatched(this.book, close, known, changes);
    return true;
  }

  private adopt(entry: LedgerEntry<PositionReconciled>): void {
    if (this.late || !levelsInOrder(this.book, entry.fact)) {
      this.late = true;
      return;
    }
    const changes = new TradeChanges();
    applyLevel(this.book, entry, changes);
    this.stage(changes);
  }

  private execute({ fact }: LedgerEntry<OrderExecuted>): void {
    if (!fact.executed || !fact.price) return;
    const trades = [fact.tradeId, fact.orderId].map((id) => (id === null ? null : this.find(id)));
    if (trades.some((trade) => trade && trade.status !== 'ORPHAN' && trade.entryFrom !== 'open'))
      this.late = true;
  }

  private find(tradeId: string) {
    return this.rows.trades.find(tradeKey({ symbol: SYMBOL, tradeId }))?.after ?? null;
  }

  private stage(changes: TradeChanges): void {
    this.rows.addAll(changes);
    this.pnl.addTradeChanges(changes);
  }
}

/** The earliest fact at or after a moment that ties trades together; null = none. */
function nextTie(ledger: readonly LedgerEntry<TradeFact>[], since: number): number | null {
  const moments = ledger
    .map(({ fact }) => fact)
    .filter(
      (fact) =>
        fact.kind === 'position.reconciliation' || (fact.kind === 'trade.closed' && fact.tradeId === null),
    )
    .map(({ occurredAt }) => occurredAt)
    .filter((at) => at >= since);
  return moments.length === 0 ? null : Math.min(...moments);
}
