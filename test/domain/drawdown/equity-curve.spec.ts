import { absorb } from '../../../src/drawdown/domain/absorb-curve.js';
import { EMPTY_CURVE, compareIndex, drawdown, observe } from '../../../src/drawdown/domain/equity-curve.js';
import { at, d, figures, index, path, UTC } from './curve.js';

describe('the drawdown of a curve', () => {
  it('is not known before equity was ever positive', () => {
    const shown = figures(EMPTY_CURVE, '05 10:00');
    expect(shown).toMatchObject({
      dailyDrawdownPct: '0',
      weeklyDrawdownPct: '0',
      currentDrawdownPct: '0',
      maxDrawdownPct: '0',
      peakEquity: null,
      currentEquity: '0',
      daysSincePeak: null,
      recoveryProgressPct: null,
      equityChangeToday: '0',
      dailyReturnPct: null,
    });
    expect(figures(path([['05 10:00', 'is', -5]]), '05 10:01')).toMatchObject({
      currentEquity: '-5',
      peakEquity: null,
    });
  });

  it('is the fall from the peak as a share of it, and the recovery is what was won back of the fall', () => {
    const curve = path([
      ['05 09:00', 'flow', 1000],
      ['05 10:00', 'is', 1250],
      ['05 11:00', 'is', 1000],
      ['05 12:00', 'is', 1150],
    ]);
    // (1250 − 1150) ÷ 1250 = 8 %; deepest (1250 − 1000) ÷ 1250 = 20 %; won back (1150 − 1000) ÷ (1250 − 1000) = 60 %.
    expect(figures(curve, '05 12:00')).toMatchObject({
      dailyDrawdownPct: '8',
      weeklyDrawdownPct: '8',
      currentDrawdownPct: '8',
      maxDrawdownPct: '20',
      peakEquity: '1250',
      currentEquity: '1150',
      daysSincePeak: 0,
      recoveryProgressPct: '60',
      equityChangeToday: '150',
      dailyReturnPct: null,
    });
    expect([curve.peakAt, index(curve.peak), index(curve.trough), index(curve.current)]).toEqual([
      at('05 10:00'),
      '1.25',
      '1',
      '1.15',
    ]);
  });

  it('ends at a new peak, or at the old one touched again; the deepest fall stays', () => {
    const back = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', 50],
      ['06 11:00', 'is', 100],
    ]);
    expect(figures(back, '06 12:00')).toMatchObject({
      currentDrawdownPct: '0',
      maxDrawdownPct: '50',
      recoveryProgressPct: '100',
    });
    expect([back.peakAt, index(back.trough)]).toEqual([at('06 11:00'), '1']);
    const higher = path([['06 13:00', 'is', 120]], UTC, back);
    expect(figures(higher, '06 13:00')).toMatchObject({
      peakEquity: '120',
      maxDrawdownPct: '50',
      recoveryProgressPct: '100',
    });
  });

  it('keeps the lowest since the peak, and a deeper fall from a higher peak', () => {
    const curve = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', 90],
      ['05 11:00', 'is', 95],
      ['05 12:00', 'is', 200],
      ['05 13:00', 'is', 170],
      ['05 14:00', 'is', 180],
    ]);
    expect([curve.maxDrawdown.toString(), index(curve.trough)]).toEqual(['0.15', '1.7']); // 30 ÷ 200 after 10 ÷ 100
    // 10 of 30 are won back.
    expect(figures(curve, '05 14:00').recoveryProgressPct).toBe('33.333333333333333333');
  });

  it('counts whole days of 24 hours since the peak was last touched', () => {
    const curve = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'is', 99],
    ]);
    const days = (moment: string) => figures(curve, moment).daysSincePeak;
    expect([days('05 10:00'), days('06 08:59'), days('06 09:00'), days('08 08:59')]).toEqual([0, 0, 1, 2]);
    expect(days('05 08:00')).toBe(0); // a clock that was set back
    const atPeak = path([['05 09:00', 'flow', 100]]);
    expect(figures(atPeak, '25 09:00').daysSincePeak).toBe(0);
  });
});

describe('money that moves', () => {
  const UP = [
    ['05 09:00', 'flow', 100],
    ['05 10:00', 'is', 150],
  ] as const;

  it('is neither gain nor drawdown: the index stays, the peak is told in today’s money', () => {
    const curve = path([...UP, ['05 11:00', 'is', 120], ['05 12:00', 'flow', 60], ['05 13:00', 'flow', -90]]);
    // The index is 1.2 at 120, 180 and 90; the peak of 1.5 is worth 150, 225 and 112.5.
    expect(index(curve.current)).toBe('1.2');
    expect(figures(curve, '05 13:00')).toMatchObject({
      currentDrawdownPct: '20',
      maxDrawdownPct: '20',
      peakEquity: '112.5',
      currentEquity: '90',
      equityChangeToday: '20', // 90 − 0 − (100 + 60 − 90)
      recoveryProgressPct: '0',
    });
  });

  it('makes no drawdown at the peak, not by a unit, when units do not divide', () => {
    const curve = path([
      ['05 09:00', 'flow', 3],
      ['05 10:00', 'is', 7],
      ['05 11:00', 'flow', '-0.333'],
      ['05 12:00', 'flow', 10],
    ]);
    expect(figures(curve, '05 12:00')).toMatchObject({
      dailyDrawdownPct: '0',
      weeklyDrawdownPct: '0',
      currentDrawdownPct: '0',
      maxDrawdownPct: '0',
      peakEquity: '16.667',
      recoveryProgressPct: '100',
      daysSincePeak: 0,
    });
  });

  it('pauses the series where it stands when all of it is withdrawn, and the next deposit starts one at 1', () => {
    const empty = path([...UP, ['05 11:00', 'is', 120], ['05 12:00', 'flow', -120]]);
    expect([empty.units.toString(), index(empty.current), empty.equity.toString()]).toEqual([
      '0',
      '1.2',
      '0',
    ]);
    expect(figures(empty, '07 12:00')).toMatchObject({
      currentDrawdownPct: '20',
      maxDrawdownPct: '20',
      currentEquity: '0',
      peakEquity: '0',
    });
    const again = path([['06 12:00', 'flow', 50]], UTC, empty);
    expect([index(again.current), index(again.peak), again.peakAt]).toEqual(['1', '1', at('06 12:00')]);
    expect(figures(again, '06 12:00')).toMatchObject({
      currentDrawdownPct: '0',
      maxDrawdownPct: '20',
      peakEquity: '50',
    });
  });

  it('starts a new series when profit comes to an empty account', () => {
    const curve = path([...UP, ['05 12:00', 'flow', -150], ['05 13:00', 'is', 4]]);
    expect([index(curve.current), curve.units.toString()]).toEqual(['1', '4']);
  });

  it('of nothing changes nothing', () => {
    const before = path(UP);
    expect(JSON.stringify(path([['05 10:00', 'flow', 0]], UTC, before))).toBe(JSON.stringify(before));
    expect(path([['05 10:00', 'flow', 0]])).toEqual(observe(EMPTY_CURVE, d(0), at('05 10:00'), UTC));
  });

  it('leaves the recovery as it was when hardly anything is left in today’s money', () => {
    const fallen = path([
      ['05 09:00', 'flow', 1_000_000],
      ['05 10:00', 'is', 400_000],
      ['05 11:00', 'is', 700_000],
    ]);
    const recovery = (left: string) => {
      const withdrawn = d(left).minus(d(700_000)).toString();
      return figures(path([['05 12:00', 'flow', withdrawn]], UTC, fallen), '05 12:00').recoveryProgressPct;
    };
    // (0.7 − 0.4) ÷ (1 − 0.4) = 50 %.
    expect(figures(fallen, '05 11:00').recoveryProgressPct).toBe('50');
    expect(recovery('0.00000001')).toBe('50');
  });

  it('knows the recovery of an account of which one unit in the last place is left', () => {
    const curve = path([
      ['05 09:00', 'flow', 1_000_000],
      ['05 10:00', 'is', 250_000],
      ['05 11:00', 'is', 500_000],
      ['05 12:00', 'flow', '-499999.999999999999999999'],
    ]);
    // Equity 1e-18 in units of 2e-18: still an index of 0.5, and (0.5 − 0.25) ÷ (1 − 0.25).
    expect(figures(curve, '05 12:00')).toMatchObject({
      currentDrawdownPct: '50',
      recoveryProgressPct: '33.333333333333333333',
    });
  });

  it('starts a new series rather than count in no units when the rest is too small for one', () => {
    const curve = path([
      ['05 09:00', 'flow', '0.000000000000000001'],
      ['05 10:00', 'is', 1000],
      ['05 11:00', 'flow', '-999.99999999'],
    ]);
    expect([curve.units.toString(), index(curve.current), curve.equity.toString()]).toEqual([
      '0.00000001',
      '1',
      '0.00000001',
    ]);
  });
});

describe('figures after a flow', () => {
  it('are right in the last place: units are kept with more places than are shown', () => {
    const curve = path([
      ['05 09:00', 'flow', 10_000],
      ['05 10:00', 'is', 10_499],
      ['05 11:00', 'is', 10_199],
      ['05 12:00', 'flow', 5_000],
    ]);
    // 10499 × 15199 ÷ 10199, and 300 ÷ 10499 × 100.
    expect(figures(curve, '05 12:00')).toMatchObject({
      peakEquity: '15646.073242474752426709',
      currentDrawdownPct: '2.857414991903990856',
    });
  });
});

describe('ruin', () => {
  const RUINED = path([
    ['05 09:00', 'flow', 100],
    ['05 10:00', 'is', 80],
    ['05 11:00', 'is', -20],
  ]);

  it('is an index of 0 and a drawdown of 100 %, at zero and below', () => {
    expect(figures(RUINED, '05 11:00')).toMatchObject({
      dailyDrawdownPct: '100',
      weeklyDrawdownPct: '100',
      currentDrawdownPct: '100',
      maxDrawdownPct: '100',
      currentEquity: '-20',
      recoveryProgressPct: '0',
    });
    expect(index(path([['05 12:00', 'is', 0]], UTC, RUINED).current)).toBe('0');
  });

  it('stays so while more money goes out, or too little comes in', () => {
    for (const flow of [-10, 5, 20]) {
      const curve = path([['05 12:00', 'flow', flow]], UTC, RUINED);
      expect([index(curve.current), figures(curve, '05 12:00').currentDrawdownPct]).toEqual(['0', '100']);
    }
  });

  it('by withdrawal of more than there is, is ruin too', () => {
    const curve = path([
      ['05 09:00', 'flow', 100],
      ['05 10:00', 'flow', -101],
    ]);
    expect([index(curve.current), figures(curve, '05 10:00').maxDrawdownPct]).toEqual(['0', '100']);
  });

  it('ends by profit with the old units', () => {
    const curve = path(
      [
        ['05 12:00', 'flow', 5],
        ['05 13:00', 'is', 60],
      ],
      UTC,
      RUINED,
    );
    expect([index(curve.current), index(curve.peak), curve.units.toString()]).toEqual(['0.6', '1', '100']);
    expect(figures(curve, '05 13:00')).toMatchObject({
      currentDrawdownPct: '40',
      maxDrawdownPct: '100',
      recoveryProgressPct: '60',
    });
  });

  it('ends by a deposit with a new series, and the deepest fall is kept', () => {
    const curve = path([['06 12:00', 'flow', 70]], UTC, RUINED);
    expect([index(curve.current), index(curve.peak), index(curve.trough), curve.peakAt]).toEqual([
      '1',
      '1',
      '1',
      at('06 12:00'),
    ]);
    expect(figures(curve, '06 12:00')).toMatchObject({
      dailyDrawdownPct: '0',
      weeklyDrawdownPct: '0',
      currentDrawdownPct: '0',
      maxDrawdownPct: '100',
      peakEquity: '50',
      equityChangeToday: '0', // 50 + 20 − 70
      dailyReturnPct: null,
    });
  });
});

describe('two index values', () => {
  it('are compared exactly, whatever their units', () => {
    const point = (equity: string, units: string) => ({ equity: d(equity), units: d(units) });
    expect(compareIndex(point('1', '3'), point('0.333333333333333333', '1'))).toBe(1);
    expect([
      compareIndex(point('2', '3'), point('4', '6')),
      compareIndex(point('1', '3'), point('2', '3')),
    ]).toEqual([0, -1]);
  });

  it('make no drawdown when one is not known or when the high is not passed, and all of it in ruin', () => {
    const point = (equity: number) => ({ equity: d(equity), units: d(1) });
    const falls = [
      drawdown(null, point(1)),
      drawdown(point(1), null),
      drawdown(point(0), point(0)),
      drawdown(point(1), point(1)),
      drawdown(point(1), point(2)),
    ];
    expect(falls.map(String)).toEqual(['0', '0', '1', '0', '0']);
    expect(drawdown(point(3), point(2)).toString()).toBe('0.33333333333333333333');
  });
});

describe('two observers of one account', () => {
  const START = path([['05 09:00', 'flow', 100]]);
  const both = (one: Parameters<typeof path>[0], other: Parameters<typeof path>[0]) =>
    absorb(path(one, UTC, START), path(other, UTC, START));

  it('keep the higher peak and its time, and the lowest since', () => {
    const curve = both(
      [['05 11:00', 'is', 90]],
      [
        ['05 10:00', 'is', 120],
        ['05 10:30', 'is', 80],
      ],
    );
    expect([index(curve.peak), curve.peakAt, index(curve.trough), index(curve.current)]).toEqual([
      '1.2',
      at('05 10:00'),
      '0.8',
      '0.9',
    ]);
    expect([index(curve.dayHigh), index(curve.weekHigh), curve.maxDrawdown.toString()]).toEqual([
      '1.2',
      '1.2',
      '0.33333333333333333333',
    ]);
  });

  it('keep the first one’s peak when it is the higher', () => {
    const curve = both(
      [
        ['05 10:00', 'is', 120],
        ['05 11:00', 'is', 110],
      ],
      [['05 10:30', 'is', 90]],
    );
    expect([index(curve.peak), curve.peakAt, index(curve.trough)]).toEqual(['1.2', at('05 10:00'), '1.1']);
    expect([curve.maxDrawdown.toString(), index(curve.dayHigh)]).toEqual(['0.1', '1.2']);
  });

  it('keep the lower trough under one peak, and the later touch of it', () => {
    const low = both(
      [
        ['05 10:00', 'is', 90],
        ['05 11:00', 'is', 95],
      ],
      [['05 10:30', 'is', 70]],
    );
    expect([index(low.trough), low.maxDrawdown.toString()]).toEqual(['0.7', '0.3']);
    const touched = both(
      [
        ['05 10:00', 'is', 100],
        ['05 11:00', 'is', 99],
      ],
      [['05 10:30', 'is', 100]],
    );
    expect(touched.peakAt).toBe(at('05 10:30'));
    expect(both([['05 10:30', 'is', 100]], [['05 10:00', 'is', 100]]).peakAt).toBe(at('05 10:30'));
  });

  it('know a fall from the other’s peak to where the first one stands', () => {
    const curve = both([['05 11:00', 'is', 60]], [['05 10:00', 'is', 120]]);
    // Current drawdown 50 %; a maximum includes the running one.
    expect(figures(curve, '05 11:00')).toMatchObject({
      currentDrawdownPct: '50',
      maxDrawdownPct: '50',
      recoveryProgressPct: '0',
    });
  });

  it('keep a peak that was seen while the other took in a deposit', () => {
    const curve = both([['05 11:00', 'flow', 50]], [['05 10:30', 'is', 120]]);
    expect([index(curve.peak), index(curve.current), index(curve.dayHigh)]).toEqual(['1.2', '1', '1.2']);
  });

  it('keep the high of a week in which one of them saw midnight and the other did not', () => {
    const curve = both([['06 00:01', 'is', 100]], [['05 23:59', 'is', 120]]);
    expect([curve.day, index(curve.dayHigh), index(curve.weekHigh), index(curve.peak)]).toEqual([
      '2026-01-06',
      '1',
      '1.2',
      '1.2',
    ]);
  });

  it('keep the high of a day that only the other saw begin', () => {
    const curve = both(
      [['05 23:59', 'is', 90]],
      [
        ['06 00:01', 'is', 120],
        ['06 00:02', 'is', 110],
      ],
    );
    const later = path([['06 00:03', 'is', 108]], UTC, curve);
    expect(figures(later, '06 00:03')).toMatchObject({ dailyDrawdownPct: '10', weeklyDrawdownPct: '10' });
  });

  it('do not take a deposit for profit when only the other saw the day begin', () => {
    const curve = both([['05 23:59', 'flow', 50]], [['06 00:01', 'is', 110]]);
    const later = path([['06 00:02', 'is', 160]], UTC, curve);
    // 150 were carried over midnight, 160 are there now: the day earned 10, whenever the 50 came.
    expect(figures(later, '06 00:02')).toMatchObject({ equityChangeToday: '10', currentEquity: '160' });
  });

  it('keep the high of a week that only the other saw begin', () => {
    const curve = both(
      [['11 23:59', 'is', 90]],
      [
        ['12 00:01', 'is', 120],
        ['12 00:02', 'is', 110],
      ],
    );
    const later = path([['12 00:03', 'is', 108]], UTC, curve);
    expect(figures(later, '12 00:03')).toMatchObject({ dailyDrawdownPct: '10', weeklyDrawdownPct: '10' });
  });

  it('do not take over highs of a series that they do not share', () => {
    const curve = absorb(EMPTY_CURVE, START);
    expect([curve.peak, curve.dayHigh, curve.weekHigh]).toEqual([null, null, null]);
  });

  it('saw nothing before the first series, on whatever days', () => {
    const idle = path([['05 10:00', 'is', 0]]);
    const ruinedFromTheStart = path([['06 10:00', 'is', -1]]);
    for (const curve of [
      absorb(idle, ruinedFromTheStart),
      absorb(ruinedFromTheStart, idle),
      absorb(EMPTY_CURVE, idle),
      absorb(idle, EMPTY_CURVE),
    ]) {
      expect([curve.peak, curve.dayHigh, curve.weekHigh, curve.maxDrawdown.toString()]).toEqual([
        null,
        null,
        null,
        '0',
      ]);
    }
  });

  it('do not take a day’s high of another week into this one', () => {
    const curve = both([['12 00:01', 'is', 90]], [['11 23:59', 'is', 120]]);
    expect([index(curve.dayHigh), index(curve.weekHigh), index(curve.peak)]).toEqual(['1', '1', '1.2']);
  });

  it('are one when only one saw anything, and keep the deepest fall of both series', () => {
    expect(absorb(START, EMPTY_CURVE)).toEqual(START);
    expect(absorb(EMPTY_CURVE, EMPTY_CURVE)).toEqual(EMPTY_CURVE);
    const fallen = path([['05 10:00', 'is', 40]], UTC, START);
    expect(absorb(EMPTY_CURVE, fallen).maxDrawdown.toString()).toBe('0.6');
  });

  it('do not mix the peak of a series that ended into the new one', () => {
    const ruined = path(
      [
        ['05 09:10', 'is', 300],
        ['05 09:20', 'is', 0],
      ],
      UTC,
      START,
    );
    const renewed = path([['05 10:00', 'flow', 40]], UTC, ruined);
    const ticked = path([['05 09:59', 'is', -1]], UTC, ruined);
    const curve = absorb(renewed, ticked);
    expect([
      index(curve.peak),
      index(curve.current),
      index(curve.trough),
      curve.maxDrawdown.toString(),
    ]).toEqual(['1', '1', '1', '1']);
  });
});
