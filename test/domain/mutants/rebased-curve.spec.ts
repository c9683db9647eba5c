import { EMPTY_CURVE, rebase } from '../../../src/drawdown/domain/equity-curve.js';
import { UTC, at, d, path } from '../drawdown/curve.js';

describe('what came to light later', () => {
  const start = path([['05 09:00', 'flow', 100]]);
  const seen = (equity: number) => path([['05 10:00', 'is', equity]], UTC, start);

  it('begins a series where nothing was, or where all was lost', () => {
    for (const before of [EMPTY_CURVE, seen(0), seen(-5)])
      expect(rebase(before, d(50), at('05 11:00'), UTC)).toMatchObject({
        units: d(50),
        series: before.series + 1,
        peakAt: at('05 11:00'),
      });
  });
});
