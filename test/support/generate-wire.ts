import { Num, VARIANTS, type Payload, type PayloadValue, type Variant } from './envelope.js';
import type { Message } from './generate.js';
import type { Random } from './generate-random.js';
import type { CloseFact, FlowFact, LogicalSide, MarkFact, OpenFact } from './oracle-facts.js';

export interface WireMessage {
  readonly eventType: string;
  readonly variant: Variant;
  readonly payload: Payload;
}

type Fields = [name: string, value: PayloadValue][];

/** One of the many forms in which a producer may put this message on the bus; every call may choose another one. */
export function wireOf(message: Message, random: Random, accountId?: string): WireMessage {
  const { eventType, fields } = new Writer(random).write(message);
  if (accountId !== undefined) fields.push([random.pick(['account_id', 'account']), accountId]);
  const payload = Object.fromEntries(random.shuffled(fields));
  return { eventType, variant: random.pick(VARIANTS), payload };
}

class Writer {
  constructor(private readonly random: Random) {}

  write(message: Message): { eventType: string; fields: Fields } {
    const { fact } = message;
    switch (fact.kind) {
      case 'open':
        return { eventType: 'trade.opened', fields: this.opened(fact, message) };
      case 'close':
        return { eventType: 'trade.closed', fields: this.closed(fact, message) };
      case 'flow':
        return { eventType: 'account.cash_flow', fields: this.flow(fact, message) };
      case 'mark':
        return { eventType: 'market.tick', fields: this.tick(fact) };
    }
  }

  private opened(fact: OpenFact, { leverage }: Message): Fields {
    return [
      [this.name('trade_id'), fact.tradeId],
      ['symbol', fact.symbol],
      ['side', this.openingSide(fact.side)],
      [this.name('entry_price'), fact.entryPrice === null ? new Num('0.0') : this.number(fact.entryPrice)],
      [this.random.pick(['quantity', 'qty']), this.number(fact.quantity)],
      ...this.optional('leverage', leverage),
      ...this.optional('fee', fact.fee),
      ['timestamp', this.time(fact.at)],
    ];
  }

  private closed(fact: CloseFact, { orderId, saysOrderSide }: Message): Fields {
    const side = fact.tradeId === null && saysOrderSide ? this.closingOrder(fact.side) : fact.side;
    return [
      ...this.optionalText(this.name('trade_id'), fact.tradeId),
      ...this.optionalText(this.name('order_id'), orderId),
      ['symbol', fact.symbol],
      ['side', this.cased(side)],
      ...this.optional(this.name('entry_price'), fact.entryPrice),
      ...this.optional(this.name('exit_price'), fact.exitPrice),
      ...this.optional(this.random.pick(['quantity', 'qty']), fact.quantity),
      ...this.optional(
        this.random.pick(['realized_pnl', 'realizedPnl', 'pnl_usd', 'pnl_usdt', 'pnl']),
        fact.reportedPnl,
      ),
      ...this.optional(this.random.pick(['realized_pnl_pct', 'pnl_percent', 'pnl_pct']), fact.reportedPct),
      ...this.optional('fee', fact.fee),
      [this.random.pick(['timestamp', 'close_ts', 'ts']), this.time(fact.at)],
    ];
  }

  private flow(fact: FlowFact, { id }: Message): Fields {
    return [
      [this.name('event_id'), id],
      ['type', fact.type],
      ['amount', this.number(fact.amount)],
      ['currency', 'USDT'],
      ['timestamp', this.time(fact.at)],
    ];
  }

  private tick(fact: MarkFact): Fields {
    return [
      ['symbol', fact.symbol],
      ['price', this.number(fact.price)],
      [this.random.pick(['qty', 'volume']), new Num('0.065')],
      [this.random.pick(['timestamp', 'ts']), this.time(fact.at)],
    ];
  }

  private name(snakeCase: string): string {
    if (this.random.chance(0.7)) return snakeCase;
    return snakeCase.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  }

  private number(text: string): PayloadValue {
    return this.random.chance(0.5) ? new Num(text) : text;
  }

  private optional(name: string, text: string | null): Fields {
    if (text !== null) return [[name, this.number(text)]];
    const nothing = this.random.pick<PayloadValue | undefined>([
      undefined,
      undefined,
      null,
      '',
      'None',
      'null',
    ]);
    return nothing === undefined ? [] : [[name, nothing]];
  }

  private optionalText(name: string, text: string | null): Fields {
    return text === null ? this.optional(name, null) : [[name, text]];
  }

  private openingSide(side: LogicalSide): string {
    return this.cased(this.random.chance(0.5) ? side : side === 'LONG' ? 'BUY' : 'SELL');
  }

  private closingOrder(side: LogicalSide): string {
    return side === 'LONG' ? 'SELL' : 'BUY';
  }

  private cased(text: string): string {
    return this.random.chance(0.5) ? text : text.toLowerCase();
  }

  /** ISO with and without zone, epoch seconds as a float, epoch milliseconds. */
  private time(at: number): PayloadValue {
    const iso = new Date(at).toISOString();
    const seconds = `${Math.floor(at / 1000)}.${String(at % 1000).padStart(3, '0')}`;
    return this.random.pick<PayloadValue>([
      iso,
      iso.slice(0, -1),
      `${iso.slice(0, -1)}+00:00`,
      `${iso.slice(0, -1)}000`,
      new Num(seconds),
      seconds,
      new Num(String(at)),
    ]);
  }
}
