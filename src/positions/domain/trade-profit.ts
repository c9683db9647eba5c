import { Decimal } from '../../shared/decimal.js';
import type { Side } from '../../ledger/facts.js';

/** One trade from open to close. Fee rates are fractions of the value; leverage never multiplies the profit. */
export interface TradeTerms {
  readonly side: Side;
  /** The full base size, > 0. */
  readonly quantity: Decimal;
  readonly openPrice: Decimal;
  readonly openFeeRate: Decimal;
}

/** How a trade ended. Funding: + received, − paid. */
export interface TradeExit {
  readonly closePrice: Decimal;
  readonly closeFeeRate: Decimal;
  readonly funding: Decimal;
}

/** What opening took (long: price and fee) or brought in (short: price less fee), in quote. */
export function openValue(trade: TradeTerms): Decimal {
  return valueWithFee(trade.quantity, trade.openPrice, trade.openFeeRate, trade.side === 'LONG');
}

/** What closing brings in (long: price less fee, plus funding) or takes (short: price and fee, less funding), in quote. */
export function closeValue(trade: Pick<TradeTerms, 'side' | 'quantity'>, exit: TradeExit): Decimal {
  const value = valueWithFee(trade.quantity, exit.closePrice, exit.closeFeeRate, trade.side === 'SHORT');
  return trade.side === 'LONG' ? value.plus(exit.funding) : value.minus(exit.funding);
}

/** Net profit of a trade in quote: both fees and funding are inside. */
export function tradeProfit(trade: TradeTerms, exit: TradeExit): Decimal {
  const gained = closeValue(trade, exit).minus(openValue(trade));
  return trade.side === 'LONG' ? gained : gained.negated();
}

/** Profit ÷ own money, where own money is the open value ÷ leverage; a fraction. null when nothing was put in. */
export function tradeProfitRatio(trade: TradeTerms, exit: TradeExit, leverage: Decimal): Decimal | null {
  const value = openValue(trade);
  if (value.isZero()) return null;
  return tradeProfit(trade, exit).times(leverage).dividedBy(value);
}

function valueWithFee(quantity: Decimal, price: Decimal, rate: Decimal, feeAdds: boolean): Decimal {
  const value = quantity.times(price);
  const fee = value.times(rate);
  return feeAdds ? value.plus(fee) : value.minus(fee);
}
