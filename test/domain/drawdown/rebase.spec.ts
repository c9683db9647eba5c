import { CurveState } from '../../../src/drawdown/curve-state.js';
import type { EquityCurve } from '../../../src/drawdown/domain/equity-curve.js';
import { EMPTY_CURVE, observe, rebase } from '../../../src/drawdown/domain/equity-curve.js';
import { at, d, figures, index, path, UTC } from './curve.js';

const learnt = (curve: EquityCurve, moment: string, equity: string) =>
  rebase(curve, d(equity), at(moment), UTC);

describe('what comes to light later', () => {
  const fallen = path([
    ['05 09:00', 'flow', 1000],
    ['05 10:00', 'is', 800],
  ]);

  it('moves equity and leaves the index, its peaks and its falls', () => {
    const curve = learnt(fallen, '05 11:00', '400');
    expect(index(curve.current)).toBe('0.8');
    expect(figures(curve, '05 11:00')).toMatchObject({
      currentEquity: '400',
      peakEquity: '500',
      currentDrawdownPct: '20',
      maxDrawdownPct: '20',
      // −200 as before: the other −600 are no doing of today.
      equityChangeToday: '-200',
    });
  });

  it('changes nothing when equity is what it was, and rolls the day over', () => {
    expect(learnt(fallen, '05 11:00', '800')).toEqual(fallen);
    expect(learnt(fallen, '06 00:00', '800')).toMatchObject({ day: '2026-01-06', equity: d(800) });
  });

  it('pauses a series that it leaves nothing above zero, which is no ruin', () => {
    const nothing = learnt(fallen, '05 11:00', '-50');
    expect(figures(nothing, '05 11:00')).toMatchObject({ currentEquity: '-50', maxDrawdownPct: '20' });
    const still = observe(nothing, d(-70), at('05 11:30'), UTC);
    expect(figures(still, '05 11:30')).toMatchObject({ maxDrawdownPct: '20' });
    const again = learnt(nothing, '05 12:00', '30');
    expect(again).toMatchObject({ series: 2, ruins: 0 });
    expect(figures(again, '05 12:00')).toMatchObject({ currentDrawdownPct: '0', maxDrawdownPct: '20' });
  });

  it('begins the first series where it first leaves something above zero', () => {
    const below = learnt(EMPTY_CURVE, '05 09:00', '-10');
    expect(below).toMatchObject({ series: 0, current: null });
    expect(learnt(below, '05 10:00', '5')).toMatchObject({ series: 1, maxDrawdown: d(0) });
  });

  it('brings a ruined account back with a new series', () => {
    const ruined = path([['05 10:00', 'is', -1]], UTC, fallen);
    expect(learnt(ruined, '05 11:00', '10')).toMatchObject({ series: 2, ruins: 1 });
  });

  it('begins anew where so little is left that no unit of it can be counted', () => {
    const rich = path([['05 10:00', 'is', '100000000000000000000']], UTC, path([['05 09:00', 'flow', 1]]));
    expect(learnt(rich, '05 11:00', '0.000000000000000001')).toMatchObject({ series: 2 });
  });

  it('is taken in after what was only noted', () => {
    const state = new CurveState(UTC);
    state.moveMoney(d(1000), at('05 09:00'));
    for (const equity of [1000, 800, 900, 850]) state.observe(d(equity), at('05 09:01'));
    state.rebase(d(425), at('05 09:01'));
    state.observe(d(425), at('05 09:01'));
    expect(figures(state.curve, '05 09:01')).toMatchObject({
      currentDrawdownPct: '15',
      maxDrawdownPct: '20',
    });
  });
});
