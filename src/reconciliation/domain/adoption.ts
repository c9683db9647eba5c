import type { HoldingsReport, PositionReconciled, Side } from '../../ledger/facts.js';
import type { FollowedBreak } from './break.js';
import { isOfSize } from './break.js';
import { isRipe } from './follow-breaks.js';
import type { OurSide, Sides, TheirSide } from './holdings.js';
import { SIDES } from './holdings.js';

/** One symbol of a report beside what we held. */
export interface ComparedSymbol {
  readonly symbol: string;
  readonly ours: Sides<OurSide>;
  readonly theirs: Sides<TheirSide | null>;
  /** Whether anybody but the exchange ever told of the symbol: then he may only be late. */
  readonly isSpokenFor: boolean;
  readonly breaks: readonly FollowedBreak[];
}

/**
 * The statement that makes ours theirs in a symbol; null = nothing is to be adopted, or not yet. A symbol of which only the exchange tells
 * is adopted at once: there is nobody to wait for. A side whose break is too young, or cannot be adopted, is left out of it.
 */
export function adoptionOf(
  compared: ComparedSymbol,
  { accountId, occurredAt, source }: HoldingsReport,
  { graceSec, opening }: { readonly graceSec: number; readonly opening: boolean },
): PositionReconciled | null {
  const { symbol, ours, theirs, breaks } = compared;
  const isReady = (found: FollowedBreak) => !compared.isSpokenFor || isRipe(found, graceSec);
  const ready = breaks.filter((found) => isReady(found) && isAdoptable(found, compared));
  if (ready.length === 0) return null;
  const states = (side: Side) =>
    !breaks.some((found) => found.side === side) || ready.some((found) => found.side === side);
  const [long, short] = SIDES.map((side) => (states(side) ? theirs[side] : null));
  return {
    kind: 'position.reconciliation',
    accountId,
    occurredAt,
    eventId: null,
    source,
    symbol,
    longQuantity: long?.quantity ?? null,
    longEntryPrice: long?.entryPrice ?? null,
    shortQuantity: short?.quantity ?? null,
    shortEntryPrice: short?.entryPrice ?? null,
    leverage: long?.leverage ?? short?.leverage ?? null,
    bookedLong: ours.LONG.quantity,
    bookedShort: ours.SHORT.quantity,
    opening,
  };
}

/** Sizes are, when what is missing has a price; an entry price is where ours averages. What is on paper follows from both. */
function isAdoptable(found: FollowedBreak, { ours, theirs }: ComparedSymbol): boolean {
  const side = found.side as Side;
  const { quantity, averages, fixedCost } = ours[side];
  if (found.kind === 'entry_price') return averages && found.theirs!.times(quantity).greaterThan(fixedCost);
  if (!isOfSize(found) || found.difference === null) return false;
  return found.difference.isNegative() || theirs[side]!.entryPrice !== null;
}
