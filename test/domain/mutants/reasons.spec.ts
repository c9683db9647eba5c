import { UNDEFINED_REASONS } from '../../../src/pnl/domain/statistics/statistic.js';

describe('the reasons why a statistic has no value', () => {
  it('are told apart by a name that a machine can read', () => {
    expect(new Set(UNDEFINED_REASONS).size).toBe(UNDEFINED_REASONS.length);
    expect(UNDEFINED_REASONS.filter((reason) => !/^[a-z]+(_[a-z]+)*$/.test(reason))).toEqual([]);
    expect(UNDEFINED_REASONS).toContain('no_trades');
  });
});
