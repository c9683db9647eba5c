import { Refusal } from '../../../ledger/facts.js';
import type { CashFlow, CashFlowType } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { IsNotZero, IsSymbol, IsWord } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readHeader } from '../header.js';
import { shown } from '../numbers.js';
import { FactMessage } from './fact.message.js';

const TYPES: readonly CashFlowType[] = ['DEPOSIT', 'WITHDRAWAL', 'FEE', 'FUNDING'];

/** `account.cash_flow`. The type gives the direction, so that only funding may be negative. */
export class CashFlowMessage extends FactMessage implements CashFlow {
  readonly kind = 'account.cash_flow';
  readonly type: CashFlowType;
  @IsNotZero()
  readonly amount: Decimal;
  @IsWord()
  readonly currency: string | null;
  @IsSymbol()
  readonly symbol: string | null;

  constructor(message: WireMessage) {
    super(readHeader(message));
    const { body } = message;
    this.type = readType(required(body.word('type', 'flow_type'), 'type'));
    this.amount = required(body.decimal('amount'), 'amount');
    if (this.type !== 'FUNDING' && this.amount.isNegative()) {
      throw new Refusal('amount_invalid', `amount of a ${this.type} is negative: ${this.amount.toString()}`);
    }
    this.currency = body.word('currency', 'asset');
    this.symbol = body.symbol();
  }
}

function readType(word: string): CashFlowType {
  const type = TYPES.find((each) => each === word);
  if (type === undefined)
    throw new Refusal('type_unknown', `type is not one of ${TYPES.join(', ')}: ${shown(word)}`);
  return type;
}
