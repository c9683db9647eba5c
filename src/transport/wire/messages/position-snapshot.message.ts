import { Refusal } from '../../../ledger/facts.js';
import type { Micros, PositionReport, Side } from '../../../ledger/facts.js';
import { Decimal } from '../../../shared/decimal.js';
import { IsAboveZero, IsAccount, IsDecimal, IsId, IsNotNegative, IsSymbol } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readAccount, readSource, readTime } from '../header.js';
import { openingSide, sideWord } from '../sides.js';
import { unlessZero } from './optional.js';

/** `position.snapshot`: the quantity is absolute; none is a FLAT one of quantity 0. */
export class PositionSnapshotMessage implements PositionReport {
  readonly kind = 'position.snapshot';
  @IsAccount()
  readonly accountId: string;
  readonly occurredAt: Micros;
  @IsId()
  readonly source: string | null;
  @IsSymbol()
  readonly symbol: string;
  readonly side: Side | 'FLAT';
  @IsNotNegative()
  readonly quantity: Decimal;
  @IsAboveZero()
  readonly entryPrice: Decimal | null;
  @IsAboveZero()
  readonly markPrice: Decimal | null;
  @IsDecimal()
  readonly unrealizedPnl: Decimal | null;
  @IsAboveZero()
  readonly leverage: Decimal | null;

  constructor(message: WireMessage) {
    const { body } = message;
    this.accountId = readAccount(message);
    this.occurredAt = readTime(message).at;
    this.source = readSource(message);
    this.symbol = required(body.symbol(), 'symbol');
    const side = reportedSide(required(body.text('side', 'direction'), 'side'));
    const quantity = body.decimal('quantity', 'position_qty', 'qty', 'size');
    this.quantity = side === 'FLAT' ? (quantity ?? Decimal.ZERO) : required(quantity, 'quantity');
    if (side === 'FLAT' && !this.quantity.isZero()) {
      throw new Refusal(
        'quantity_invalid',
        `quantity of a FLAT position is not zero: ${this.quantity.toString()}`,
      );
    }
    this.side = this.quantity.isZero() ? 'FLAT' : side;
    this.entryPrice = body.price('entry_price');
    this.markPrice = body.price('mark_price');
    this.unrealizedPnl = body.optionalDecimal('unrealized_pnl');
    this.leverage = unlessZero(body.optionalDecimal('leverage'));
  }
}

function reportedSide(text: string): Side | 'FLAT' {
  return sideWord(text) === 'FLAT' ? 'FLAT' : openingSide(text);
}
