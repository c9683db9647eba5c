import { absorb } from '../../../src/drawdown/domain/absorb-curve.js';
import { EMPTY_CURVE, higher, indexOf } from '../../../src/drawdown/domain/equity-curve.js';
import type { Line } from '../drawdown/curve.js';
import { UTC, at, d, index, path } from '../drawdown/curve.js';

const start = path([['05 09:00', 'flow', 100]]);
const from = (...lines: Line[]) => path(lines, UTC, start);

describe('what two observers saw together', () => {
  it('has been under water since the first of them saw it so, though the lowest came later', () => {
    const one = from(['05 10:00', 'is', 90], ['05 11:00', 'is', 80]);
    const other = from(['05 10:30', 'is', 95]);
    for (const both of [absorb(one, other), absorb(other, one)])
      expect(both).toMatchObject({
        underwaterSince: at('05 10:00'),
        troughAt: at('05 11:00'),
        peakAt: at('05 09:00'),
      });
  });

  it('keeps the first one’s own low when it has come up from it', () => {
    const one = from(['05 11:00', 'is', 80], ['05 12:00', 'is', 85]);
    const both = absorb(one, from(['05 10:30', 'is', 95]));
    expect([index(both.trough), both.troughAt]).toEqual(['0.8', at('05 11:00')]);
  });

  it('counts a fall in the very microsecond in which the peak was touched', () => {
    const one = from(
      ['05 10:00', 'is', 100],
      ['05 10:00', 'is', 70],
      ['05 11:00', 'is', 60],
      ['05 12:00', 'is', 90],
    );
    expect(absorb(one, start)).toMatchObject({ peakAt: at('05 10:00'), underwaterSince: at('05 10:00') });
    const early = from(['05 10:00', 'is', 100], ['05 10:00', 'is', 70], ['05 11:00', 'is', 90]);
    const both = absorb(early, start);
    expect([index(both.trough), both.troughAt]).toEqual(['0.7', at('05 10:00')]);
  });

  it('keeps the other’s low since the other’s peak, though the first touched its own lower peak after it', () => {
    const other = from(['05 10:00', 'is', 120], ['05 10:30', 'is', 70]);
    const both = absorb(from(['05 11:00', 'is', 110]), other);
    expect([index(both.peak), index(both.trough), both.troughAt]).toEqual(['1.2', '0.7', at('05 10:30')]);
  });

  it('fell as deep as the first one saw since the other’s higher peak, though it has come up from there', () => {
    const one = from(['05 11:00', 'is', 72], ['05 12:00', 'is', 85]);
    const both = absorb(one, from(['05 10:00', 'is', 120]));
    expect([index(both.peak), index(both.trough), both.troughAt]).toEqual(['1.2', '0.72', at('05 11:00')]);
    expect(both.maxDrawdown.toString()).toBe('0.4'); // (120 − 72) ÷ 120
    expect([both.maxDrawdownPeakAt, both.maxDrawdownTroughAt]).toEqual([at('05 10:00'), at('05 11:00')]);
  });

  it('forgets a low of the first one from before the other’s higher peak', () => {
    const one = from(['05 10:00', 'is', 80], ['05 10:30', 'is', 85]);
    const both = absorb(one, from(['05 11:00', 'is', 120]));
    expect([index(both.peak), index(both.trough), both.troughAt]).toEqual(['1.2', '0.85', at('05 11:00')]);
  });

  it('keeps the first one’s units of a peak, or of a low, that is equal for both', () => {
    const low = from(['05 10:00', 'is', 80]);
    const paidIn = path([['05 11:00', 'flow', 80]], UTC, low);
    expect([absorb(low, paidIn).trough, absorb(paidIn, low).trough]).toEqual([low.trough, paidIn.trough]);
    const doubled = from(['05 09:30', 'flow', 100]);
    expect([absorb(start, doubled).peak, absorb(doubled, start).peak]).toEqual([start.peak, doubled.peak]);
  });

  it('is in the day that only one of them saw begin, before there is any money', () => {
    const other = path([['05 10:00', 'is', 0]]);
    expect(absorb(EMPTY_CURVE, other)).toMatchObject({ day: other.day, dayHigh: null, weekHigh: null });
    expect(absorb(EMPTY_CURVE, other).day).not.toBeNull();
  });
});

describe('the higher of two index values', () => {
  const [low, high] = [
    { equity: d(9), units: d(10) },
    { equity: d(11), units: d(10) },
  ];

  it('is the known one when only one is, and none of none', () => {
    expect([higher(null, low), higher(low, null), higher(null, null)]).toEqual([low, low, null]);
  });

  it('is compared as a ratio, whatever the units', () => {
    expect([higher(low, high), higher(high, low)]).toEqual([high, high]);
    const doubled = { equity: d(18), units: d(20) };
    expect(indexOf(higher(doubled, low)!).equals(indexOf(low))).toBe(true);
    expect(higher(doubled, high)).toBe(high);
    expect([higher(doubled, low), higher(low, doubled)]).toEqual([doubled, low]);
  });
});
