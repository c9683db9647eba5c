import { marginUsed } from '../../../src/exposure/domain/margin-used.js';
import { Decimal } from '../../../src/shared/decimal.js';

const position = (exposure: number | null, leverage: number | null) => ({
  exposure: exposure === null ? null : Decimal.integer(exposure),
  leverage: leverage === null ? null : Decimal.integer(leverage),
});

describe('the margin in use', () => {
  it('is the notional of each position by its leverage', () => {
    expect(String(marginUsed([position(8_000, 5), position(1_000, 4)]))).toBe('1850');
    expect(String(marginUsed([]))).toBe('0');
  });

  it('is not known when a notional or a leverage is not', () => {
    for (const unknown of [position(null, 5), position(1, null), position(1, 0)])
      expect(marginUsed([position(8_000, 5), unknown])).toBeNull();
  });
});
