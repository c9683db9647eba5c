import type { Side, TradeOpened } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { IsAboveZero, IsId, IsNotNegative, IsSymbol, IsWord } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readHeader } from '../header.js';
import { openingSide } from '../sides.js';
import { FactMessage } from './fact.message.js';
import { unlessZero } from './optional.js';

/** `trade.opened`. A zero among price, leverage, stop and target is a producer's "unknown", which is null here. */
export class TradeOpenedMessage extends FactMessage implements TradeOpened {
  readonly kind = 'trade.opened';
  @IsId()
  readonly tradeId: string;
  @IsSymbol()
  readonly symbol: string;
  readonly side: Side;
  @IsAboveZero()
  readonly entryPrice: Decimal | null;
  @IsAboveZero()
  readonly quantity: Decimal;
  @IsAboveZero()
  readonly leverage: Decimal | null;
  @IsAboveZero()
  readonly stopLoss: Decimal | null;
  @IsAboveZero()
  readonly takeProfit: Decimal | null;
  @IsNotNegative()
  readonly fee: Decimal | null;
  @IsWord()
  readonly category: string | null;
  @IsId()
  readonly model: string | null;

  constructor(message: WireMessage) {
    super(readHeader(message));
    const { body } = message;
    this.tradeId = required(body.text('trade_id'), 'trade_id');
    this.symbol = required(body.symbol(), 'symbol');
    this.side = openingSide(required(body.text('side', 'action', 'direction'), 'side'));
    this.entryPrice = body.price('entry_price', 'price');
    this.quantity = required(body.decimal('quantity', 'qty', 'size'), 'quantity');
    this.leverage = unlessZero(body.optionalDecimal('leverage'));
    this.stopLoss = unlessZero(body.optionalDecimal('stop_loss', 'sl_price'));
    this.takeProfit = unlessZero(body.optionalDecimal('take_profit', 'tp_price'));
    const fee = body.optionalDecimal('fee', 'fee_usd', 'entry_fee_usd', 'commission');
    // Next to an unknown price a zero fee is not known either: the order was acknowledged, not yet filled.
    this.fee = this.entryPrice === null ? unlessZero(fee) : fee;
    this.category = body.word('category', 'signal_category');
    this.model = body.text('model', 'model_id', 'strategy');
  }
}
