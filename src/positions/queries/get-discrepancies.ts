import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { decodeFact } from '../../ledger/fact-codec.js';
import type { Fact } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND, isoOf, microsOf } from '../../shared/periods.js';
import type { ListedDiscrepancyKind } from '../domain/discrepancy-kinds.js';
import { overdueBefore } from '../domain/overdue-closes.js';
import { cursorOf, placeOf } from '../trade-cursor.js';

/** Which discrepancies: all of an account, or those of a kind or in a symbol. */
export interface DiscrepanciesAsked {
  readonly accountId: string;
  readonly kind?: ListedDiscrepancyKind | undefined;
  readonly symbol?: string | undefined;
  /** How many at most on this page. */
  readonly limit: number;
  /** `nextCursor` of the page before; without it the newest. */
  readonly cursor?: string | undefined;
}

/** Something that does not fit together. Money in the account's currency, sizes in base. */
export interface ListedDiscrepancy {
  readonly kind: ListedDiscrepancyKind;
  readonly tradeId: string | null;
  readonly symbol: string | null;
  readonly reported: Decimal | null;
  readonly computed: Decimal | null;
  /** Money for a PnL, quantity for a close of more than was open or without an open; else null. */
  readonly size: Decimal | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
  /** Whole seconds since it came in. */
  readonly ageSec: number;
  /** The fact it is about; for a contradiction the accepted one. */
  readonly version: number | null;
  /** What a set-aside message was set aside for; null for the others. */
  readonly message: string | null;
}

export interface DiscrepanciesPage {
  readonly discrepancies: readonly ListedDiscrepancy[];
  /** null = this is the last page. */
  readonly nextCursor: string | null;
  readonly version: number;
  readonly now: number;
}

/** A page of what does not fit in an account, the newest first, by when it came in. Throws UnknownAccountError, CursorError. */
export class GetDiscrepancies extends Query<DiscrepanciesPage> {
  constructor(readonly asked: DiscrepanciesAsked) {
    super();
  }
}

interface Row {
  readonly kind: ListedDiscrepancyKind;
  readonly trade_id: string | null;
  readonly symbol: string | null;
  readonly reported: string | null;
  readonly computed: string | null;
  readonly size: string | null;
  readonly occurred_at: string;
  readonly received_at: string;
  readonly version: string | null;
  readonly message: string | null;
  /** The fact, for rows that say too little by themselves. */
  readonly fact: string | null;
  /** Its place among those that came in at the same moment. */
  readonly origin: string;
  readonly key: string;
}

const SQL = `
  WITH listed AS (
    SELECT d.kind, nullif(d.trade_id, '') AS trade_id, d.symbol, d.reported, d.computed, d.size, d.occurred_at, l.received_at,
           d.version, NULL AS message, NULL AS fact, 'booked' AS origin, d.version || '/' || d.kind || '/' || d.trade_id AS key
      FROM discrepancies d JOIN ledger l USING (account_id, version) WHERE d.account_id = $1
    UNION ALL
    SELECT 'close_without_open', u.trade_id, u.symbol, NULL, NULL, NULL, u.occurred_at, u.received_at,
           u.version, NULL, l.fact, 'parked', u.version::text
      FROM unmatched_closes u JOIN ledger l USING (account_id, version)
      WHERE u.account_id = $1 AND NOT u.booked AND u.received_at <= $2
    UNION ALL
    SELECT q.code, NULL, l.symbol, NULL, NULL, NULL, coalesce(l.occurred_at, q.received_at), q.received_at,
           q.first_version, q.message, l.fact, 'set-aside', q.id::text
      FROM quarantine q LEFT JOIN ledger l ON l.account_id = q.account_id AND l.version = q.first_version
      WHERE q.account_id = $1 AND q.code IN ('conflict', 'source_differs')
  )
  SELECT kind, trade_id, symbol, reported::text, computed::text, size::text, version::text, message, fact, origin, key,
         to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at,
         to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS received_at
    FROM listed
    WHERE ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR symbol = $4)
      AND ($5::timestamptz IS NULL OR (listed.received_at, origin, key) < ($5, $6, $7))
    ORDER BY listed.received_at DESC, origin DESC, key DESC LIMIT $8`;

@QueryHandler(GetDiscrepancies)
export class GetDiscrepanciesHandler implements IQueryHandler<GetDiscrepancies> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly database: Database,
  ) {}

  async execute({ asked }: GetDiscrepancies): Promise<DiscrepanciesPage> {
    const { accountId, kind, symbol, limit, cursor } = asked;
    const { version } = this.accounts.read(accountId);
    const now = this.accounts.now();
    const place = cursor === undefined ? null : placeOf(cursor);
    const found = await this.database.query<Row>(SQL, [
      ...[accountId, isoOf(overdueBefore(now)), kind ?? null, symbol ?? null],
      ...[place?.at ?? null, place?.symbol ?? null, place?.tradeId ?? null],
      // One more than asked for: it tells whether there is a next page.
      limit + 1,
    ]);
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    return {
      discrepancies: rows.map((row) => listedOf(row, now)),
      nextCursor: found.length > limit && last ? cursorAfter(last) : null,
      version,
      now,
    };
  }
}

/** A cursor of three parts, as for trades: the moment, and the two that order what came in at one moment. */
function cursorAfter({ received_at: at, origin, key }: Row): string {
  return cursorOf({ at: isoOf(microsOf(at)), symbol: origin, tradeId: key });
}

function listedOf(row: Row, now: number): ListedDiscrepancy {
  const receivedAt = microsOf(row.received_at);
  const decimal = (text: string | null) => (text === null ? null : Decimal.stored(text));
  const fact = row.fact === null ? null : decodeFact(row.fact);
  const parked = row.kind === 'close_without_open' && fact?.kind === 'trade.closed' ? fact : null;
  return {
    kind: row.kind,
    tradeId: row.trade_id ?? tradeIdOf(fact),
    symbol: row.symbol,
    reported: parked ? parked.reportedPnl : decimal(row.reported),
    computed: decimal(row.computed),
    size: parked ? parked.quantity : decimal(row.size),
    occurredAt: microsOf(row.occurred_at),
    receivedAt,
    ageSec: Math.max(0, Math.floor((now - receivedAt) / MICROS_PER_SECOND)),
    version: row.version === null ? null : Number(row.version),
    message: row.message,
  };
}

function tradeIdOf(fact: Fact | null): string | null {
  return fact !== null && 'tradeId' in fact ? fact.tradeId : null;
}
