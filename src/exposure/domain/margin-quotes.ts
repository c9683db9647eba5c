import { Decimal } from '../../shared/decimal.js';

/** What is known of a symbol's price. */
export interface Quote {
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly last: Decimal | null;
}

/** `closing-side`: a long at the bid, a short at the ask, what closing would get. Or the middle, or the last trade. */
export type MarkRule = 'closing-side' | 'mid' | 'last';

/** The price that values a position of this signed quantity; null when the quote does not have it. */
export function markOf(quote: Quote, quantity: Decimal, rule: MarkRule): Decimal | null {
  switch (rule) {
    case 'closing-side':
      return quantity.isNegative() ? quote.ask : quote.bid;
    case 'mid':
      return middle(quote.bid, quote.ask);
    case 'last':
      return quote.last;
  }
}

/** (bid + ask) ÷ 2; null when either is unknown. */
export function middle(bid: Decimal | null, ask: Decimal | null): Decimal | null {
  return bid === null || ask === null ? null : bid.plus(ask).dividedBy(Decimal.integer(2));
}
