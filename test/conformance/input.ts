import { Decimal } from '../../src/shared/decimal.js';
import { type Json, type JsonObject, NotOffered, plainName, textOf } from './outcome.js';
import { decimalAt, doubleAt } from './values.js';

/** Names under which files give one and the same input. */
const NAMES = {
  equity: 'equity equityCurve equities values navs nav balances portfolioValues',
  returns: 'returns dailyReturns periodReturns rets monthlyReturns',
  cumulativeReturns: 'cumulativeReturns cumReturns',
  closedTradePnl: 'closedTradePnl',
  prices: 'prices',
  benchmark: 'benchmark benchmarkReturns factorReturns marketReturns',
  pnls: 'pnls profits tradePnls realizedPnls profitAbs',
  trades: 'trades',
  startingBalance: 'startingBalance initialBalance',
  startingValue: 'startingValue',
  startingCapital: 'startingCapital',
  finalBalance: 'finalBalance endingBalance finalValue endValue endingValue end',
  startValue: 'startValue beginningValue initialValue initialCapital start beginValue',
  days: 'days daysPassed daysPeriod periodDays',
  years: 'years',
  stepDays: 'stepDays',
  side: 'side direction',
  grossProfit: 'grossProfit totalProfit profitsSum',
  grossLoss: 'grossLoss totalLoss lossesSum',
  wins: 'wins winningTrades',
  losses: 'losses losingTrades',
  tradeCount: 'totalTrades tradeCount tradesTotal',
  mean: 'mean meanReturn avgReturn averageReturn',
  deviation: 'std stdDev standardDeviation volatility stdDevReturns',
  downside: 'downsideStd downsideStdDev downsideDeviation stdDevLoss stdDevLossReturns',
  maxDrawdown: 'maxDrawdown maxDrawdownAbs riskMaxDrawdown',
  riskFree: 'riskFree riskFreeRate riskFreeReturn rf',
  flows: 'flows cashflows cashFlows',
  amounts: 'amounts',
  dates: 'dates times',
  valuations: 'valuations',
  subPeriods: 'subPeriods periods',
  finalDate: 'finalDate endDate',
  startDate: 'startDate beginDate',
  currentInterval: 'currentInterval',
  targetInterval: 'targetInterval',
  mae: 'mae',
  ratio: 'ratio value',
  model: 'model',
  quantity: 'qty quantity',
  price: 'px price markPx markPrice',
  rate: 'rate discountRate',
  leverage: 'leverage',
  bid: 'bid',
  ask: 'ask',
  from: 'from',
  to: 'to',
  type: 'type',
  openPrice: 'openPx openPrice entryPx',
  closePrice: 'closePx closePrice exitPx',
  openFeeRate: 'openFeeRate feeOpen',
  closeFeeRate: 'closeFeeRate feeClose',
  funding: 'funding fundingFees',
  fundingRate: 'fundingRate',
  feeRate: 'feeRate commissionRate makerFeeRate takerFeeRate',
  financeRate: 'financeRate',
  reinvestRate: 'reinvestRate',
  market: 'market',
  fills: 'fills',
} as const;

export type InputName = keyof typeof NAMES;

const CANONICAL = new Map(
  Object.entries(NAMES).flatMap(([name, spellings]) =>
    spellings.split(' ').map((spelling) => [plainName(spelling), name as InputName] as const),
  ),
);

/** A case's input under our names. Asking for what is not there makes the question one we cannot be asked. */
export class Input {
  private readonly values = new Map<InputName, Json>();

  /** `convention` reads what is no input but a convention written beside it; false when it is neither. */
  constructor(input: JsonObject, convention: (key: string, value: Json) => boolean) {
    for (const [key, value] of Object.entries(input)) {
      const name = CANONICAL.get(plainName(key));
      if (name === undefined && convention(key, value)) continue;
      if (name === undefined) throw new NotOffered(`input.${key}`);
      this.values.set(name, name === 'trades' && !Array.isArray(value) ? null : value);
      if (name === 'trades' && !Array.isArray(value)) this.values.set('tradeCount', value);
    }
  }

  has(name: InputName): boolean {
    return this.values.get(name) !== undefined && this.values.get(name) !== null;
  }

  get(name: InputName): Json {
    const value = this.values.get(name);
    if (value === undefined || value === null) throw new NotOffered(`a case without input.${name}`);
    return value;
  }

  decimal(name: InputName): Decimal {
    return decimalAt(this.get(name), `input.${name}`);
  }

  decimalOr(name: InputName, otherwise: Decimal): Decimal {
    return this.has(name) ? this.decimal(name) : otherwise;
  }

  double(name: InputName): number {
    return doubleAt(this.get(name), `input.${name}`);
  }

  text(name: InputName): string {
    return textOf(this.get(name));
  }
}
