import type { BalanceReport, Micros } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { IsAccount, IsDecimal, IsId } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import type { Fields } from '../fields.js';
import { readAccount, readSource, readTime } from '../header.js';

/** `account.balance`: `balance` is the wallet, without unrealized PnL. */
export class AccountBalanceMessage implements BalanceReport {
  readonly kind = 'account.balance';
  @IsAccount()
  readonly accountId: string;
  readonly occurredAt: Micros;
  @IsId()
  readonly source: string | null;
  @IsDecimal()
  readonly walletBalance: Decimal;
  @IsDecimal()
  readonly available: Decimal | null;
  @IsDecimal()
  readonly marginUsed: Decimal | null;
  @IsDecimal()
  readonly unrealizedPnl: Decimal | null;
  readonly positions: number | null;

  constructor(message: WireMessage) {
    const { body } = message;
    this.accountId = readAccount(message);
    this.occurredAt = readTime(message).at;
    this.source = readSource(message);
    this.walletBalance = required(body.decimal('balance', 'wallet_balance'), 'balance');
    this.available = body.optionalDecimal('available', 'available_balance');
    this.marginUsed = body.optionalDecimal('margin_used', 'initial_margin');
    this.unrealizedPnl = body.optionalDecimal('unrealized_pnl');
    this.positions = positionCount(body);
  }
}

/** How many positions there are, as a count or as their list; null when it is neither. */
function positionCount(body: Fields): number | null {
  const listed = body.count('positions');
  if (listed !== null) return listed;
  const count = body.nested('positions') === null ? body.text('positions') : null;
  return count !== null && /^\d{1,6}(?:\.0+)?$/.test(count) ? Math.trunc(Number(count)) : null;
}
