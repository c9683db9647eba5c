import type { Micros, Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { UnmatchedClose } from './changes.js';
import type { Trade } from './trade.js';

/** What is held in one symbol on one side: sums over its open trades, all ≥ 0. */
export interface Holding {
  /** Base size of all open trades. */
  readonly quantity: Decimal;
  /** Base size of those whose entry price is known or stood in for. */
  readonly pricedQuantity: Decimal;
  /** Σ remaining × entry price of the priced ones. */
  readonly costBasis: Decimal;
  readonly trades: number;
}

export const NOTHING_HELD: Holding = {
  quantity: Decimal.ZERO,
  pricedQuantity: Decimal.ZERO,
  costBasis: Decimal.ZERO,
  trades: 0,
};

/**
 * The open trades of one symbol, the closes that wait for an open, and how far in time it was folded. Sums are kept exactly and
 * incrementally: what a trade added is what it takes away, so that a flat side costs exactly zero.
 */
export class SymbolBook {
  readonly open = new Map<string, Trade>();
  readonly unmatched = new Map<number, UnmatchedClose>();
  /** Prices that stand in for entry prices nobody has told yet: the first mark seen. */
  readonly standIns = new Map<string, Decimal>();
  /** Time of the latest fact folded in, and of the latest close that named no trade. */
  lastAt: Micros | null = null;
  lastUnnamedAt: Micros | null = null;
  /** Time of the latest statement of the exchange folded in: what is dated up to it has to be folded before it. */
  lastLevelAt: Micros | null = null;
  /** The latest fill folded in, where fills are the source: orders fills of one microsecond; told only together with `lastAt`. */
  lastFillId: string | null = null;
  /** Keys of facts that a correction came before, one a line; null = none is awaited. */
  awaited: string | null = null;
  private held: Record<Side, Holding> = { LONG: NOTHING_HELD, SHORT: NOTHING_HELD };
  /** How many open trades have neither. */
  private unpriced = 0;

  constructor(readonly symbol: string) {}

  clone(): SymbolBook {
    const copy = new SymbolBook(this.symbol);
    for (const [id, trade] of this.open) copy.open.set(id, trade);
    for (const [version, close] of this.unmatched) copy.unmatched.set(version, close);
    for (const [id, price] of this.standIns) copy.standIns.set(id, price);
    copy.lastAt = this.lastAt;
    copy.lastUnnamedAt = this.lastUnnamedAt;
    copy.lastLevelAt = this.lastLevelAt;
    copy.lastFillId = this.lastFillId;
    copy.awaited = this.awaited;
    copy.held = { ...this.held };
    copy.unpriced = this.unpriced;
    return copy;
  }

  holding(side: Side): Holding {
    return this.held[side];
  }

  isEmpty(): boolean {
    return this.open.size === 0 && this.unmatched.size === 0;
  }

  /** Whether a correction of a fact with one of these keys came before the fact itself. */
  awaits(keys: readonly string[]): boolean {
    return this.awaited !== null && this.awaited.split('\n').some((key) => keys.includes(key));
  }

  /** Whether a close that names this trade came before it. */
  isAwaited({ tradeId }: Pick<Trade, 'tradeId'>): boolean {
    for (const close of this.unmatched.values()) if (close.tradeId === tradeId) return true;
    return false;
  }

  /** The entry price as far as it is known: told, else the mark that stands in; null = neither. */
  entryOf(trade: Trade): Decimal | null {
    return trade.entryPrice ?? this.standIns.get(trade.tradeId) ?? null;
  }

  /** Puts a trade in its place; one with nothing remaining leaves the book. */
  put(trade: Trade): void {
    const before = this.open.get(trade.tradeId);
    if (before) this.count(before, -1);
    if (trade.status !== 'OPEN') this.open.delete(trade.tradeId);
    else {
      this.open.set(trade.tradeId, trade);
      this.count(trade, 1);
    }
  }

  /**
   * Lets a mark stand in for every entry price that is not known yet. Returns the trades it stands in for. A trade of which a part was
   * closed already keeps its price unknown: what that part realized was booked without one.
   */
  standIn(price: Decimal): string[] {
    const waiting = [...this.open.values()].filter(
      (trade) => trade.closes === 0 && this.entryOf(trade) === null,
    );
    for (const { tradeId } of waiting) this.recallStandIn(tradeId, price);
    return waiting.map((trade) => trade.tradeId);
  }

  /** Sets the price that stands in for an open trade's entry price. */
  recallStandIn(tradeId: string, price: Decimal): void {
    if (this.standIns.get(tradeId)?.equals(price)) return;
    const trade = this.open.get(tradeId);
    if (trade) this.count(trade, -1);
    this.standIns.set(tradeId, price);
    if (trade) this.count(trade, 1);
  }

  /** Whether an open trade has no entry price yet, nor one that stands in for it. */
  get hasUnpriced(): boolean {
    return this.unpriced > 0;
  }

  /** Whether a mark stands in for the price of a trade that is open. */
  get isStoodIn(): boolean {
    return [...this.standIns.keys()].some((tradeId) => this.open.get(tradeId)?.entryPrice === null);
  }

  /** Whether a fact of this time comes after every statement of the exchange that was folded in. */
  isAfterLevels(at: Micros): boolean {
    return this.lastLevelAt === null || at > this.lastLevelAt;
  }

  /** Open trades of a side that were open at `at`, oldest first. */
  openAt(side: Side, at: Micros): Trade[] {
    return [...this.open.values()]
      .filter((trade) => trade.side === side && trade.openedAt! <= at)
      .sort((a, b) => a.openedAt! - b.openedAt! || (a.tradeId < b.tradeId ? -1 : 1));
  }

  private count(trade: Trade, sign: 1 | -1): void {
    const side = trade.side!;
    const held = this.held[side];
    const remaining = sign === 1 ? trade.remaining : trade.remaining.negated();
    const entry = this.entryOf(trade);
    if (!entry) this.unpriced += sign;
    this.held[side] = {
      quantity: held.quantity.plus(remaining),
      pricedQuantity: entry ? held.pricedQuantity.plus(remaining) : held.pricedQuantity,
      costBasis: entry ? held.costBasis.plus(costOf(trade, remaining, entry, sign)) : held.costBasis,
      trades: held.trades + sign,
    };
  }
}

/** What a trade's open quantity adds to the cost (sign 1) or takes away from it (sign −1). */
function costOf(trade: Trade, remaining: Decimal, entry: Decimal, sign: 1 | -1): Decimal {
  if (trade.costBasis === null) return remaining.times(entry);
  return sign === 1 ? trade.costBasis : trade.costBasis.negated();
}
