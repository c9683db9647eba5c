import { CloseMaker } from './generate-closes.js';
import { Random } from './generate-random.js';
import type { LogicalFact, LogicalSide, OpenFact } from './oracle-facts.js';
import { Ratio } from './oracle-ratio.js';

/** A fact together with what a producer adds to it. */
export interface Message {
  readonly fact: LogicalFact;
  readonly orderId: string | null;
  readonly leverage: string | null;
  /** Position side or the closing order's side, for closes. */
  readonly saysOrderSide: boolean;
  /** Unique; a cash flow is known by it. */
  readonly id: string;
}

export interface DayOptions {
  readonly seed: number;
  readonly trades: number;
  /** Epoch ms of the last event. */
  readonly end: number;
  /** From the first event to the last. */
  readonly durationMs: number;
}

/**
 * How the trades of a symbol are closed. `named`: by trade_id, with fees and with quantities whose shares are finite
 * decimals; `mixed`: by trade_id or by symbol and side; `live`: as the live producers do, without id and quantity;
 * `orphan`: closes only, their opens never come.
 */
const SYMBOLS = {
  BTCUSDT: { style: 'named', least: 60_000, most: 70_000, places: 2 },
  ETHUSDT: { style: 'named', least: 1_900, most: 2_100, places: 13 },
  SOLUSDT: { style: 'mixed', least: 80, most: 95, places: 4 },
  '1000PEPEUSDT': { style: 'mixed', least: 0, most: 1, places: 17 },
  ALICEUSDT: { style: 'live', least: 1, most: 3, places: 10 },
  XRPUSDT: { style: 'live', least: 1, most: 2, places: 5 },
  ORDIUSDT: { style: 'orphan', least: 20, most: 30, places: 3 },
} as const;

export type Style = (typeof SYMBOLS)[keyof typeof SYMBOLS]['style'];
type SymbolName = keyof typeof SYMBOLS;
const NAMES = Object.keys(SYMBOLS) as SymbolName[];
/** Never gets a price from outside: it is valued at its entry price. */
export const UNPRICED_SYMBOL = 'QNTUSDT';

export interface HeldTrade {
  readonly fact: OpenFact;
  open: Ratio;
  closes: number;
}

/** A trading day in the order in which it happened: deposit first, then trades, closes, fees, funding and prices. */
export function dayOf(options: DayOptions): Message[] {
  return new Day(options).messages();
}

export function factsOf(messages: readonly Message[]): LogicalFact[] {
  return messages.map(({ fact }) => fact);
}

class Day {
  private readonly random: Random;
  private readonly closes: CloseMaker;
  private readonly made: Message[] = [];
  private readonly held: HeldTrade[] = [];
  private readonly step: number;
  private at: number;
  private opened = 0;

  constructor(private readonly options: DayOptions) {
    this.random = new Random(options.seed);
    this.closes = new CloseMaker(this.random);
    this.at = options.end - options.durationMs;
    this.step = Math.floor(options.durationMs / (options.trades * 4 + 40));
  }

  messages(): Message[] {
    this.add({ kind: 'flow', type: 'DEPOSIT', amount: '250000.75', at: this.at });
    this.open(UNPRICED_SYMBOL, '101.25');
    while (this.opened < this.options.trades) this.move();
    for (const name of NAMES) this.tick(name);
    return this.made;
  }

  private move(): void {
    const choice = this.random.next();
    if (choice < 0.28 || this.held.length < 6) return this.open(this.random.pick(NAMES));
    if (choice < 0.62) return this.close();
    if (choice < 0.68) return this.flow();
    this.tick(this.random.pick(NAMES));
  }

  private open(symbol: SymbolName | typeof UNPRICED_SYMBOL, price?: string): void {
    const style = symbol === UNPRICED_SYMBOL ? 'mixed' : SYMBOLS[symbol].style;
    if (style === 'orphan') return this.orphan(symbol);
    const priceUnknown = style === 'named' && this.random.chance(0.08);
    const known: OpenFact = {
      kind: 'open',
      tradeId: `T-${this.options.seed}-${this.opened}`,
      symbol,
      side: this.random.pick(['LONG', 'SHORT'] as const),
      entryPrice: price ?? this.price(symbol),
      quantity: this.random.decimal(0, 5, 3),
      fee: style === 'named' && this.random.chance(0.5) ? this.random.decimal(0, 3, 8) : null,
      at: this.now(),
    };
    this.opened += 1;
    this.held.push({ fact: known, open: Ratio.of(known.quantity), closes: 0 });
    const leverage = this.random.pick(['5', '20', null]);
    if (priceUnknown) this.put({ fact: { ...known, entryPrice: null, fee: null }, leverage });
    this.put({ fact: known, leverage });
  }

  private close(): void {
    const open = this.held.filter((trade) => trade.open.sign() > 0 && trade.fact.symbol !== UNPRICED_SYMBOL);
    if (open.length === 0) return;
    const trade = this.random.pick(open);
    const symbol = trade.fact.symbol as SymbolName;
    const request = { at: this.now(), exitPrice: this.price(symbol), style: SYMBOLS[symbol].style };
    const fact = this.closes.closeOf(trade, open, request);
    // Half of them carry the id of the closing order; it is part of what makes a repeat recognisable.
    this.put({
      fact,
      orderId: this.random.chance(0.5) ? `O-${this.options.seed}-${this.made.length}` : null,
    });
  }

  private orphan(symbol: string): void {
    const side = this.random.pick<LogicalSide>(['LONG', 'SHORT']);
    const prices = { entryPrice: this.price(symbol), exitPrice: this.price(symbol) };
    const fact = this.closes.orphanOf({ symbol, side, at: this.now(), ...prices });
    this.put({ fact, orderId: `O-${this.options.seed}-${this.made.length}` });
  }

  private flow(): void {
    const type = this.random.pick(['DEPOSIT', 'WITHDRAWAL', 'FEE', 'FUNDING', 'FUNDING'] as const);
    const sign = type === 'FUNDING' && this.random.chance(0.5) ? '-' : '';
    this.add({ kind: 'flow', type, amount: sign + this.random.decimal(0, 40, 8), at: this.now() });
  }

  private tick(symbol: SymbolName): void {
    this.add({ kind: 'mark', symbol, price: this.price(symbol), at: this.now() });
  }

  private price(symbol: string): string {
    const { least, most, places } = SYMBOLS[symbol as SymbolName];
    return this.random.decimal(least, most, places);
  }

  /** Strictly later than everything before: with equal times the order would be nobody's. */
  private now(): number {
    this.at += this.random.integer(1, Math.max(2, this.step));
    return this.at;
  }

  private add(fact: LogicalFact): void {
    this.put({ fact });
  }

  private put(message: Partial<Message> & { fact: LogicalFact }): void {
    const id = `E-${this.options.seed}-${this.made.length}`;
    const saysOrderSide = this.random.chance(0.3);
    this.made.push({ orderId: null, leverage: null, saysOrderSide, id, ...message });
  }
}
