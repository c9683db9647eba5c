import type { HeldTrade, Message, Style } from './generate.js';
import { CloseMaker } from './generate-closes.js';
import { Random } from './generate-random.js';
import type { LogicalFact, LogicalSide, OpenFact } from './oracle-facts.js';
import { Ratio } from './oracle-ratio.js';

/** Trades that are closed in one way share a symbol, as in `generate.ts`. */
const STYLES: readonly Style[] = ['named', 'mixed', 'live'];
const PLACES: Record<Style, number> = { named: 2, mixed: 4, live: 5, orphan: 3 };
const DAY_MS = 86_400_000;

/** Makes one message after the other for one account, each later than all before it. */
export class MessageMaker {
  /** Decides everything that is left open; another one for every step. */
  random = new Random(0);
  private readonly held: HeldTrade[] = [];
  private made = 0;
  private at: number;

  /** `name` is part of the symbols, so that no price of another run is one of its own. `end`: epoch ms, never reached. */
  constructor(
    private readonly name: string,
    readonly end: number,
  ) {
    this.at = end - 40 * DAY_MS;
  }

  deposit(amount: string): Message {
    return this.messageOf({ kind: 'flow', type: 'DEPOSIT', amount, at: this.pass() });
  }

  opened(): Message[] {
    const style = this.random.pick(STYLES);
    const fact: OpenFact = {
      kind: 'open',
      tradeId: `T-${(this.made += 1)}`,
      symbol: this.symbolOf(style),
      side: this.random.pick(['LONG', 'SHORT'] as const),
      entryPrice: this.price(style),
      quantity: this.random.decimal(0, 5, 3),
      fee: style === 'named' && this.random.chance(0.5) ? this.random.decimal(0, 3, 8) : null,
      at: this.pass(),
    };
    this.held.push({ fact, open: Ratio.of(fact.quantity), closes: 0 });
    const whole = this.messageOf(fact);
    const isMarketOrder = style === 'named' && this.random.chance(0.2);
    if (!isMarketOrder) return [whole];
    return this.random.shuffled([this.messageOf({ ...fact, entryPrice: null, fee: null }), whole]);
  }

  closed(): Message[] {
    const open = this.held.filter((trade) => trade.open.sign() > 0);
    if (open.length === 0) return [];
    const trade = this.random.pick(open);
    const style = this.styleOf(trade.fact.symbol);
    const request = { at: this.pass(), exitPrice: this.price(style), style };
    return [this.messageOf(new CloseMaker(this.random).closeOf(trade, open, request), this.orderId())];
  }

  orphan(): Message {
    const side = this.random.pick<LogicalSide>(['LONG', 'SHORT']);
    const prices = { entryPrice: this.price('orphan'), exitPrice: this.price('orphan') };
    const about = { symbol: this.symbolOf('orphan'), side, at: this.pass(), ...prices };
    return this.messageOf(new CloseMaker(this.random).orphanOf(about), this.orderId());
  }

  flow(): Message {
    const type = this.random.pick(['DEPOSIT', 'WITHDRAWAL', 'FEE', 'FUNDING'] as const);
    return this.messageOf({ kind: 'flow', type, amount: this.random.decimal(0, 40, 8), at: this.pass() });
  }

  tick(): Message {
    const style = this.random.pick(STYLES);
    const mark = { symbol: this.symbolOf(style), price: this.price(style), at: this.pass() };
    return this.messageOf({ kind: 'mark', ...mark });
  }

  /** A message with an id of its own. */
  messageOf(fact: LogicalFact, orderId: string | null = null): Message {
    const id = `E-${(this.made += 1)}`;
    return { fact, orderId, id, leverage: null, saysOrderSide: this.random.chance(0.3) };
  }

  private orderId(): string | null {
    return this.random.chance(0.6) ? `O-${(this.made += 1)}` : null;
  }

  styleOf(symbol: string): Style {
    return STYLES.find((style) => this.symbolOf(style) === symbol)!;
  }

  symbolOf(style: Style): string {
    return `${style.slice(0, 1)}${this.name}USDT`.toUpperCase();
  }

  price(style: Style): string {
    return this.random.decimal(80, 95, PLACES[style]);
  }

  /** Goes on by up to a fifth of the time that is left, so that a history of any length spans weeks and hours. */
  private pass(): number {
    this.at += 1 + Math.floor(this.random.next() ** 2 * 0.4 * (this.end - this.at));
    return this.at;
  }
}
