import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { isoOf } from '../../shared/periods.js';
import type { Discrepancy } from '../domain/changes.js';
import { tradeKey } from '../domain/changes.js';
import type { Trade, TradeStatus } from '../domain/trade.js';
import { DISCREPANCIES, TRADES } from '../positions-tables.js';
import { cursorOf, placeOf } from '../trade-cursor.js';
import type { ExcursionFigures } from './excursion-figures.js';
import { excursionsOf } from './excursion-figures.js';

/** Which trades: all of an account, or those with a status or in a symbol. */
export interface TradesAsked {
  readonly accountId: string;
  readonly status?: TradeStatus | undefined;
  readonly symbol?: string | undefined;
  /** How many at most on this page. */
  readonly limit: number;
  /** `nextCursor` of the page before; without it the newest. */
  readonly cursor?: string | undefined;
}

/** A trade with what it saw while open, and what does not fit about it. */
export interface ListedTrade extends Trade {
  readonly excursion: ExcursionFigures;
  readonly discrepancies: readonly Discrepancy[];
}

export interface TradesPage {
  readonly trades: readonly ListedTrade[];
  /** null = this is the last page. */
  readonly nextCursor: string | null;
  /** The account's version when the page was read, and that moment in microseconds. */
  readonly version: number;
  readonly now: number;
}

/**
 * A page of an account's trades, the newest first: by when they opened (orphans: closed), then by symbol and id, so that a trade has
 * one place among all. Throws UnknownAccountError, CursorError.
 */
export class GetTrades extends Query<TradesPage> {
  constructor(readonly asked: TradesAsked) {
    super();
  }
}

/** The index `trades_place` is on the same expression. */
const PLACED_AT = 'COALESCE(opened_at, closed_at)';

@QueryHandler(GetTrades)
export class GetTradesHandler implements IQueryHandler<GetTrades> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly database: Database,
  ) {}

  async execute({ asked }: GetTrades): Promise<TradesPage> {
    const { version } = this.accounts.read(asked.accountId);
    const found = await this.tradesOf(asked);
    const trades = found.slice(0, asked.limit);
    const last = trades.at(-1);
    return {
      trades: await this.listed(asked.accountId, trades),
      nextCursor: found.length > asked.limit && last ? cursorAfter(last) : null,
      version,
      now: this.accounts.now(),
    };
  }

  /** One more than asked for: it tells whether there is a next page. */
  private tradesOf({ accountId, status, symbol, limit, cursor }: TradesAsked): Promise<Trade[]> {
    const values: unknown[] = [accountId];
    const bound = (value: unknown) => `$${values.push(value)}`;
    const conditions = ['account_id = $1'];
    if (status) conditions.push(`status = ${bound(status)}`);
    if (symbol) conditions.push(`symbol = ${bound(symbol)}`);
    if (cursor !== undefined) {
      const { at, symbol: of, tradeId } = placeOf(cursor);
      conditions.push(
        `(${PLACED_AT}, symbol, trade_id) < (${bound(at)}::timestamptz, ${bound(of)}, ${bound(tradeId)})`,
      );
    }
    const order = `${PLACED_AT} DESC, symbol DESC, trade_id DESC LIMIT ${bound(limit + 1)}`;
    return TRADES.select(this.database, `${conditions.join(' AND ')} ORDER BY ${order}`, values);
  }

  private async listed(accountId: string, trades: readonly Trade[]): Promise<ListedTrade[]> {
    if (trades.length === 0) return [];
    const condition = 'account_id = $1 AND trade_id = ANY($2) ORDER BY version, kind';
    const found = await DISCREPANCIES.select(this.database, condition, [
      accountId,
      trades.map((trade) => trade.tradeId),
    ]);
    const excursions = await excursionsOf(this.database, accountId, trades);
    return trades.map((trade) => ({
      ...trade,
      excursion: excursions.get(tradeKey(trade)) ?? NOT_SEEN,
      discrepancies: found.filter(
        ({ symbol, tradeId }) => tradeId === trade.tradeId && (symbol ?? trade.symbol) === trade.symbol,
      ),
    }));
  }
}

/** A trade that was restated away between two statements. */
const NOT_SEEN: ExcursionFigures = { mae: null, mfe: null, maePerUnit: null, mfePerUnit: null };

function cursorAfter({ openedAt, closedAt, symbol, tradeId }: Trade): string {
  return cursorOf({ at: isoOf(openedAt ?? closedAt!), symbol, tradeId });
}
