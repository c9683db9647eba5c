import { Decimal } from '../../shared/decimal.js';
import { middle } from './margin-quotes.js';

/** One side of the quotes of currency pairs "BASE/QUOTE". */
export type PairQuotes = ReadonlyMap<string, Decimal>;

/** Which side of the quotes a rate is read from. */
export type QuoteSide = 'BID' | 'ASK' | 'MID';

/** The rates of one side of the book; MID needs both sides of a pair. */
export function ratesOf(bid: PairQuotes, ask: PairQuotes, side: QuoteSide): PairQuotes {
  if (side === 'BID') return bid;
  if (side === 'ASK') return ask;
  const rates = new Map<string, Decimal>();
  for (const [pair, price] of bid) {
    const mid = middle(price, ask.get(pair) ?? null);
    if (mid !== null) rates.set(pair, mid);
  }
  return rates;
}

/**
 * Units of `to` for one unit of `from`, by the fewest pairs that lead there: direct, inverse (1 ÷ the pair's rate of the
 * same side), or across other currencies. Products are exact, inverses rounded at 18 places. null when no pairs connect
 * the two; 1 for a currency and itself.
 */
export function conversionRate(rates: PairQuotes, from: string, to: string): Decimal | null {
  const reached = new Map<string, Decimal>([[from, Decimal.ONE]]);
  for (const [currency, rate] of reached) {
    if (currency === to) return rate;
    for (const [next, step] of neighbours(rates, currency)) {
      if (!reached.has(next)) reached.set(next, rate.times(step));
    }
  }
  return null;
}

/** An amount in another currency; null when no pairs connect the two. */
export function converted(amount: Decimal, rates: PairQuotes, from: string, to: string): Decimal | null {
  const rate = conversionRate(rates, from, to);
  return rate === null ? null : amount.times(rate);
}

/** What closing a position now would bring in the account's currency: unrealized × rate − the fee of closing (already in it). */
export function closingProfit(unrealized: Decimal, rate: Decimal, exitFee: Decimal): Decimal {
  return unrealized.times(rate).minus(exitFee);
}

/** A Map keeps its order while it grows, so that what is reached first is reached by the fewest pairs. */
function neighbours(rates: PairQuotes, currency: string): [string, Decimal][] {
  return [...rates].flatMap(([pair, rate]): [string, Decimal][] => {
    const [base, quote] = pair.split('/') as [string, string];
    if (base === currency) return [[quote, rate]];
    return quote === currency && !rate.isZero() ? [[base, Decimal.ONE.dividedBy(rate)]] : [];
  });
}
