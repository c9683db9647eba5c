import {
  type QuoteSide,
  closingProfit,
  conversionRate,
  converted,
  ratesOf,
} from '../../../src/exposure/domain/fx-rate.js';
import { cashAfterFills } from '../../../src/exposure/domain/margin-cash.js';
import { marginDrawdown, requiredMargin } from '../../../src/exposure/domain/margin-model.js';
import * as portfolio from '../../../src/exposure/domain/margin-portfolio.js';
import { markOf, middle } from '../../../src/exposure/domain/margin-quotes.js';
import { LINEAR } from '../../../src/positions/domain/net-position-contract.js';
import { heldAt } from '../../../src/positions/domain/net-position.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d, text } from './numbers.js';

function holding(
  symbol: string,
  settlement: string,
  quantity: number,
  price: number,
  mark: number | null,
  realized = 0,
): portfolio.Holding {
  return {
    symbol,
    settlement,
    contract: LINEAR,
    position: heldAt(d(quantity), quantity === 0 ? null : d(price)),
    realized: d(realized),
    mark: mark === null ? null : d(mark),
  };
}

function table(amounts: portfolio.Amounts): Record<string, string> {
  return Object.fromEntries([...amounts].map(([key, amount]) => [key, amount.toString()]));
}

describe('a portfolio', () => {
  const holdings = [
    holding('BTCUSDT', 'USDT', 2, 100, 110, -1),
    holding('BTCUSDT', 'USDT', -1, 120, 110),
    holding('ETHUSDT', 'USDT', -3, 10, 11, 5),
    holding('AUD/USD', 'USD', 0, 0, null, 7),
    holding('SOLUSDT', 'USDT', 4, 5, null),
  ];

  it('sums by currency and by symbol; what is flat or has no price is not valued', () => {
    expect(table(portfolio.netQuantities(holdings))).toEqual({
      BTCUSDT: '1',
      ETHUSDT: '-3',
      'AUD/USD': '0',
      SOLUSDT: '4',
    });
    expect(table(portfolio.unrealizedBySettlement(holdings))).toEqual({ USDT: '27' }); // 20 + 10 − 3
    expect(table(portfolio.realizedBySettlement(holdings))).toEqual({ USDT: '4', USD: '7' });
    expect(table(portfolio.totalBySettlement(holdings))).toEqual({ USDT: '31', USD: '7' });
    expect(table(portfolio.totalBySettlement([{ ...holdings[0]!, settlement: 'X' }]))).toEqual({ X: '19' });
  });

  it('nets within a symbol and never across', () => {
    expect(table(portfolio.exposureBySymbol(holdings))).toEqual({ BTCUSDT: '110', ETHUSDT: '-33' });
    expect(table(portfolio.netExposureBySettlement(holdings))).toEqual({ USDT: '143' });
    expect(table(portfolio.markValueBySettlement(holdings))).toEqual({ USDT: '77' });
  });

  it('has equity by the kind of account', () => {
    const balances = new Map([['USDT', d(1000)]]);
    expect(table(portfolio.equityBySettlement(balances, holdings, 'MARGIN'))).toEqual({ USDT: '1027' });
    expect(table(portfolio.equityBySettlement(balances, holdings, 'CASH'))).toEqual({ USDT: '1077' });
    expect(table(portfolio.equityBySettlement(new Map(), holdings, 'CASH'))).toEqual({ USDT: '77' });
  });

  it('needs margin on the entry or on the mark', () => {
    const one = [holdings[2]!, holdings[3]!, holdings[4]!];
    expect(table(portfolio.marginBySymbol(one, d('0.1'), 'entry'))).toEqual({ ETHUSDT: '3', SOLUSDT: '2' });
    expect(table(portfolio.marginBySymbol(one, d('0.1'), 'mark', 'leveraged', d(10)))).toEqual({
      ETHUSDT: '0.33',
    });
  });

  it('pays from cash what it buys and what it is charged', () => {
    const fee = { amount: d(1), currency: 'BNB', paidIn: 'other' as const };
    const fills = [
      { quantity: d(-2), price: d(100), fee, settlement: 'USDT', contract: LINEAR },
      { quantity: d(1), price: d(50), fee: null, settlement: 'USDT', contract: LINEAR },
    ];
    expect(table(cashAfterFills(new Map([['USDT', d(5)]]), fills))).toEqual({ USDT: '155', BNB: '-1' });
  });
});

describe('margin', () => {
  it('is scaled by leverage where the venue does so', () => {
    expect(text(requiredMargin(d(1000000), d('0.03'), 'leveraged', d(50)))).toBe('600');
    expect(text(requiredMargin(d(1000000), d('0.03'), 'standard', d(50)))).toBe('30000');
  });

  it('is drawn down by open losses only', () => {
    expect(
      [marginDrawdown(d(-50), d(200)), marginDrawdown(d(50), d(200)), marginDrawdown(d(1), Decimal.ZERO)].map(
        text,
      ),
    ).toEqual(['0.25', '0', null]);
  });
});

describe('marks', () => {
  const quote = { bid: d(9), ask: d(11), last: d(12) };

  it('are what closing would get, the middle, or the last trade', () => {
    expect(
      [
        markOf(quote, d(1), 'closing-side'),
        markOf(quote, d(-1), 'closing-side'),
        markOf(quote, d(1), 'mid'),
        markOf(quote, d(1), 'last'),
      ].map(text),
    ).toEqual(['9', '11', '10', '12']);
    expect([middle(null, d(1)), middle(d(1), null)]).toEqual([null, null]);
  });
});

describe('rates between currencies', () => {
  const bid = new Map([
    ['USD/JPY', d('110.1')],
    ['AUD/USD', d('0.8')],
    ['EUR/XXX', d(0)],
  ]);
  const ask = new Map([
    ['USD/JPY', d('110.13')],
    ['AUD/USD', d('0.8001')],
  ]);
  const rate = (from: string, to: string, side: QuoteSide) =>
    text(conversionRate(ratesOf(bid, ask, side), from, to));

  it('are direct, inverse or across', () => {
    expect(rate('USD', 'JPY', 'BID')).toBe('110.1');
    expect(rate('USD', 'JPY', 'MID')).toBe('110.115');
    expect(rate('AUD', 'JPY', 'ASK')).toBe('88.115013');
    expect(rate('JPY', 'USD', 'BID')).toBe('0.009082652134423252');
    expect(rate('USD', 'USD', 'BID')).toBe('1');
  });

  it('are unknown where no pairs connect', () => {
    expect([rate('USD', 'CHF', 'BID'), rate('XXX', 'EUR', 'BID'), rate('EUR', 'XXX', 'MID')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(text(converted(d(2), bid, 'USD', 'JPY'))).toBe('220.2');
    expect(converted(d(2), bid, 'USD', 'CHF')).toBeNull();
  });

  it('show what closing would bring', () => expect(text(closingProfit(d(1000), d(10), d(1)))).toBe('9999'));
});
