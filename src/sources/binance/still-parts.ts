import type { BalanceReport, HoldingsReport, PositionReport } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_MS } from '../../shared/periods.js';
import type { Happened } from './history.js';
import type { Movements } from './movements.js';

/** Wallet and positions as they were at one moment. */
export interface Look {
  /** The earliest, ms by the exchange's clock, at which the first of them may have been asked for. */
  readonly atMs: number;
  readonly balance: BalanceReport;
  readonly holdings: HoldingsReport;
}

/** No look is so slow that more than this happens in it. */
const MOST_MOMENTS = 50;

/**
 * Of an account that moved while it was looked at, the symbols that did not: what was seen of them is true of the look's moment. Of those
 * that are `known` the ones that were not seen at all are flat. It is not the whole set.
 */
export function stillHoldings(
  { atMs, holdings }: Look,
  known: Iterable<string>,
  happened: Happened,
  movements: Movements,
): HoldingsReport {
  const moved = new Set([
    ...happened.fills
      .filter(({ occurredAt }) => occurredAt >= atMs * MICROS_PER_MS)
      .map(({ symbol }) => symbol),
    ...happened.income.filter((row) => row.atMs >= atMs).map(({ symbol }) => symbol),
  ]);
  const isStill = (symbol: string) => !moved.has(symbol) && movements.of(symbol) < atMs;
  const seen = new Set(holdings.positions.map(({ symbol }) => symbol));
  const gone = [...new Set(known)].filter((symbol) => !seen.has(symbol));
  const positions = [...holdings.positions, ...gone.map((symbol) => flat(symbol, holdings))];
  return { ...holdings, positions: positions.filter(({ symbol }) => isStill(symbol)), complete: false };
}

function flat(symbol: string, { accountId, occurredAt, source }: HoldingsReport): PositionReport {
  const nothing = { entryPrice: null, markPrice: null, unrealizedPnl: null, leverage: null };
  const about = { kind: 'position.snapshot', accountId, occurredAt, source, symbol } as const;
  return { ...about, side: 'FLAT', quantity: Decimal.ZERO, ...nothing };
}

/**
 * The moments, in microseconds, at which the wallet that was looked at may have been what was seen: the look's own, and those at which
 * something happened since. It was seen at one of them, and nobody knows at which.
 */
export function momentsOf({ atMs }: Look, { income, fills }: Happened): number[] {
  const at = atMs * MICROS_PER_MS;
  const times = [
    ...income.map((row) => row.atMs * MICROS_PER_MS),
    ...fills.map(({ occurredAt }) => occurredAt),
  ].filter((time) => time >= at);
  return [...new Set([at, ...times])].sort((a, b) => a - b).slice(0, MOST_MOMENTS);
}
