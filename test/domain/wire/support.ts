import { Refusal } from '../../../src/ledger/facts.js';
import type { Inbound } from '../../../src/ledger/facts.js';
import { decodeEntry } from '../../../src/transport/wire/decode.js';
import type { DecodeOptions, EntryFields } from '../../../src/transport/wire/decode.js';

/** An event with its decimals as exact texts, as they would be written down. */
export function plain(event: Inbound): Record<string, unknown> {
  return JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
}

/** What an entry decodes to, or the code it is refused with. Anything else that is thrown is a bug and goes through. */
export function outcome(
  eventType: string,
  fields: EntryFields,
  options?: DecodeOptions,
): Record<string, unknown> | string {
  try {
    return plain(decodeEntry(eventType, fields, options));
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

export const AT = 1_771_123_813_389_352;
export const ISO = '2026-02-15T02:50:13.389352';

/** A good message of every kind, flat, as the base of variations. */
export const GOOD = {
  'trade.opened': {
    trade_id: 'T1',
    symbol: 'BTCUSDT',
    side: 'BUY',
    entry_price: '42000.5',
    quantity: '0.2',
    leverage: '5',
    stop_loss: '41000',
    take_profit: '45000',
    fee: '1.5',
    timestamp: ISO,
  },
  'trade.closed': {
    trade_id: 'T1',
    symbol: 'BTCUSDT',
    side: 'LONG',
    entry_price: '42000.5',
    exit_price: '43000',
    quantity: '0.2',
    realized_pnl: '199.9',
    realized_pnl_pct: '2.38',
    order_id: '77',
    timestamp: ISO,
  },
  'order.executed': {
    order_id: '77',
    symbol: 'BTCUSDT',
    side: 'SELL',
    price: '43000',
    quantity: '0.2',
    timestamp: ISO,
  },
  'ess.tripped': { reason: 'Daily drawdown', severity: 'HIGH', current_drawdown: '6.2', trip_time: ISO },
  'account.cash_flow': { event_id: 'C1', type: 'DEPOSIT', amount: '100', timestamp: ISO },
  'account.balance': { balance: '3902.68617702', available: '3378.35427135', timestamp: ISO },
  'position.snapshot': { symbol: 'BTCUSDT', side: 'SHORT', position_qty: '0.2', timestamp: ISO },
  'market.tick': { symbol: 'BTCUSDT', price: '42500.0', timestamp: ISO },
  'market.klines': { symbol: 'BTCUSDT', close: '42500.0', is_closed: 'True', close_time: '1771304759999' },
} as const;

export type GoodType = keyof typeof GOOD;

/** Fields as ioredis gives them: name, value, name, value … */
export function flat(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => [name, value]);
}
