import { Num, type EntryFields, type Payload } from './envelope.js';
import type { Stack } from './stack.js';
import { entriesOf, send, streamOf } from './streams.js';

type Body = Record<string, unknown>;

export interface Sent {
  readonly entry: EntryFields;
  readonly payload: Body;
}

/** Everything of one type that went out, oldest first. */
export async function sent(stack: Pick<Stack, 'redis'>, type: string): Promise<Sent[]> {
  const entries = await entriesOf(stack.redis, streamOf(type));
  return entries.map(({ fields }) => ({
    entry: fields,
    payload: JSON.parse(fields['payload'] ?? 'null') as Body,
  }));
}

/** The newest payload of one type; fails when none went out. */
export async function newest(stack: Stack, type: string): Promise<Body> {
  const all = await sent(stack, type);
  const last = all.at(-1);
  if (last === undefined) throw new Error(`no ${type} went out`);
  return last.payload;
}

export const now = (): string => new Date().toISOString();

/** A long of two at 100, opened now. */
export function opened(tradeId: string, symbol: string, rest: Payload = {}): Payload {
  return {
    trade_id: tradeId,
    symbol,
    side: 'buy',
    entry_price: '100',
    quantity: '2',
    timestamp: now(),
    ...rest,
  };
}

/** Sends a price dated now. */
export async function tick(stack: Stack, symbol: string, price: string): Promise<void> {
  await send(stack.redis, 'market.tick', 'V1', { symbol, price: new Num(price), timestamp: now() });
}
