import type {
  LedgerEntry,
  Micros,
  OrderExecuted,
  PositionReconciled,
  TradeOpened,
} from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { Work } from '../../shared/turns.js';
import { atOnce, sorted } from '../../shared/turns.js';
import { applyLevel } from './apply-level.js';
import { TradeChanges } from './changes.js';
import type { IdentifiedClose } from './close-trade.js';
import { applyClose, targetsOf } from './close-trade.js';
import { applyOpen, mergeOpen } from './open-trade.js';
import { SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';
import { applyUnmatched, orphanIdOf } from './unmatched-close.js';

/** Every fact of one symbol that bears on its trades, in any order. */
export interface SymbolFacts {
  readonly symbol: string;
  readonly opens: readonly LedgerEntry<TradeOpened>[];
  readonly closes: readonly IdentifiedClose[];
  readonly executions: readonly LedgerEntry<OrderExecuted>[];
  /** What the exchange said it holds, where that was adopted. */
  readonly levels: readonly LedgerEntry<PositionReconciled>[];
  /** Marks that stand in for entry prices nobody told, by trade. */
  readonly standIns: ReadonlyMap<string, Decimal>;
}

export interface Folded {
  readonly book: SymbolBook;
  /** All rows of the symbol as they must be; every `before` is null. */
  readonly changes: TradeChanges;
}

type Step = { at: Micros; rank: 0; key: string; open: PricedOpen } | CloseStep | LevelStep;
type CloseStep = { at: Micros; rank: 1; key: string; close: IdentifiedClose };
/** After what happened at its moment: the exchange has seen it. */
type LevelStep = { at: Micros; rank: 2; key: string; level: LedgerEntry<PositionReconciled> };

/** An open with its price from wherever it is known. */
interface PricedOpen extends LedgerEntry<TradeOpened> {
  readonly entryFrom: Trade['entryFrom'];
}

/**
 * The state of a symbol as a function of the set of its facts: they are put in the order of their events (opens before closes of
 * the same microsecond, statements of the exchange last, then by identity) and folded one by one, so that the order of arrival leaves no trace.
 */
export function foldTrades(facts: SymbolFacts): Folded {
  return atOnce(tradesFold(facts));
}

/** The same, to be left after each fact: a symbol may have hundreds of thousands. */
export function* tradesFold(facts: SymbolFacts): Work<Folded> {
  const steps = yield* stepsOf(facts);
  const folded = yield* foldOnce(facts, steps, new Map());
  // A close may tell the entry price of a trade whose earlier closes needed it already: fold again with what was learnt.
  const learnt = pricesLearnt(steps, folded.changes);
  return learnt.size === 0 ? folded : yield* foldOnce(facts, steps, learnt);
}

function pricesLearnt(steps: readonly Step[], changes: TradeChanges): Map<string, Decimal> {
  const learnt = new Map<string, Decimal>();
  const unpriced = new Set<string>();
  for (const step of steps)
    if (step.rank === 0 && !step.open.fact.entryPrice) unpriced.add(step.open.fact.tradeId);
  for (const { after } of changes.trades) {
    const { tradeId, entryPrice } = after!;
    if (entryPrice && unpriced.has(tradeId)) learnt.set(tradeId, entryPrice);
  }
  return learnt;
}

function* foldOnce(
  facts: SymbolFacts,
  steps: readonly Step[],
  learnt: ReadonlyMap<string, Decimal>,
): Work<Folded> {
  const book = new SymbolBook(facts.symbol);
  const changes = new TradeChanges();
  const trades = new Map<string, Trade>();
  for (const [tradeId, price] of facts.standIns) book.standIns.set(tradeId, price);
  for (const step of steps) {
    if (step.rank === 0) {
      const { fact, entryFrom } = step.open;
      const entryPrice = fact.entryPrice ?? learnt.get(fact.tradeId) ?? null;
      const open = { ...step.open, fact: { ...fact, entryPrice } };
      trades.set(fact.tradeId, applyOpen(book, open, changes, entryFrom ?? 'close'));
    } else if (step.rank === 2) {
      for (const trade of applyLevel(book, step.level, changes)) trades.set(trade.tradeId, trade);
    } else for (const trade of foldClose(book, step.close, trades, changes)) trades.set(trade.tradeId, trade);
    yield;
  }
  return { book, changes };
}

function foldClose(
  book: SymbolBook,
  close: IdentifiedClose,
  trades: ReadonlyMap<string, Trade>,
  changes: TradeChanges,
): Trade[] {
  const named = close.fact.tradeId === null ? undefined : trades.get(close.fact.tradeId);
  if (named && named.status !== 'ORPHAN') return applyClose(book, close, [named], changes);
  const targets = close.fact.tradeId === null ? targetsOf(book, close.fact) : [];
  if (targets.length > 0) return applyClose(book, close, targets, changes);
  const orphan = applyUnmatched(book, close, trades.get(orphanIdOf(close)) ?? null, changes);
  return [orphan].filter((trade) => trade !== null);
}

function* stepsOf(facts: SymbolFacts): Work<Step[]> {
  const opens = yield* mergedOpens(facts);
  const openedAt = new Map(opens.map(({ fact }) => [fact.tradeId, fact.occurredAt]));
  const steps: Step[] = opens.map((open) => ({
    at: open.fact.occurredAt,
    rank: 0,
    key: open.fact.tradeId,
    open,
  }));
  for (const close of facts.closes) {
    const { tradeId, occurredAt } = close.fact;
    const opened = tradeId === null ? undefined : openedAt.get(tradeId);
    steps.push({ at: Math.max(occurredAt, opened ?? occurredAt), rank: 1, key: close.key, close });
    yield;
  }
  for (const level of facts.levels)
    steps.push({ at: level.fact.occurredAt, rank: 2, key: String(level.version), level });
  return yield* sorted(steps, (a, b) => a.at - b.at || a.rank - b.rank || (a.key < b.key ? -1 : 1));
}

/** Each open once, with its supplements merged in and, where nobody told its price, that of an execution of it. */
function* mergedOpens({ opens, executions }: SymbolFacts): Work<PricedOpen[]> {
  const groups = new Map<string, LedgerEntry<TradeOpened>[]>();
  for (const open of opens) {
    const group = groups.get(open.fact.tradeId);
    if (group) group.push(open);
    else groups.set(open.fact.tradeId, [open]);
  }
  const merged: PricedOpen[] = [];
  for (const group of groups.values()) {
    const first = group.find((open) => open.role === 'fact') ?? group[0]!;
    const fact = mergeOpen(
      first.fact,
      group.map((open) => open.fact),
    );
    const entryPrice = fact.entryPrice ?? executionPrice(fact.tradeId, executions);
    const entryFrom = fact.entryPrice ? 'open' : entryPrice ? 'execution' : null;
    merged.push({ ...first, fact: { ...fact, entryPrice }, entryFrom });
    yield;
  }
  return merged;
}

/** The price of the earliest execution whose order or trade is this trade; null when none told one. */
export function executionPrice(
  tradeId: string,
  executions: readonly LedgerEntry<OrderExecuted>[],
): Decimal | null {
  const prices = executions
    .map(({ fact }) => fact)
    .filter((fact) => fact.executed && fact.price && (fact.orderId === tradeId || fact.tradeId === tradeId))
    .sort((a, b) => a.occurredAt - b.occurredAt || (identityOf(a) < identityOf(b) ? -1 : 1));
  return prices[0]?.price ?? null;
}

const identityOf = ({ orderId, executionId, price }: OrderExecuted) =>
  `${orderId}/${executionId}/${price!.toString()}`;

/** Whether an open can simply be added: nothing folded so far would have come out differently with it. */
export function opensInOrder(book: SymbolBook, open: TradeOpened): boolean {
  const afterUnnamed = book.lastUnnamedAt === null || open.occurredAt > book.lastUnnamedAt;
  return afterUnnamed && book.isAfterLevels(open.occurredAt) && !book.isAwaited(open);
}

/** Whether a statement of the exchange can simply be applied: nothing was folded that comes after it. */
export function levelsInOrder(book: SymbolBook, { occurredAt }: PositionReconciled): boolean {
  return (book.lastAt === null || book.lastAt <= occurredAt) && book.isAfterLevels(occurredAt);
}

/** Whether a close of these open trades can simply be applied; `named` = the trade it names, when that is open. */
export function closesInOrder(book: SymbolBook, close: IdentifiedClose, named: Trade | null): boolean {
  const { fact } = close;
  if (!book.isAfterLevels(fact.occurredAt)) return false;
  if (fact.tradeId === null) {
    const learns =
      fact.entryPrice !== null &&
      [...book.open.values()].some((trade) => !trade.entryPrice && isPriceCounted(book, trade));
    return !learns && (book.lastAt === null || fact.occurredAt > book.lastAt);
  }
  if (!named)
    return [...book.unmatched.values()].every(
      (other) => other.tradeId !== fact.tradeId || other.occurredAt < fact.occurredAt,
    );
  // Nobody can name what only the exchange told of; whoever does is judged by the fold.
  if (named.entryFrom === 'reconciliation') return false;
  const at = Math.max(fact.occurredAt, named.openedAt!);
  if (book.lastUnnamedAt !== null && at <= book.lastUnnamedAt) return false;
  if (!named.entryPrice && fact.entryPrice && isPriceCounted(book, named)) return false;
  return named.lastCloseAt === null || at > Math.max(named.lastCloseAt, named.openedAt!);
}

/** Whether an entry price told now would change what was folded: what earlier closes realized, or what a statement of the exchange adopted beside it. */
function isPriceCounted(book: SymbolBook, { closes, openedAt }: Trade): boolean {
  return closes > 0 || !book.isAfterLevels(openedAt!);
}
