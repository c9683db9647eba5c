import { EMPTY_CURVE } from '../../../src/drawdown/domain/equity-curve.js';
import { at, figures, path, type Line } from './curve.js';

const FALLEN: readonly Line[] = [
  ['05 09:00', 'flow', 100],
  ['05 10:00', 'is', 120],
  ['05 11:00', 'is', 90],
  ['05 12:00', 'is', 96],
];

describe('how long an account is under water', () => {
  it('is not known before there was a peak', () => {
    expect(figures(EMPTY_CURVE, '05 10:00')).toMatchObject({
      ...{ underwaterSince: null, underwaterSeconds: null, troughAt: null, longestRecoverySeconds: null },
      ...{ maxDrawdownPeakAt: null, maxDrawdownTroughAt: null },
    });
  });

  it('counts from the first value below the peak', () => {
    expect(figures(path(FALLEN), '05 13:30')).toMatchObject({
      ...{ underwaterSince: at('05 11:00'), underwaterSeconds: 9_000, troughAt: at('05 11:00') },
      ...{
        maxDrawdownPeakAt: at('05 10:00'),
        maxDrawdownTroughAt: at('05 11:00'),
        longestRecoverySeconds: null,
      },
    });
  });

  it('ends when the peak is reached, and the longest is kept', () => {
    const back = path([...FALLEN, ['05 14:00', 'is', 120], ['05 15:00', 'is', 119], ['05 15:30', 'is', 121]]);
    expect(figures(back, '05 18:00')).toMatchObject({
      ...{ underwaterSince: null, underwaterSeconds: 0, longestRecoverySeconds: 10_800 },
      maxDrawdownTroughAt: at('05 11:00'),
    });
  });

  it('is never negative when the clock is set back', () => {
    expect(figures(path(FALLEN), '05 10:30').underwaterSeconds).toBe(0);
  });

  it('is not changed by money that moves', () => {
    const moved = path([...FALLEN, ['05 12:30', 'flow', 960], ['05 12:40', 'flow', -500]]);
    expect(figures(moved, '05 13:30')).toMatchObject({ underwaterSeconds: 9_000, currentDrawdownPct: '20' });
  });
});
