import type { DiscrepancyKind } from './changes.js';

/** Kinds that a booking lists. */
const BOOKED = [
  'pnl_mismatch',
  'claimed_pnl_mismatch',
  'over_close',
  'entry_price_unknown',
  'exit_price_unknown',
  'fill_unpriced',
  'fee_unconverted',
  'order_exceeds_fills',
  'correction_without_fact',
] as const satisfies readonly DiscrepancyKind[];

/**
 * Everything that may not fit: what a booking lists, a parked close whose open did not come in time (`close_without_open`), a message
 * that contradicts a fact of its own source (`conflict`), or one of another source (`source_differs`).
 */
export const DISCREPANCY_KINDS = [...BOOKED, 'close_without_open', 'conflict', 'source_differs'] as const;

export type ListedDiscrepancyKind = (typeof DISCREPANCY_KINDS)[number];
