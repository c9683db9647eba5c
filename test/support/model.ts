import type { Redis } from 'ioredis';
import { VARIANTS, type Payload } from './envelope.js';
import type { Message } from './generate.js';
import { Random } from './generate-random.js';
import { wireOf } from './generate-wire.js';
import { MessageMaker } from './model-messages.js';
import { answersOf, type OracleAnswers } from './oracle.js';
import type { CloseFact, LogicalFact, OpenFact } from './oracle-facts.js';
import { Ratio } from './oracle-ratio.js';
import { send, sendFields, streamOf } from './streams.js';

/** What can happen to an account; `delay` keeps the next message back until a `release` (or the end) sends it. */
export const HAPPENINGS = {
  open: 6,
  close: 6,
  orphan: 1,
  flow: 2,
  tick: 3,
  repeat: 3,
  delay: 3,
  release: 2,
  conflict: 2,
  correct: 2,
  junk: 1,
} as const;
export type Happening = keyof typeof HAPPENINGS;

type Correctable = OpenFact | (CloseFact & { readonly orderId: string });

/**
 * One account and all that was ever said about it: makes what happens next, sends it, and knows what the service has to
 * answer by now. What a step does follows from its seed and from the steps before it.
 */
export class Model {
  private readonly known: LogicalFact[] = [];
  private readonly sent: Message[] = [];
  private readonly kept: Message[][] = [];
  /** By what they correct (a trade's id, a closing order's id); null = void. */
  private readonly corrections = new Map<string, LogicalFact | null>();
  private readonly maker: MessageMaker;
  private isDelaying = false;

  /** `name` is the account's. */
  constructor(
    private readonly redis: Redis,
    readonly name: string,
  ) {
    this.maker = new MessageMaker(name, Date.now() - 120_000);
  }

  private get random(): Random {
    return this.maker.random;
  }

  begin(): Promise<void> {
    return this.tell([this.maker.deposit('50000.5')]);
  }

  async happen(happening: Happening, seed: number): Promise<void> {
    this.maker.random = new Random(seed);
    switch (happening) {
      case 'open':
        return this.tell(this.maker.opened());
      case 'close':
        return this.tell(this.maker.closed());
      case 'orphan':
        return this.tell([this.maker.orphan()]);
      case 'flow':
        return this.tell([this.maker.flow()]);
      case 'tick':
        return this.tell([this.maker.tick()]);
      case 'repeat':
        return this.put(this.sent.length > 0 ? [this.random.pick(this.sent)] : []);
      case 'delay':
        this.isDelaying = true;
        return;
      case 'release':
        return this.release(this.random.integer(0, Math.max(0, this.kept.length - 1)));
      case 'conflict':
        return this.contradict();
      case 'correct':
        return this.correct();
      case 'junk':
        return this.junk();
    }
  }

  async releaseAll(): Promise<void> {
    while (this.kept.length > 0) await this.release(0);
  }

  /** By what was sent so far; what is kept back is not known to anybody. */
  expected(): OracleAnswers {
    const done = new Set<string>();
    const corrected = this.known.flatMap((fact) => {
      const key = keyOf(fact, this.sent);
      const correction = key === null ? undefined : this.corrections.get(key);
      if (key === null || correction === undefined) return [fact];
      // An open told in two messages is one fact, and is replaced once.
      const isFirst = !done.has(key);
      done.add(key);
      return correction && isFirst ? [correction] : [];
    });
    return answersOf(corrected);
  }

  private async tell(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    if (this.isDelaying) this.kept.push([...messages]);
    this.isDelaying = this.isDelaying ? false : await this.sendNew(messages);
  }

  private async sendNew(messages: readonly Message[]): Promise<false> {
    await this.put(messages);
    this.sent.push(...messages);
    this.known.push(...messages.map(({ fact }) => fact));
    return false;
  }

  private async release(index: number): Promise<void> {
    const [messages] = this.kept.splice(index, 1);
    if (messages) await this.sendNew(messages);
  }

  private async put(messages: readonly Message[]): Promise<void> {
    for (const message of messages) {
      const { eventType, variant, payload } = wireOf(message, this.random, this.name);
      await send(this.redis, eventType, variant, payload);
    }
  }

  /** The same identity with other content: the first one stays. */
  private async contradict(): Promise<void> {
    const twice = (text: string): string => Ratio.of(text).times(Ratio.of('2')).toString();
    const candidates = this.sent.flatMap((message): Message[] => {
      const { fact, orderId } = message;
      if (fact.kind === 'open') return [{ ...message, fact: { ...fact, quantity: twice(fact.quantity) } }];
      if (fact.kind === 'flow') return [{ ...message, fact: { ...fact, amount: twice(fact.amount) } }];
      if (fact.kind !== 'close' || orderId === null || fact.exitPrice === null) return [];
      return [{ ...message, fact: { ...fact, exitPrice: twice(fact.exitPrice) } }];
    });
    if (candidates.length > 0) await this.put([this.random.pick(candidates)]);
  }

  /** Voids or replaces something, which may not even have been told yet. Never the same thing twice. */
  private async correct(): Promise<void> {
    const all = [...this.sent, ...this.kept.flat()];
    const candidates = all.flatMap(correctable).filter((fact) => !this.corrections.has(nameOf(fact)));
    if (candidates.length === 0) return;
    const wrong = this.random.pick(
      candidates.filter((fact) => fact.kind === 'close' || fact.entryPrice !== null),
    );
    const style = this.maker.styleOf(wrong.symbol);
    const right = { ...wrong, [wrong.kind === 'open' ? 'entryPrice' : 'exitPrice']: this.maker.price(style) };
    const isVoid = this.random.chance(0.4);
    const orderId = wrong.kind === 'close' ? wrong.orderId : null;
    const { eventType, payload } = wireOf({ ...this.maker.messageOf(right, orderId) }, this.random);
    this.corrections.set(nameOf(wrong), isVoid ? null : right);
    await send(this.redis, 'trade.corrected', this.random.pick(VARIANTS), {
      ...{ account_id: this.name, symbol: wrong.symbol, event_id: `C-${nameOf(wrong)}` },
      ...{
        corrects_type: eventType,
        trade_id: wrong.tradeId,
        timestamp: new Date(this.maker.end).toISOString(),
      },
      ...(orderId === null ? {} : { order_id: orderId }),
      ...(isVoid ? { action: 'void' } : { replacement: { event_type: eventType, ...payload } }),
    });
  }

  private async junk(): Promise<void> {
    const bad: Payload[] = [
      { account_id: this.name, symbol: 'BTCUSDT' },
      {
        account_id: this.name,
        trade_id: 'x',
        symbol: this.maker.symbolOf('named'),
        side: 'buy',
        quantity: '-1',
      },
    ];
    const stream = streamOf(
      this.random.pick(['trade.opened', 'trade.closed', 'account.cash_flow', 'market.tick']),
    );
    if (this.random.chance(0.5)) await sendFields(this.redis, stream, { payload: '{"trade_id": ' });
    else await send(this.redis, 'trade.opened', this.random.pick(VARIANTS), this.random.pick(bad));
  }
}

function correctable({ fact, orderId }: Message): Correctable[] {
  if (fact.kind === 'open') return [fact];
  const isNamed = fact.kind === 'close' && fact.tradeId !== null && orderId !== null;
  return isNamed ? [{ ...fact, orderId }] : [];
}

function nameOf(fact: Correctable): string {
  return fact.kind === 'open' ? fact.tradeId : fact.orderId;
}

/** What a correction would know this fact by. */
function keyOf(fact: LogicalFact, sent: readonly Message[]): string | null {
  const message = sent.find((one) => one.fact === fact);
  const [found] = message ? correctable(message) : [];
  return found ? nameOf(found) : null;
}
