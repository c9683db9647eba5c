import { isDust, writeOff } from '../../../src/positions/domain/dust.js';
import { foldLegs } from '../../../src/positions/domain/fold-legs.js';
import { inverseNotional, inversePnl } from '../../../src/positions/domain/inverse-contract.js';
import { FLAT } from '../../../src/positions/domain/net-position.js';
import {
  closeValue,
  openValue,
  tradeProfit,
  tradeProfitRatio,
} from '../../../src/positions/domain/trade-profit.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d, text } from './numbers.js';

describe('the net view of a hedged symbol', () => {
  const leg = (quantity: string, price: string, order: number) => ({
    quantity: d(quantity),
    price: d(price),
    order,
  });

  it('folds legs in their order and leaves empty ones out', () => {
    const net = foldLegs([leg('-100', '3', 3), leg('100', '1', 1), leg('0', '99', 0), leg('-50', '2', 2)]);
    expect([text(net.quantity), text(net.costBasis)]).toEqual(['-50', '-150']);
    expect(foldLegs([])).toBe(FLAT);
  });
});

describe('inverse PnL', () => {
  it('is in coin, and its sign follows the side', () => {
    // 100 000 × (1 ÷ 10 500 − 1 ÷ 11 505.60)
    expect(inversePnl(d(100000), d(10500), d('11505.60')).toNumber()).toBeCloseTo(0.83238969, 8);
    expect(inversePnl(d(-100000), d(10500), d('11505.60')).isNegative()).toBe(true);
    expect(text(inverseNotional(d(-100), d(20000)))).toBe('0.005');
    expect(text(inversePnl(d(1), d(10), d(20), d(100)))).toBe('5');
  });
});

describe('a trade with fee rates', () => {
  const long = { side: 'LONG' as const, quantity: d(30), openPrice: d(2), openFeeRate: d('0.0025') };
  const short = { ...long, side: 'SHORT' as const };
  const exit = { closePrice: d('2.1'), closeFeeRate: d('0.0025'), funding: d(1) };

  it('earns close − open for a long and open − close for a short, funding received on top', () => {
    expect([text(openValue(long)), text(openValue(short))]).toEqual(['60.15', '59.85']);
    expect([text(closeValue(long, exit)), text(closeValue(short, exit))]).toEqual(['63.8425', '62.1575']);
    expect([text(tradeProfit(long, exit)), text(tradeProfit(short, exit))]).toEqual(['3.6925', '-2.3075']);
  });

  it('puts leverage into the ratio only', () => {
    expect(tradeProfitRatio(short, exit, d(3))!.toNumber()).toBeCloseTo(-0.11566416, 7);
    expect(tradeProfitRatio({ ...long, openPrice: Decimal.ZERO }, exit, d(1))).toBeNull();
  });
});

describe('dust', () => {
  const held = { quantity: d('-0.0004'), costBasis: d('-8') };

  it('is what is too small to sell, by size or by worth at a mark', () => {
    expect(isDust(held, { quantity: d('0.001'), notional: null }, null)).toBe(true);
    expect(isDust(held, { quantity: d('0.0001'), notional: d(5) }, d(20000))).toBe(false); // worth 8
    expect(isDust(held, { quantity: null, notional: d(10) }, d(20000))).toBe(true);
    expect(isDust(held, { quantity: null, notional: d(10) }, null)).toBe(false);
    expect(isDust(held, { quantity: null, notional: null }, d(1))).toBe(false);
    expect(isDust(FLAT, { quantity: d(1), notional: d(1) }, d(1))).toBe(false);
  });

  it('is given up for what it cost', () => {
    expect(text(writeOff(held).realized)).toBe('8');
    expect(writeOff(held).after).toBe(FLAT);
  });
});
