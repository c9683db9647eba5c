import { encodeFact } from '../../../ledger/fact-codec.js';
import type { Fact, Inbound, TradeCorrected } from '../../../ledger/facts.js';
import { Refusal } from '../../../ledger/facts.js';
import { correctedKey } from '../../../ledger/identity.js';
import { IsSymbol } from '../constraints.js';
import type { WireMessage } from '../envelope.js';
import { required } from '../fields.js';
import { readHeader } from '../header.js';
import { FactMessage } from './fact.message.js';

/** The events that can be corrected: those that move positions. */
const CORRECTABLE = ['trade.opened', 'trade.closed', 'order.executed'];

/**
 * `trade.corrected`: voids or replaces an earlier fact, which it names by its event id (`corrects`), by our version of it
 * (`corrects_version`), or by what it is (`corrects_type` with `trade_id` and, for a close or an execution, `order_id`).
 */
export class TradeCorrectedMessage extends FactMessage implements TradeCorrected {
  readonly kind = 'trade.corrected';
  @IsSymbol()
  readonly symbol: string;
  readonly corrects: string;
  readonly replacement: string | null;
  readonly reason: string | null;

  constructor(message: WireMessage, decode: (eventType: string, message: WireMessage) => Inbound) {
    super(readHeader(message));
    const { body } = message;
    this.symbol = required(body.symbol(), 'symbol');
    this.corrects = required(namedBy(message), 'corrects');
    this.replacement = readReplacement(message, this.symbol, decode);
    this.reason = body.freeText('reason');
  }
}

function namedBy({ body }: WireMessage): string | null {
  const event = body.text('corrects', 'corrects_event_id');
  if (event !== null) return correctedKey('event', event);
  const version = body.text('corrects_version');
  if (version !== null) return correctedKey('version', version);
  const [type, trade, order] = [body.text('corrects_type'), body.text('trade_id'), body.text('order_id')];
  if (type === 'trade.opened' && trade !== null) return correctedKey('opened', trade);
  if (type === 'trade.closed' && trade !== null && order !== null)
    return correctedKey('closed', trade, 'order', order);
  if (type !== 'order.executed' || order === null) return null;
  const part = body.text('execution_id', 'exec_id') ?? trade;
  return part === null ? correctedKey('execution', order) : correctedKey('execution', order, part);
}

/** The fact that takes the place of the corrected one; null = it is void. Its symbol must be the correction's. */
function readReplacement(
  message: WireMessage,
  symbol: string,
  decode: (eventType: string, message: WireMessage) => Inbound,
): string | null {
  const { body } = message;
  const nested = body.nested('replacement');
  if (!nested) {
    if (body.word('action') === 'VOID' || body.flag('void') === true) return null;
    throw new Refusal('replacement_missing', 'replacement is missing, and the correction is no void');
  }
  const type = nested.text('event_type') ?? body.text('corrects_type') ?? '';
  if (!CORRECTABLE.includes(type))
    throw new Refusal('replacement_invalid', 'replacement: event_type cannot be corrected');
  const fact = decode(type, { ...message, eventType: type, body: nested });
  const sameSymbol = 'eventId' in fact && 'symbol' in fact && fact.symbol === symbol;
  if (!sameSymbol) throw new Refusal('replacement_invalid', 'replacement is no fact of the same symbol');
  return encodeFact(asContent(fact));
}

/** Without what its envelope told: a resend has another one, and says the same. A time of its own stays. */
function asContent(fact: Fact): Fact {
  return { ...fact, source: null, occurredAt: fact.timeFrom ? 0 : fact.occurredAt };
}
