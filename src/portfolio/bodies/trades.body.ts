import { ApiProperty } from '@nestjs/swagger';
import type { Discrepancy } from '../../positions/domain/changes.js';
import type { TradeStatus } from '../../positions/domain/trade.js';
import type { ListedTrade, TradesPage } from '../../positions/queries/get-trades.js';
import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Count, Exact, ExactOrNull, Flag, Moment, MomentOrNull, Text, TextOrNull } from './fields.js';

export const TRADE_STATUSES = ['OPEN', 'CLOSED', 'ORPHAN'] as const satisfies readonly TradeStatus[];

/** Something about a trade that does not fit together. */
export class DiscrepancyBody {
  @Text('What does not fit.', { example: 'pnl_mismatch' })
  readonly kind!: string;
  @ExactOrNull('What the message said; null when it said nothing.')
  readonly reported!: Decimal | null;
  @ExactOrNull('What was computed; null when it could not be.')
  readonly computed!: Decimal | null;
  @ExactOrNull('How much: money for a PnL, quantity for a close of more than was open; else null.')
  readonly size!: Decimal | null;
  @Moment('When the fact it is about happened.')
  readonly occurred_at!: string;
}

/** One opened … closed pair. Prices quote per base, sizes base ≥ 0, money in the account's currency. */
export class TradeBody {
  @Text("The producer's id; for an orphan without one, the identity of its close.")
  readonly trade_id!: string;
  @Text('The venue symbol.', { example: 'BTCUSDT' })
  readonly symbol!: string;
  @TextOrNull('Its side; null for an orphan whose close told none.', { enum: ['LONG', 'SHORT'] })
  readonly side!: string | null;
  @Text('ORPHAN = known only by a close that carried enough to be booked.', { enum: [...TRADE_STATUSES] })
  readonly status!: string;
  @ExactOrNull('Opened size; null for an orphan whose closes told none.')
  readonly quantity!: Decimal | null;
  @Exact('Size still open, 0 when closed.')
  readonly remaining!: Decimal;
  @ExactOrNull('null = not known yet (a market order).')
  readonly entry_price!: Decimal | null;
  @ExactOrNull('Quantity-weighted average of its closes so far; null when one of them told no price.')
  readonly exit_price!: Decimal | null;
  @Exact('Net of everything booked on it, its opening fee included; + = gain.')
  readonly realized_pnl!: Decimal;
  @ExactOrNull('What producers reported, summed; null when none did.')
  readonly reported_pnl!: Decimal | null;
  @ExactOrNull(
    "What a trade store's own rule says it earned (it multiplies by leverage): shown and compared, never booked; null when none told one.",
  )
  readonly claimed_pnl!: Decimal | null;
  @Flag('True when a close could be neither computed nor was reported: realized_pnl lacks it.')
  readonly pnl_unknown!: boolean;
  @ExactOrNull('Opening fee, ≥ 0; null when none was told.')
  readonly fee!: Decimal | null;
  @ExactOrNull('Times; null when not told.')
  readonly leverage!: Decimal | null;
  @ExactOrNull('Price; null when not told.')
  readonly stop_loss!: Decimal | null;
  @ExactOrNull('Price; null when not told.')
  readonly take_profit!: Decimal | null;
  @TextOrNull('null when not told.')
  readonly category!: string | null;
  @TextOrNull('The model or strategy that opened it; null when not told.')
  readonly model!: string | null;
  @TextOrNull('null while open or when not told.')
  readonly close_reason!: string | null;
  @MomentOrNull('null for an orphan.')
  readonly opened_at!: string | null;
  @MomentOrNull('When its whole quantity was closed; null while open.')
  readonly closed_at!: string | null;
  @ExactOrNull(
    'Maximum adverse excursion: the worst unrealized PnL in money that it was seen to have while open, at the quantity then open; ≤ 0. null when no mark was seen while it was open, or its entry price is not known. Of an open trade at most a second old.',
  )
  readonly mae!: Decimal | null;
  @ExactOrNull('Maximum favourable excursion: the best one, ≥ 0. null as `mae`.')
  readonly mfe!: Decimal | null;
  @ExactOrNull(
    'The worst difference of a price it saw from its entry price, quote per base, ≤ 0. null as `mae`.',
  )
  readonly mae_per_unit!: Decimal | null;
  @ExactOrNull('The best one, ≥ 0. null as `mae`.')
  readonly mfe_per_unit!: Decimal | null;
  @Count('How many closes it had.')
  readonly closes!: number;
  @ApiProperty({ type: [DiscrepancyBody], description: 'What does not fit about it; empty when all does.' })
  readonly discrepancies!: readonly DiscrepancyBody[];
}

/** A page of trades, the newest first. */
export class TradesBody extends AccountBody {
  @ApiProperty({ type: [TradeBody], description: 'The newest first.' })
  readonly trades!: readonly TradeBody[];
  @TextOrNull('Pass it as `cursor` for the next page; null = this is the last one.')
  readonly next_cursor!: string | null;
}

export function tradesBody(accountId: string, { trades, nextCursor, version, now }: TradesPage) {
  return {
    account_id: accountId,
    version,
    trades: trades.map(tradeBody),
    next_cursor: nextCursor,
    timestamp: isoOf(now),
  } satisfies TradesBody;
}

function tradeBody(trade: ListedTrade) {
  return {
    trade_id: trade.tradeId,
    symbol: trade.symbol,
    side: trade.side,
    status: trade.status,
    quantity: trade.quantity,
    remaining: trade.remaining,
    entry_price: trade.entryPrice,
    exit_price: trade.exitPrice,
    realized_pnl: trade.realizedPnl,
    reported_pnl: trade.reportedPnl,
    claimed_pnl: trade.claimedPnl,
    pnl_unknown: trade.pnlUnknown,
    fee: trade.fee,
    leverage: trade.leverage,
    stop_loss: trade.stopLoss,
    take_profit: trade.takeProfit,
    category: trade.category,
    model: trade.model,
    close_reason: trade.closeReason,
    opened_at: momentOf(trade.openedAt),
    closed_at: momentOf(trade.closedAt),
    mae: trade.excursion.mae,
    mfe: trade.excursion.mfe,
    mae_per_unit: trade.excursion.maePerUnit,
    mfe_per_unit: trade.excursion.mfePerUnit,
    closes: trade.closes,
    discrepancies: trade.discrepancies.map(discrepancyBody),
  } satisfies TradeBody;
}

function discrepancyBody({ kind, reported, computed, size, occurredAt }: Discrepancy) {
  return { kind, reported, computed, size, occurred_at: isoOf(occurredAt) } satisfies DiscrepancyBody;
}

const momentOf = (micros: number | null) => (micros === null ? null : isoOf(micros));
