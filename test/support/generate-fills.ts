import type { Redis } from 'ioredis';
import { jsonOf, Num, type PayloadValue } from './envelope.js';
import { Random } from './generate-random.js';
import { wireOf } from './generate-wire.js';
import type { FillFact, FillsFact, Netting } from './oracle-fills.js';
import { sendFields, streamOf } from './streams.js';

export interface FillMessage {
  readonly fact: FillsFact;
  /** Unique; a cash flow is known by it. */
  readonly id: string;
  /** An acknowledgement without price and fee; the fill itself comes as another message. */
  readonly unpriced?: boolean;
}

export interface FillDayOptions {
  readonly seed: number;
  readonly orders: number;
  /** Epoch ms of the last event at the latest, and how long before it the first one lies. */
  readonly end: number;
  readonly durationMs: number;
  readonly mode: Netting;
}

const SYMBOLS = {
  BTCUSDT: { least: 60_000, most: 70_000, places: 2 },
  ETHUSDT: { least: 1_900, most: 2_100, places: 7 },
  SOLUSDT: { least: 80, most: 95, places: 11 },
} as const;
type SymbolName = keyof typeof SYMBOLS;
const NAMES = Object.keys(SYMBOLS) as SymbolName[];

/** A day on a venue in its own order: orders of one to three fills, fees in both assets, money, prices. */
export function fillDayOf(options: FillDayOptions): FillMessage[] {
  return new FillDay(options).messages();
}

class FillDay {
  private readonly random: Random;
  private readonly made: FillMessage[] = [];
  private at: number;
  /** Counts over a digit's edge, as venues' ids do: 9 comes before 10. */
  private executions = 7;

  constructor(private readonly options: FillDayOptions) {
    this.random = new Random(options.seed);
    this.at = options.end - options.durationMs;
  }

  messages(): FillMessage[] {
    this.put({ kind: 'flow', type: 'DEPOSIT', amount: '90000.5', at: this.at });
    for (let order = 0; order < this.options.orders; order += 1) this.order(`O-${1000 + order}`);
    for (const symbol of NAMES) this.tick(symbol);
    return this.made;
  }

  private order(orderId: string): void {
    const symbol = this.random.pick(NAMES);
    const side = this.random.pick(['BUY', 'SELL'] as const);
    const reduceOnly = this.options.mode === 'hedge' ? this.random.chance(0.6) : null;
    const parts = this.random.integer(1, 3);
    const isCounted = parts > 1 || this.random.chance(0.5);
    for (let part = 0; part < parts; part += 1) {
      // Half of an order's fills happen in the same millisecond.
      if (part === 0 || this.random.chance(0.5)) this.pass();
      const executionId = isCounted ? String((this.executions += 1)) : null;
      this.fill({ orderId, executionId, symbol, side, reduceOnly });
    }
    if (this.random.chance(0.3)) this.tick(symbol);
    if (this.random.chance(0.1)) this.flow();
  }

  private fill(of: Pick<FillFact, 'orderId' | 'executionId' | 'symbol' | 'side' | 'reduceOnly'>): void {
    const feeIn = of.reduceOnly === null && this.random.chance(0.25) ? 'base' : 'quote';
    // A reduce-only order that finds nothing to reduce never fills, so it is never charged either.
    const fee = of.reduceOnly === true ? null : this.random.decimal(0, 1, feeIn === 'base' ? 5 : 8);
    const fact: FillFact = {
      kind: 'fill',
      ...of,
      quantity: this.random.decimal(1, 6, 3),
      price: this.price(of.symbol as SymbolName),
      fee: this.random.chance(0.8) ? fee : null,
      feeIn,
      at: this.at,
    };
    if (this.random.chance(0.1)) this.put(fact, true);
    this.put(fact);
  }

  private flow(): void {
    this.pass();
    const type = this.random.pick(['DEPOSIT', 'WITHDRAWAL', 'FEE', 'FUNDING'] as const);
    this.put({ kind: 'flow', type, amount: this.random.decimal(0, 40, 8), at: this.at });
  }

  private tick(symbol: SymbolName): void {
    this.pass();
    this.put({ kind: 'mark', symbol, price: this.price(symbol), at: this.at });
  }

  private price(symbol: SymbolName): string {
    const { least, most, places } = SYMBOLS[symbol];
    return this.random.decimal(least, most, places);
  }

  private pass(): void {
    this.at += this.random.integer(1, Math.floor(this.options.durationMs / (this.options.orders * 2)));
  }

  private put(fact: FillsFact, unpriced = false): void {
    this.made.push({ fact, unpriced, id: `F-${this.options.seed}-${this.made.length}` });
  }
}

/** Sends one message: a fill on one of the streams that fills come on. */
export async function sendFill(
  redis: Redis,
  message: FillMessage,
  random: Random,
  accountId: string,
): Promise<void> {
  const { fact, id } = message;
  if (fact.kind !== 'fill') {
    const whole = { fact, id, orderId: null, leverage: null, saysOrderSide: false };
    const { eventType, payload } = wireOf(whole, random, accountId);
    await sendFields(redis, streamOf(eventType), { payload: jsonOf(payload), source: 'execution' });
    return;
  }
  const eventType = random.pick(['order.executed', 'execution.result', 'trade.execution.res']);
  const fields = Object.entries({ account_id: accountId, ...fillPayload(message, fact, random) });
  const payload = Object.fromEntries(random.shuffled(fields));
  await sendFields(redis, streamOf(eventType), { payload: jsonOf(payload), source: 'execution' });
}

function fillPayload(
  { unpriced }: FillMessage,
  fact: FillFact,
  random: Random,
): Record<string, PayloadValue> {
  const base = fact.symbol.slice(0, -'USDT'.length);
  const isTold = fact.fee !== null && unpriced !== true;
  return {
    order_id: fact.orderId,
    ...(fact.executionId === null ? {} : { execution_id: fact.executionId }),
    symbol: fact.symbol,
    [random.pick(['side', 'action'])]: fact.side,
    [random.pick(['quantity', 'filled_qty'])]: new Num(fact.quantity),
    [random.pick(['price', 'entry_price'])]: unpriced === true ? new Num('0.0') : fact.price,
    ...(isTold ? { fee: fact.fee, fee_currency: fact.feeIn === 'base' ? base : 'USDT' } : {}),
    ...(fact.reduceOnly === null ? {} : { reduce_only: fact.reduceOnly }),
    status: 'filled',
    timestamp: new Date(fact.at).toISOString(),
  };
}
