import type { ChangeSet } from '../../../src/positions/domain/changes.js';
import { TradeChanges } from '../../../src/positions/domain/changes.js';
import type { SymbolFacts } from '../../../src/positions/domain/fold-trades.js';
import type { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import type {
  LedgerEntry,
  OrderExecuted,
  PositionReconciled,
  TradeOpened,
} from '../../../src/ledger/facts.js';
import type { IdentifiedClose } from '../../../src/positions/domain/close-trade.js';
import type { Decimal } from '../../../src/shared/decimal.js';
import type { TradeFact } from './facts.js';
import { SYMBOL, identified } from './facts.js';

/** A row as one text: equal rows are equal bytes, whatever the order of their fields. */
export function canonical(row: object): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const SETS = ['trades', 'bookings', 'discrepancies', 'unmatched'] as const;

/** The rows that changes leave, each as canonical text, sorted. */
export function rowsOf(changes: TradeChanges): Record<(typeof SETS)[number], string[]> {
  const rows = (set: ChangeSet<never>): string[] =>
    [...(set as unknown as ChangeSet<object>)]
      .flatMap(({ after }) => (after ? [canonical(after)] : []))
      .sort();
  return {
    trades: rows(changes.trades as never),
    bookings: rows(changes.bookings as never),
    discrepancies: rows(changes.discrepancies as never),
    unmatched: rows(changes.unmatched as never),
  };
}

/** What a book says, as canonical text: what is held on both sides, what waits, and how far it was folded. */
export function bookRows(book: SymbolBook): Record<string, unknown> {
  return {
    LONG: canonical(book.holding('LONG')),
    SHORT: canonical(book.holding('SHORT')),
    open: [...book.open.values()].map(canonical).sort(),
    unmatched: [...book.unmatched.values()].map(canonical).sort(),
    lastAt: book.lastAt,
    lastUnnamedAt: book.lastUnnamedAt,
    lastLevelAt: book.lastLevelAt,
  };
}

/** The facts of a symbol as the fold takes them. */
export function symbolFacts(
  entries: readonly LedgerEntry<TradeFact>[],
  standIns: ReadonlyMap<string, Decimal> = new Map(),
): SymbolFacts {
  const opens: LedgerEntry<TradeOpened>[] = [];
  const closes: IdentifiedClose[] = [];
  const executions: LedgerEntry<OrderExecuted>[] = [];
  const levels: LedgerEntry<PositionReconciled>[] = [];
  for (const entry of entries) {
    const { fact } = entry;
    if (fact.kind === 'trade.opened') opens.push({ ...entry, fact });
    else if (fact.kind === 'trade.closed') closes.push(identified({ ...entry, fact }));
    else if (fact.kind === 'position.reconciliation') levels.push({ ...entry, fact });
    else executions.push({ ...entry, fact });
  }
  return { symbol: SYMBOL, opens, closes, executions, levels, standIns };
}

/** What has to change for one set of rows to become another: each `before` is what was there. */
export function differences(stored: TradeChanges, wanted: TradeChanges): TradeChanges {
  const changes = new TradeChanges();
  for (const name of SETS) {
    compare(stored[name] as never, wanted[name] as never, changes[name] as never);
  }
  return changes;
}

function compare(stored: ChangeSet<object>, wanted: ChangeSet<object>, changes: ChangeSet<object>): void {
  const before = new Map([...stored].flatMap(({ after }) => (after ? [[stored.keyOf(after), after]] : [])));
  for (const { after } of wanted) {
    if (!after) continue;
    const old = before.get(wanted.keyOf(after)) ?? null;
    before.delete(wanted.keyOf(after));
    if (!old || canonical(old) !== canonical(after)) changes.replace(old, after);
  }
  for (const old of before.values()) changes.replace(old, null);
}
