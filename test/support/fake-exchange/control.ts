import type { IncomingMessage } from 'node:http';
import type { Fault } from './faults.js';
import type { Value } from './json.js';
import type { ToldFill } from './ledger.js';

/** What can be told to an exchange that runs by itself. */
export interface Controlled {
  fill(told: ToldFill): unknown;
  funding(symbol: string, amount: string): unknown;
  transfer(amount: string): unknown;
  price(symbol: string, price: string): void;
  advance(ms: number): void;
  fail(path: string, fault: Fault, times?: number): void;
  readonly streams: { cut(): void };
}

type Told = Readonly<Record<string, unknown>>;

const ORDERS: Readonly<Record<string, (exchange: Controlled, told: Told) => unknown>> = {
  fill: (exchange, told) => exchange.fill(told as unknown as ToldFill),
  funding: (exchange, { symbol, amount }) => exchange.funding(String(symbol), String(amount)),
  transfer: (exchange, { amount }) => exchange.transfer(String(amount)),
  price: (exchange, { symbol, price }) => exchange.price(String(symbol), String(price)),
  advance: (exchange, { ms }) => exchange.advance(Number(ms)),
  fail: (exchange, { path, fault, times }) => exchange.fail(String(path), fault as Fault, Number(times ?? 1)),
  'cut-streams': (exchange) => exchange.streams.cut(),
};

/** Does what a POST to `/_fake/<order>` tells; null = there is no such order. */
export async function control(
  exchange: Controlled,
  path: string,
  request: IncomingMessage,
): Promise<Value | null> {
  const order = ORDERS[path.replace('/_fake/', '')];
  if (!order || request.method !== 'POST') return null;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  order(exchange, text === '' ? {} : (JSON.parse(text) as Told));
  return { done: true };
}
