import {
  FLAT,
  applyFill,
  averagePrice,
  heldAt,
  notionalValue,
  sideOf,
  unrealizedPnl,
} from '../../../src/positions/domain/net-position.js';
import { contractPrice, contractValue } from '../../../src/positions/domain/net-position-contract.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d, fill, text } from './numbers.js';

describe('a net position at average cost', () => {
  // quantity, price → quantity, cost basis, average, realized by this fill
  const ledger: readonly (readonly [string, string, string, string, string | null, string])[] = [
    ['2', '100', '2', '200', '100', '0'],
    ['2', '200', '4', '600', '150', '0'], // 200 + 400
    ['-1', '180', '3', '450', '150', '30'], // 180 − 150
    ['-5', '160', '-2', '-320', '160', '30'], // 3 × (160 − 150); the other 2 are sold short at 160
    ['-2', '140', '-4', '-600', '150', '0'], // −320 − 280
    ['1', '100', '-3', '-450', '150', '50'], // 150 − 100
    ['3', '200', '0', '0', null, '-150'], // 3 × (150 − 200)
  ];

  it('extends, reduces, reverses and closes', () => {
    let position = FLAT;
    for (const [quantity, price, held, cost, average, realized] of ledger) {
      const effect = applyFill(position, { quantity: d(quantity), price: d(price) });
      position = effect.after;
      expect([
        text(position.quantity),
        text(position.costBasis),
        text(averagePrice(position)),
        text(effect.realized),
      ]).toEqual([held, cost, average, realized]);
    }
  });

  it('costs exactly nothing when flat, whatever the thirds before', () => {
    const third = applyFill(applyFill(FLAT, fill('3', '0.1')).after, fill('-1', '7')).after;
    const flat = applyFill(third, fill('-2', '0.3333')).after;
    expect(flat.costBasis.isZero()).toBe(true);
    expect(applyFill(flat, fill('0', '5')).after).toEqual(flat);
  });

  it('costs exactly nothing when flat, also where its cost has more places than a division keeps', () => {
    const tiny = applyFill(FLAT, fill('0.0000000000003', '0.0000000000007')).after;
    const rest = applyFill(tiny, fill('-0.0000000000001', '5')).after;
    expect(applyFill(tiny, fill('-0.0000000000003', '5')).after.costBasis.isZero()).toBe(true);
    expect(applyFill(rest, fill('-0.0000000000002', '5')).after.costBasis.isZero()).toBe(true);
  });

  it('takes negative prices', () => {
    const held = applyFill(applyFill(FLAT, fill('50', '-5')).after, fill('50', '-7')).after;
    expect(text(averagePrice(held))).toBe('-6');
    expect(text(unrealizedPnl(held, d('-4')))).toBe('200');
    expect(text(notionalValue(held, d('-4')))).toBe('400');
  });

  it('counts a multiplier in value and not in price', () => {
    const contract = { kind: 'linear' as const, multiplier: d(50) };
    const held = applyFill(FLAT, fill('2', '10'), contract).after;
    expect(text(held.costBasis)).toBe('1000');
    expect(text(averagePrice(held, contract))).toBe('10');
    expect(text(unrealizedPnl(held, d(11), contract))).toBe('100');
    expect(text(notionalValue(held, d(11), contract))).toBe('1100');
  });

  it('names its side and can be stated by size and price', () => {
    expect([sideOf(d(1)), sideOf(d(-1)), sideOf(Decimal.ZERO)]).toEqual(['LONG', 'SHORT', 'FLAT']);
    expect(text(heldAt(d(-2), d(30)).costBasis)).toBe('-60');
    expect(heldAt(Decimal.ZERO, null)).toBe(FLAT);
  });
});

describe('an inverse contract', () => {
  const inverse = { kind: 'inverse' as const, multiplier: d(1) };

  it('averages entries harmonically', () => {
    const held = applyFill(
      applyFill(FLAT, fill('100', '10000'), inverse).after,
      fill('100', '20000'),
      inverse,
    ).after;
    // 200 ÷ (100 ÷ 10 000 + 100 ÷ 20 000) = 200 ÷ 0.015
    expect(text(averagePrice(held, inverse))).toBe('13333.333333333333333333');
    // 0.015 − 200 ÷ 20 000 coins
    expect(text(unrealizedPnl(held, d(20000), inverse))).toBe('0.005');
    expect(text(notionalValue(held, d(20000), inverse))).toBe('0.01');
  });

  it('gains in coin on a short when the price falls', () => {
    const short = applyFill(FLAT, fill('-100', '20000'), inverse).after;
    expect(text(applyFill(short, fill('100', '10000'), inverse).realized)).toBe('0.005');
  });

  it('has no average when it cost nothing', () => {
    expect(contractPrice(inverse, d(1), Decimal.ZERO)).toBeNull();
    expect(contractPrice(inverse, Decimal.ZERO, Decimal.ZERO)).toBeNull();
    expect(text(contractValue(inverse, Decimal.ZERO, Decimal.ZERO))).toBe('0');
  });
});
