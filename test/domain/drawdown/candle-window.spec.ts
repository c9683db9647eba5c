import { RESOLUTIONS, windowAt } from '../../../src/drawdown/domain/candle-window.js';
import type { EquityCandle } from '../../../src/drawdown/domain/equity-candle.js';
import { extendCandle } from '../../../src/drawdown/domain/equity-candle.js';
import { calendarOf, isoOf, microsOf } from '../../../src/shared/periods.js';
import { at, path, UTC, type Line } from './curve.js';

describe('the window of a moment', () => {
  it.each([
    ['1m', '13:47', '13:48'],
    ['5m', '13:45', '13:50'],
    ['1h', '13:00', '14:00'],
    ['1d', '00:00', '00:00'],
  ] as const)('of %s is %s to %s', (resolution, from, to) => {
    const window = windowAt(UTC, resolution, microsOf('2026-01-05T13:47:31.5Z'));
    expect([isoOf(window.from).slice(11, 16), isoOf(window.to).slice(11, 16)]).toEqual([from, to]);
  });

  it('of a day is that of the zone, and its hours those of UTC', () => {
    const [kolkata, moment] = [calendarOf('Asia/Kolkata'), microsOf('2026-01-05T18:45:00Z')];
    const shown = RESOLUTIONS.map((resolution) =>
      isoOf(windowAt(kolkata, resolution, moment).from).slice(11, 16),
    );
    expect(shown).toEqual(['18:45', '18:45', '18:00', '18:30']);
  });

  it('of a day in which clocks go forward has 23 hours', () => {
    const { from, to } = windowAt(calendarOf('America/New_York'), '1d', microsOf('2026-03-08T12:00:00Z'));
    expect((to - from) / 3_600_000_000).toBe(23);
  });
});

describe('the candle of a minute', () => {
  const candleOf = (lines: readonly Line[]): EquityCandle =>
    lines.reduce<EquityCandle | null>((candle, [moment], i) => {
      return extendCandle(candle, path(lines.slice(0, i + 1)), at(moment));
    }, null)!;
  const falls = ({ drawdownHigh, drawdownLow }: EquityCandle) => [drawdownHigh, drawdownLow].map(String);

  it('tells the deepest and the shallowest fall, whichever of high and low came first', () => {
    const up: Line[] = [
      ['05 09:00', 'flow', 100],
      ['05 09:00', 'is', 80],
      ['05 09:00', 'is', 120],
      ['05 09:00', 'is', 108],
    ];
    // 80 came before 120: the fall was 20 %, not a third.
    expect(falls(candleOf(up))).toEqual(['0.2', '0']);
    const down: Line[] = [
      ['05 09:00', 'flow', 100],
      ['05 09:00', 'is', 120],
      ['05 09:00', 'is', 60],
      ['05 09:01', 'is', 90],
    ];
    expect(falls(candleOf(down))).toEqual(['0.25', '0.25']);
  });

  it('links the growth of series that were withdrawn, and begins anew after a ruin', () => {
    const withdrawn: Line[] = [
      ['05 09:00', 'flow', 100],
      ['05 09:00', 'is', 150],
      ['05 09:00', 'flow', -150],
      ['05 09:00', 'flow', 10],
      ['05 09:00', 'is', 12],
    ];
    const { growthClose, series, ruins, indexClose } = candleOf(withdrawn);
    expect([String(growthClose), series, ruins, String(indexClose)]).toEqual(['1.8', 2, 0, '1.2']);
    const ruined: Line[] = [
      ['05 09:00', 'flow', 100],
      ['05 09:00', 'is', -1],
      ['05 09:00', 'flow', 11],
      ['05 09:00', 'is', 20],
    ];
    const after = candleOf(ruined);
    expect([String(after.growthClose), after.series, after.ruins]).toEqual(['2', 2, 1]);
  });
});
