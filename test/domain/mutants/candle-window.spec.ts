import { RESOLUTIONS, windowAt } from '../../../src/drawdown/domain/candle-window.js';
import { calendarOf } from '../../../src/shared/periods.js';

const at = (iso: string) => Date.parse(iso) * 1_000;
const shown = ({ from, to }: { from: number; to: number }) =>
  [from, to].map((moment) => new Date(moment / 1_000).toISOString());

describe('the window of a candle', () => {
  const moment = at('2026-03-29T10:37:42.5Z');

  it.each([
    ['1m', '2026-03-29T10:37:00.000Z', '2026-03-29T10:38:00.000Z'],
    ['5m', '2026-03-29T10:35:00.000Z', '2026-03-29T10:40:00.000Z'],
    ['1h', '2026-03-29T10:00:00.000Z', '2026-03-29T11:00:00.000Z'],
    ['1d', '2026-03-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
  ] as const)('of %s lies on its own length', (resolution, from, to) => {
    expect(shown(windowAt(calendarOf('UTC'), resolution, moment))).toEqual([from, to]);
  });

  it('begins with its first microsecond and ends before the next one’s', () => {
    const { from, to } = windowAt(calendarOf('UTC'), '5m', moment);
    expect(windowAt(calendarOf('UTC'), '5m', from)).toEqual({ from, to });
    expect(windowAt(calendarOf('UTC'), '5m', to - 1)).toEqual({ from, to });
    expect(windowAt(calendarOf('UTC'), '5m', to)).toEqual({ from: to, to: to + (to - from) });
  });

  it('of a day is the zone’s: 23 hours when clocks go forward', () => {
    expect(shown(windowAt(calendarOf('Europe/Berlin'), '1d', moment))).toEqual([
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  it('is offered in four lengths', () => expect(RESOLUTIONS).toEqual(['1m', '5m', '1h', '1d']));
});
