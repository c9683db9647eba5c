import type { OrderExecuted } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { IsAboveZero, IsDecimal, IsId, IsNotNegative, IsSymbol, IsWord } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readHeader } from '../header.js';
import { FactMessage } from './fact.message.js';
import { unlessZero } from './optional.js';
import { readOrderId } from './order-id.js';
import type { Outcome } from './execution-outcome.js';
import { readOrderSide, readSize } from './execution-size.js';

/** An execution under any of its four names: the producers differ in what they call things, not in what they say. */
export class OrderExecutedMessage extends FactMessage implements OrderExecuted {
  readonly kind = 'order.executed';
  @IsId()
  readonly orderId: string | null;
  @IsId()
  readonly executionId: string | null;
  @IsId()
  readonly tradeId: string | null;
  @IsSymbol()
  readonly symbol: string;
  @IsDecimal()
  readonly quantity: Decimal | null;
  readonly side: 'BUY' | 'SELL' | null;
  @IsAboveZero()
  readonly price: Decimal | null;
  @IsNotNegative()
  readonly fee: Decimal | null;
  @IsWord()
  readonly feeCurrency: string | null;
  @IsAboveZero()
  readonly leverage: Decimal | null;
  readonly executed: boolean;
  @IsWord()
  readonly status: string;
  readonly reduceOnly: boolean | null;

  constructor(message: WireMessage, outcome: Outcome) {
    super(readHeader(message));
    const { body } = message;
    const signal = body.nested('signal');
    this.orderId = readOrderId(body);
    this.executionId = body.text('execution_id', 'exec_id');
    this.tradeId = body.text('trade_id');
    this.symbol = required(body.symbol() ?? signal?.symbol() ?? null, 'symbol');
    this.side = readOrderSide(message, signal, outcome.executed);
    this.quantity = readSize(message, this.side);
    this.price = body.price('price', 'avg_price', 'average_price', 'entry_price');
    const fee = body.optionalDecimal('fee', 'fee_usd', 'commission');
    // Next to an unknown price a zero fee is not known either: the order was acknowledged, not yet filled.
    this.fee = this.price === null ? unlessZero(fee) : fee;
    this.feeCurrency = body.word('fee_currency', 'fee_asset', 'commission_asset');
    this.leverage = unlessZero(
      body.optionalDecimal('leverage') ?? signal?.optionalDecimal('leverage') ?? null,
    );
    this.executed = outcome.executed;
    this.status = outcome.status;
    this.reduceOnly = body.flag('reduce_only');
  }
}
