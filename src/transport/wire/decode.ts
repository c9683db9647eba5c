import { Refusal } from '../../ledger/facts.js';
import type { Inbound, Micros } from '../../ledger/facts.js';
import { checked } from './checked.js';
import { openEntry, openPayload } from './envelope.js';
import type { EntryFields, WireMessage } from './envelope.js';
import { readCandle, readForeignPrice, readTick } from './marks.js';
import { AccountBalanceMessage } from './messages/account-balance.message.js';
import { CashFlowMessage } from './messages/cash-flow.message.js';
import { EmergencyStopTrippedMessage } from './messages/ess-tripped.message.js';
import { readOutcome } from './messages/execution-outcome.js';
import { OrderExecutedMessage } from './messages/order-executed.message.js';
import { PolicyUpdatedMessage } from './messages/policy-updated.message.js';
import { PositionSnapshotMessage } from './messages/position-snapshot.message.js';
import { TradeClosedMessage } from './messages/trade-closed.message.js';
import { TradeCorrectedMessage } from './messages/trade-corrected.message.js';
import { TradeOpenedMessage } from './messages/trade-opened.message.js';
import { shown } from './numbers.js';

export type { EntryFields } from './envelope.js';

/** What the transport knows about a message beyond its fields. */
export interface DecodeOptions {
  /** When it arrived, for a message that carries no time: the millisecond of its Redis entry id, or our clock. */
  readonly fallbackTime?: Micros;
}

type Decoder = (message: WireMessage) => Inbound;

const decodeTrade =
  (decoder: Decoder): Decoder =>
  (message) =>
    message.body.flag('paper_trade') === true ? { kind: 'ignored', reason: 'paper_trade' } : decoder(message);
const decodeExecution = decodeTrade(readExecution);
const readPriceUpdate = readForeignPrice('exchange.raw', 'current_price', 'price');

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['trade.opened', decodeTrade((message) => checked(new TradeOpenedMessage(message)))],
  ['trade.closed', decodeTrade((message) => checked(new TradeClosedMessage(message)))],
  [
    'trade.corrected',
    (message) => checked(new TradeCorrectedMessage(message, (type, inner) => decoderOf(type)(inner))),
  ],
  ['order.executed', decodeExecution],
  ['execution.result', decodeExecution],
  ['trade.execution.res', decodeExecution],
  ['apply.result', decodeExecution],
  ['ess.tripped', (message) => checked(new EmergencyStopTrippedMessage(message))],
  ['account.cash_flow', (message) => checked(new CashFlowMessage(message))],
  ['account.balance', (message) => checked(new AccountBalanceMessage(message))],
  ['position.snapshot', (message) => checked(new PositionSnapshotMessage(message))],
  ['market.tick', readTick],
  ['market.klines', readCandle],
  ['exchange.normalized', readForeignPrice('exchange.normalized', 'price', 'last_price', 'last', 'close')],
  ['exchange.raw', readForeignPrice('exchange.raw', 'price', 'last_price', 'last', 'close')],
  ['policy.update', (message) => checked(new PolicyUpdatedMessage(message))],
  ['policy.updated', (message) => checked(new PolicyUpdatedMessage(message))],
]);

/** Every event type that can be decoded: the names of the inbound streams without their prefix. */
export const INBOUND_EVENT_TYPES: readonly string[] = [...DECODERS.keys()];

/**
 * One stream entry as a typed, checked event, whatever form it came in. The event type is the stream's: what the
 * entry says about its own type is not trusted. Throws Refusal for what can never succeed, and nothing else.
 */
export function decodeEntry(eventType: string, fields: EntryFields, options: DecodeOptions = {}): Inbound {
  const decoder = decoderOf(eventType);
  return decode(decoder, openEntry(eventType, fields, options.fallbackTime ?? null));
}

/** The same for what a pub/sub peer sent: a parsed object, or JSON text, bare or in the envelope of a stream entry. */
export function decodePayload(eventType: string, payload: unknown, options: DecodeOptions = {}): Inbound {
  const decoder = decoderOf(eventType);
  return decode(decoder, openPayload(eventType, payload, options.fallbackTime ?? null));
}

function decode(decoder: Decoder, message: WireMessage): Inbound {
  return message.isMarker ? { kind: 'ignored', reason: 'marker' } : decoder(message);
}

function decoderOf(eventType: string): Decoder {
  const decoder = DECODERS.get(eventType);
  if (!decoder) throw new Refusal('unknown_event', `unknown event type ${shown(eventType)}`);
  return decoder;
}

/** An execution, or what else travels on its streams: prices, and rows about the PnL of orders long executed. */
function readExecution(message: WireMessage): Inbound {
  const outcome = readOutcome(message);
  if (outcome === null) return { kind: 'ignored', reason: 'not_an_execution' };
  if (outcome.status === 'PRICE_UPDATE') return readPriceUpdate(message);
  const execution = checked(new OrderExecutedMessage(message, outcome));
  // A plan that was skipped never became an order: several a second of them are sent, and none is a fact of the account.
  const wasPlan = message.eventType === 'apply.result' && !execution.executed && execution.orderId === null;
  return wasPlan ? { kind: 'ignored', reason: 'not_an_execution' } : execution;
}
