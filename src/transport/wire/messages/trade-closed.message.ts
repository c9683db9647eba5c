import type { Side, TradeClosed } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { IsAboveZero, IsDecimal, IsId, IsNotNegative, IsSymbol } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readHeader } from '../header.js';
import { closingSide } from '../sides.js';
import { FactMessage } from './fact.message.js';
import { unlessZero } from './optional.js';
import { readOrderId } from './order-id.js';

/** `trade.closed`, canonical and as the flat producers send it. */
export class TradeClosedMessage extends FactMessage implements TradeClosed {
  readonly kind = 'trade.closed';
  @IsId()
  readonly tradeId: string | null;
  @IsSymbol()
  readonly symbol: string;
  readonly side: Side | null;
  @IsAboveZero()
  readonly entryPrice: Decimal | null;
  @IsAboveZero()
  readonly exitPrice: Decimal | null;
  @IsAboveZero()
  readonly quantity: Decimal | null;
  @IsDecimal()
  readonly reportedPnl: Decimal | null;
  @IsDecimal()
  readonly reportedPnlPct: Decimal | null;
  @IsNotNegative()
  readonly fee: Decimal | null;
  @IsId()
  readonly orderId: string | null;
  @IsAboveZero()
  readonly leverage: Decimal | null;
  readonly reason: string | null;
  @IsId()
  readonly model: string | null;

  constructor(message: WireMessage) {
    super(readHeader(message, 'close_ts'));
    const { body } = message;
    this.tradeId = body.text('trade_id');
    this.symbol = required(body.symbol(), 'symbol');
    const side = body.text('side', 'action', 'direction');
    this.side = side === null ? null : closingSide(side, this.tradeId !== null);
    this.entryPrice = body.price('entry_price');
    this.exitPrice = body.price('exit_price', 'close_price');
    this.quantity = body.decimal('quantity', 'qty', 'close_qty', 'closed_qty', 'size');
    const pnl = body.optionalDecimal('realized_pnl', 'pnl_usd', 'pnl_usdt', 'pnl');
    this.reportedPnlPct = body.optionalDecimal('realized_pnl_pct', 'pnl_percent', 'pnl_pct');
    // A zero next to a percent that is not zero is a placeholder: nothing is known.
    const isPlaceholder = pnl?.isZero() === true && this.reportedPnlPct?.isZero() === false;
    this.reportedPnl = isPlaceholder ? null : pnl;
    this.fee = body.optionalDecimal('fee', 'fee_usd', 'exit_fee_usd', 'commission');
    this.orderId = readOrderId(body);
    this.leverage = unlessZero(body.optionalDecimal('leverage'));
    this.reason = body.freeText('reason', 'close_reason');
    this.model = body.text('model', 'model_id', 'strategy');
  }
}
