import { PeerRates } from '../../../src/transport/peer-rates.js';

describe('rates', () => {
  test('count each name for itself, say when to ask again, and begin anew after a minute', () => {
    let now = 5_000;
    const rates = new PeerRates(2, () => now);
    expect(['a', 'a', 'a', 'b'].map((name) => rates.count(name))).toEqual([null, null, 60, null]);
    now += 59_001;
    expect(rates.count('a')).toBe(1);
    now += 999;
    expect(rates.count('a')).toBeNull();
  });

  test('are no limit when they are 0', () => {
    const rates = new PeerRates(0, () => 0);
    expect(Array.from({ length: 1_000 }, () => rates.count('a')).filter((one) => one !== null)).toEqual([]);
  });
});
