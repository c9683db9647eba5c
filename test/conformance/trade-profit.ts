import type { Side } from '../../src/ledger/facts.js';
import {
  closeValue,
  openValue,
  tradeProfit,
  tradeProfitRatio,
} from '../../src/positions/domain/trade-profit.js';
import { Decimal } from '../../src/shared/decimal.js';
import { Answers } from './answers.js';
import type { Input } from './input.js';
import { NotOffered } from './outcome.js';

/** Answers about one trade with fee rates; on a spot market there is no funding. */
export function tradeProfitAnswers(input: Input): Answers {
  const terms = () => ({
    side: sideNamed(input.text('side')),
    quantity: input.decimal('quantity'),
    openPrice: input.decimal('openPrice'),
    openFeeRate: input.decimal('openFeeRate'),
  });
  const exit = () => ({
    closePrice: input.decimal('closePrice'),
    closeFeeRate: input.decimal('closeFeeRate'),
    funding: fundingOf(input),
  });
  return new Answers({
    'openValue openTradeValue': () => openValue(terms()),
    'closeValue closeTradeValue': () =>
      closeValue({ side: sideNamed(input.text('side')), quantity: input.decimal('quantity') }, exit()),
    'profit pnl totalProfit': () => tradeProfit(terms(), exit()),
    profitRatio: () => tradeProfitRatio(terms(), exit(), input.decimalOr('leverage', Decimal.ONE)),
  });
}

function fundingOf(input: Input): Decimal {
  const market = input.has('market') ? input.text('market') : 'futures';
  if (market === 'spot') return Decimal.ZERO;
  if (market !== 'futures') throw new NotOffered(`input.market "${market}"`);
  return input.decimalOr('funding', Decimal.ZERO);
}

export function sideNamed(text: string): Side {
  const side = text.toUpperCase();
  if (side === 'LONG' || side === 'BUY') return 'LONG';
  if (side === 'SHORT' || side === 'SELL') return 'SHORT';
  throw new NotOffered(`side "${text}"`);
}
