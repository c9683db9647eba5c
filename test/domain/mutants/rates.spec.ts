import { type Holding, marginBySymbol } from '../../../src/exposure/domain/margin-portfolio.js';
import { heldAt } from '../../../src/positions/domain/net-position.js';
import { LINEAR } from '../../../src/positions/domain/net-position-contract.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { conversionRate } from '../../../src/exposure/domain/fx-rate.js';
import { d, text } from '../accounting/numbers.js';

describe('the rate between two currencies', () => {
  it('is that of the fewest pairs, whatever a longer way round says and however the pairs are listed', () => {
    const pairs = [
      ['EUR/GBP', d('0.8')],
      ['GBP/USD', d('1.5')],
      ['EUR/USD', d('1.1')],
    ] as const;
    // By way of GBP it would be 0.8 × 1.5 = 1.2.
    for (const listed of [pairs, [...pairs].reverse()])
      expect(text(conversionRate(new Map(listed), 'EUR', 'USD'))).toBe('1.1');
    expect(text(conversionRate(new Map(pairs), 'EUR', 'EUR'))).toBe('1');
  });
});

describe('the margin of a position', () => {
  it('is not divided by the leverage, unless the venue does so', () => {
    const held: Holding = {
      ...{ symbol: 'BTCUSDT', settlement: 'USDT', contract: LINEAR, position: heldAt(d(2), d(100)) },
      ...{ realized: Decimal.ZERO, mark: d(110) },
    };
    const margin = (model?: 'leveraged') =>
      text(marginBySymbol([held], d('0.1'), 'entry', model, d(5)).get('BTCUSDT'));
    expect([margin(), margin('leveraged')]).toEqual(['20', '4']);
  });
});
