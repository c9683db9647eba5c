import type { Side } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';

/** What one held side of a symbol adds to the exposure. */
export interface ExposedHolding {
  readonly symbol: string;
  readonly side: Side;
  readonly sector: string;
  /** ≥ 0; null = no price is known, so it cannot be counted. */
  readonly notional: Decimal | null;
}

/** What is at risk, in the account's currency. */
export interface ExposureFigures {
  /** Long + short: gross, ≥ 0. */
  readonly total: Decimal;
  readonly long: Decimal;
  readonly short: Decimal;
  /** Long − short. */
  readonly net: Decimal;
  /** Signed, long − short. */
  readonly bySymbol: ReadonlyMap<string, Decimal>;
  readonly grossBySymbol: ReadonlyMap<string, Decimal>;
  /** Signed, long − short. */
  readonly bySector: ReadonlyMap<string, Decimal>;
  /** Total ÷ equity × 100; null if equity ≤ 0. */
  readonly pctOfEquity: Decimal | null;
  /** Total ÷ equity; null if equity ≤ 0. */
  readonly effectiveLeverage: Decimal | null;
}

/** All exposure figures of a set of holdings. Two sides of one symbol are summed, never overwritten. */
export function exposureFigures(holdings: Iterable<ExposedHolding>, equity: Decimal): ExposureFigures {
  const bySymbol = new Map<string, Decimal>();
  const grossBySymbol = new Map<string, Decimal>();
  const bySector = new Map<string, Decimal>();
  let [long, short] = [Decimal.ZERO, Decimal.ZERO];
  for (const { symbol, side, sector, notional } of holdings) {
    if (!notional) continue;
    const signed = side === 'LONG' ? notional : notional.negated();
    if (side === 'LONG') long = long.plus(notional);
    else short = short.plus(notional);
    add(bySymbol, symbol, signed);
    add(grossBySymbol, symbol, notional);
    add(bySector, sector, signed);
  }
  const total = long.plus(short);
  const leverage = equity.isPositive() ? total.dividedBy(equity) : null;
  return {
    total,
    long,
    short,
    net: long.minus(short),
    bySymbol,
    grossBySymbol,
    bySector,
    pctOfEquity: equity.isPositive() ? total.times(Decimal.HUNDRED).dividedBy(equity) : null,
    effectiveLeverage: leverage,
  };
}

function add(sums: Map<string, Decimal>, key: string, amount: Decimal): void {
  sums.set(key, (sums.get(key) ?? Decimal.ZERO).plus(amount));
}
