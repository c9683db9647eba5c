import type { Decimal } from '../shared/decimal.js';
import type { Micros, Side } from './facts.js';

/** What the exchange reports of an account's money: a level. Money in the base currency. */
export interface BalanceReport {
  readonly kind: 'account.balance';
  readonly accountId: string;
  readonly occurredAt: Micros;
  readonly source: string | null;
  readonly walletBalance: Decimal;
  readonly available: Decimal | null;
  readonly marginUsed: Decimal | null;
  readonly unrealizedPnl: Decimal | null;
  /** How many positions the account has, null when not told. */
  readonly positions: number | null;
}

/** What the exchange reports of one position: a level. `quantity` is absolute, > 0; the side carries the sign. */
export interface PositionReport {
  readonly kind: 'position.snapshot';
  readonly accountId: string;
  readonly occurredAt: Micros;
  readonly source: string | null;
  readonly symbol: string;
  readonly side: Side | 'FLAT';
  readonly quantity: Decimal;
  readonly entryPrice: Decimal | null;
  readonly markPrice: Decimal | null;
  readonly unrealizedPnl: Decimal | null;
  readonly leverage: Decimal | null;
}

/**
 * What an exchange holds for an account at one moment: a level. Only a `complete` one says by absence that a position is flat.
 */
export interface HoldingsReport {
  readonly kind: 'holdings';
  readonly accountId: string;
  readonly occurredAt: Micros;
  readonly source: string | null;
  readonly positions: readonly PositionReport[];
  readonly complete: boolean;
  /** Symbols that its source told of before and tells of no more while it tells of others: perhaps flat, and nobody says so. */
  readonly silent?: readonly string[];
}
