import type { Acceptance } from '../../ledger/unit.js';
import type { TradeChanges } from '../domain/changes.js';
import type { PositionsState } from '../positions-state.js';

/** What a command about trades did: what became of its fact, and which rows changed (none for a duplicate or a late fact). */
export interface TradeOutcome {
  readonly acceptance: Acceptance;
  readonly changes: TradeChanges;
}

/** Adds a command's changes to what its account stages, and values the symbol anew. */
export function stageChanges(state: PositionsState, symbol: string, changes: TradeChanges): void {
  for (const { before, after } of changes.discrepancies)
    state.discrepancies += (after ? 1 : 0) - (before ? 1 : 0);
  state.changes.addAll(changes);
  state.revalue(symbol);
}
