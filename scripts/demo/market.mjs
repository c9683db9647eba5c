import { amount } from './amounts.mjs';
import { normal } from './random.mjs';

/** Symbol, the price it wanders around, and its tick size. */
const LISTED = [
  ['BTCUSDT', 68000.5, '0.1'],
  ['ETHUSDT', 2058.31, '0.01'],
  ['SOLUSDT', 84.94, '0.01'],
  ['BNBUSDT', 617.1, '0.01'],
  ['XRPUSDT', 1.4685, '0.0001'],
  ['LINKUSDT', 8.812, '0.001'],
  ['DOGEUSDT', 0.10174, '0.00001'],
  ['INJUSDT', 3.142, '0.001'],
];
/** Standard deviation of one step, as a fraction of the price. */
const STEP = 0.0003;
/** The share of every step that all symbols have in common: they rise and fall together. */
const COMMON = 0.6;
/** How strongly a price is drawn back to what it wanders around: it may go on for ever and still be plausible. */
const PULL = 0.0004;

/** Prices as whole numbers of ticks; every step moves every symbol by at least one tick. */
export class Market {
  #random;
  #quotes = new Map();

  /** `last` holds prices to go on from, by symbol. */
  constructor(random, last = {}) {
    this.#random = random;
    for (const [symbol, anchor, tickSize] of LISTED) {
      const ticks = Math.round((last[symbol] ?? anchor) / Number(tickSize));
      this.#quotes.set(symbol, { ticks, anchor: anchor / Number(tickSize), tickSize: amount(tickSize) });
    }
  }

  get symbols() {
    return [...this.#quotes.keys()];
  }

  price(symbol) {
    const { ticks, tickSize } = this.#quotes.get(symbol);
    return BigInt(ticks) * tickSize;
  }

  step() {
    const common = COMMON * normal(this.#random);
    for (const quote of this.#quotes.values()) {
      const own = Math.sqrt(1 - COMMON ** 2) * normal(this.#random);
      const change = STEP * (common + own) + PULL * Math.log(quote.anchor / quote.ticks);
      const moved = Math.round(quote.ticks * change) || Math.sign(change) || 1;
      quote.ticks = Math.max(1, quote.ticks + moved);
    }
  }
}
