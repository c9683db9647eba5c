import type { Micros, Side } from '../../ledger/facts.js';
import type { Decimal } from '../../shared/decimal.js';
import type { Trade } from './trade.js';

export type BookingKind = 'opening_fee' | 'close' | 'fee' | 'funding' | 'reconciliation';

/** An amount that one fact realized on one trade (or, with an empty `tradeId`, on the account). Money + = earned. */
export interface Booking {
  /** The fact that realized it. */
  readonly version: number;
  readonly tradeId: string;
  readonly kind: BookingKind;
  readonly symbol: string | null;
  readonly occurredAt: Micros;
  readonly quantity: Decimal | null;
  /** True when the close told no quantity and it was derived from the reported PnL and the prices. */
  readonly quantityDerived: boolean;
  readonly entryPrice: Decimal | null;
  readonly exitPrice: Decimal | null;
  /** This close's own fee, ≥ 0. */
  readonly fee: Decimal | null;
  /** The share of the trade's opening fee that this close carries, ≥ 0: booked at the open, so not part of `amount`. */
  readonly openingFee: Decimal | null;
  /** Net PnL of everything as the producer reported it for this part; null = not reported. */
  readonly reported: Decimal | null;
  /** Net PnL of everything as computed from prices and fees; null when a price is not known. */
  readonly computed: Decimal | null;
  /** What was booked; null = neither reported nor computable, so nothing was. */
  readonly amount: Decimal | null;
}

export type DiscrepancyKind =
  | 'pnl_mismatch'
  | 'claimed_pnl_mismatch'
  | 'over_close'
  | 'entry_price_unknown'
  | 'exit_price_unknown'
  | 'fill_unpriced'
  | 'fee_unconverted'
  | 'order_exceeds_fills'
  | 'correction_without_fact';

/** Something that does not fit together and that a person should see. */
export interface Discrepancy {
  readonly version: number;
  readonly tradeId: string;
  readonly kind: DiscrepancyKind;
  readonly symbol: string | null;
  readonly reported: Decimal | null;
  readonly computed: Decimal | null;
  /** Quantity for `over_close` (the surplus), money for a mismatch (|reported − computed|), else null. */
  readonly size: Decimal | null;
  readonly occurredAt: Micros;
}

/** A close that found no open trade. `booked` tells that it carried enough to be booked by itself. */
export interface UnmatchedClose {
  readonly version: number;
  readonly symbol: string;
  readonly tradeId: string | null;
  readonly side: Side | null;
  readonly occurredAt: Micros;
  readonly receivedAt: Micros;
  readonly booked: boolean;
}

/** Before and after of one row; null = there is none. */
export interface Change<Row> {
  readonly before: Row | null;
  readonly after: Row | null;
}

/** Rows by key, remembering what each was before the first change. */
export class ChangeSet<Row> {
  private readonly rows = new Map<string, Change<Row>>();

  constructor(readonly keyOf: (row: Row) => string) {}

  /** Records that a row took the place of `before` (null = it is new). */
  replace(before: Row | null, after: Row | null): void {
    const row = after ?? before;
    if (!row) return;
    const key = this.keyOf(row);
    this.rows.set(key, { before: this.rows.has(key) ? this.rows.get(key)!.before : before, after });
  }

  *[Symbol.iterator](): IterableIterator<Change<Row>> {
    yield* this.rows.values();
  }

  find(key: string): Change<Row> | undefined {
    return this.rows.get(key);
  }

  get size(): number {
    return this.rows.size;
  }

  clear(): void {
    this.rows.clear();
  }

  addAll(other: ChangeSet<Row>): void {
    for (const { before, after } of other) this.replace(before, after);
  }
}

/** A trade's name within its account: a close may name a trade of another symbol by mistake, and is not that trade. */
export const tradeKey = ({ symbol, tradeId }: Pick<Trade, 'symbol' | 'tradeId'>) => `${symbol}/${tradeId}`;

/** What facts changed in the trades of an account. */
export class TradeChanges {
  readonly trades = new ChangeSet<Trade>(tradeKey);
  readonly bookings = new ChangeSet<Booking>((booking) => `${booking.version}/${booking.tradeId}`);
  readonly discrepancies = new ChangeSet<Discrepancy>((row) => `${row.version}/${row.tradeId}/${row.kind}`);
  readonly unmatched = new ChangeSet<UnmatchedClose>((close) => String(close.version));

  get isEmpty(): boolean {
    return this.trades.size + this.bookings.size + this.discrepancies.size + this.unmatched.size === 0;
  }

  clear(): void {
    for (const set of [this.trades, this.bookings, this.discrepancies, this.unmatched]) set.clear();
  }

  addAll(other: TradeChanges): void {
    this.trades.addAll(other.trades);
    this.bookings.addAll(other.bookings);
    this.discrepancies.addAll(other.discrepancies);
    this.unmatched.addAll(other.unmatched);
  }
}
