import type { Transaction } from '../../database/database.js';
import type { EquityCurve } from '../../drawdown/domain/equity-curve.js';
import type { HeldSide } from '../../positions/domain/held-trades.js';
import type { PortfolioState } from '../portfolio-state.js';
import type { OriginOf } from '../domain/explain/holding-tree.js';

/** An account at one moment of one version: what the routes answer, what it rests on in memory, and the rows beside it. */
export interface Moment {
  readonly tx: Transaction;
  /** What the four routes answer at this moment. */
  readonly state: PortfolioState;
  readonly held: readonly HeldSide[];
  /** Rolled over to this moment. */
  readonly curve: EquityCurve;
  /** The facts that opened the open trades. */
  readonly originOf: OriginOf;
  /** Facts shown of each kind, at most. */
  readonly limit: number;
}
