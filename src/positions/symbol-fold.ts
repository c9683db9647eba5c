import type { Config } from '../config.js';
import type { Transaction } from '../database/database.js';
import type {
  LedgerEntry,
  Micros,
  OrderExecuted,
  PositionReconciled,
  TradeCorrected,
  TradeOpened,
} from '../ledger/facts.js';
import { entriesOfSymbol } from '../ledger/ledger-store.js';
import type { Unit } from '../ledger/unit.js';
import type { Work } from '../shared/turns.js';
import { inTurns } from '../shared/turns.js';
import { closeKeyOf } from './commands/close-trade.js';
import { applyCorrections } from './corrections.js';
import type { Discrepancy } from './domain/changes.js';
import type { IdentifiedClose } from './domain/close-trade.js';
import type { IdentifiedFill, PositionMode } from './domain/fold-fills.js';
import { fillIdOf, fillsFold } from './domain/fold-fills.js';
import type { Folded, SymbolFacts } from './domain/fold-trades.js';
import { tradesFold } from './domain/fold-trades.js';
import { STAND_INS } from './positions-tables.js';

/** Whether fills net or hedge; by default fills net and trades hedge. */
export function modeOf({ POSITION_MODE, POSITION_SOURCE }: Config): PositionMode {
  return POSITION_MODE ?? (POSITION_SOURCE === 'fills' ? 'netting' : 'hedge');
}

/**
 * The whole state of a symbol from the ledger, corrections applied: what every incremental step has to agree with. With `asOf` only of
 * what had happened by then.
 */
export async function foldSymbol(
  unit: Unit,
  accountId: string,
  symbol: string,
  config: Config,
  asOf: Micros | null = null,
): Promise<Folded> {
  const all = await entriesOfSymbol(unit.tx, accountId, symbol, unit.account(accountId).version);
  return foldEntries(unit.tx, accountId, symbol, all, config, asOf);
}

/** The same from the symbol's facts. */
export async function foldEntries(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  symbol: string,
  all: readonly LedgerEntry[],
  config: Config,
  asOf: Micros | null = null,
): Promise<Folded> {
  const { entries: counted, awaited } = applyCorrections(all);
  const entries = asOf === null ? counted : counted.filter(({ fact }) => fact.occurredAt <= asOf);
  const folded =
    config.POSITION_SOURCE === 'fills'
      ? await inTurns(fillsFold(symbol, fillsOf(entries), modeOf(config), levelsOf(entries)))
      : await foldTradesOf(tx, accountId, symbol, entries);
  folded.book.awaited = awaited.length > 0 ? awaited.map(({ fact }) => fact.corrects).join('\n') : null;
  for (const correction of awaited) folded.changes.discrepancies.replace(null, awaitedCorrection(correction));
  return folded;
}

/** A correction whose fact is not there: late, or misnamed. It is listed until the fact comes. */
function awaitedCorrection({ version, fact }: LedgerEntry<TradeCorrected>): Discrepancy {
  const { symbol, corrects, occurredAt } = fact;
  const amounts = { reported: null, computed: null, size: null };
  return { version, tradeId: corrects, kind: 'correction_without_fact', symbol, occurredAt, ...amounts };
}

/** An execution as a fill; null when it was not executed, or has no order that could name it. */
export function fillOf(entry: LedgerEntry<OrderExecuted>): IdentifiedFill | null {
  return entry.fact.executed && entry.fact.orderId !== null
    ? { ...entry, fillId: fillIdOf(entry.fact) }
    : null;
}

function fillsOf(entries: readonly LedgerEntry[]): IdentifiedFill[] {
  return entries.flatMap((entry) => {
    const { fact } = entry;
    const fill = fact.kind === 'order.executed' ? fillOf({ ...entry, fact }) : null;
    return fill ? [fill] : [];
  });
}

function levelsOf(entries: readonly LedgerEntry[]): LedgerEntry<PositionReconciled>[] {
  return entries.flatMap((entry) =>
    entry.fact.kind === 'position.reconciliation' ? [{ ...entry, fact: entry.fact }] : [],
  );
}

async function foldTradesOf(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  symbol: string,
  entries: readonly LedgerEntry[],
): Promise<Folded> {
  const { opens, closes, executions } = await inTurns(byKind(entries));
  const unpriced = opens.filter(({ fact }) => !fact.entryPrice).map(({ fact }) => fact.tradeId);
  const condition = 'account_id = $1 AND trade_id = ANY($2)';
  const recorded = unpriced.length > 0 ? await STAND_INS.select(tx, condition, [accountId, unpriced]) : [];
  const standIns = new Map(recorded.map(({ tradeId, price }) => [tradeId, price]));
  return inTurns(tradesFold({ symbol, opens, closes, executions, levels: levelsOf(entries), standIns }));
}

function* byKind(
  entries: readonly LedgerEntry[],
): Work<Pick<SymbolFacts, 'opens' | 'closes' | 'executions'>> {
  const opens: LedgerEntry<TradeOpened>[] = [];
  const closes: IdentifiedClose[] = [];
  const executions: LedgerEntry<OrderExecuted>[] = [];
  for (const entry of entries) {
    const { fact } = entry;
    if (fact.kind === 'trade.opened') opens.push({ ...entry, fact });
    else if (fact.kind === 'trade.closed') closes.push({ ...entry, fact, key: closeKeyOf(fact) });
    else if (fact.kind === 'order.executed') executions.push({ ...entry, fact });
    yield;
  }
  return { opens, closes, executions };
}
