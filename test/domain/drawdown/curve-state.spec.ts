import fc from 'fast-check';
import { decodeCurve, encodeCurve } from '../../../src/drawdown/curve-codec.js';
import { CurveState } from '../../../src/drawdown/curve-state.js';
import type { EquityCandle } from '../../../src/drawdown/domain/equity-candle.js';
import { extendCandle } from '../../../src/drawdown/domain/equity-candle.js';
import { EMPTY_CURVE, moveMoney, observe } from '../../../src/drawdown/domain/equity-curve.js';
import { at, d, path, UTC } from './curve.js';

/** Open, high, low and close of equity, then of the index. */
const shown = (candle: EquityCandle | undefined) =>
  candle && [
    [candle.equityOpen, candle.equityHigh, candle.equityLow, candle.equityClose].map(String).join(' '),
    [candle.indexOpen, candle.indexHigh, candle.indexLow, candle.indexClose].map(String).join(' '),
  ];

function stateOf(...seen: readonly (readonly [moment: string, equity: number])[]): CurveState {
  const state = new CurveState(UTC, path([['05 09:00', 'flow', 100]]));
  for (const [moment, equity] of seen) state.observe(d(equity), at(moment));
  return state;
}
const minute = (state: CurveState, moment: string) => shown(state.unwritten.get(at(moment)));

describe('the candle of a minute', () => {
  it('holds the first, the extremes and the last of equity and index', () => {
    const state = stateOf(['05 10:00', 110], ['05 10:00', 90], ['05 10:00', 120], ['05 10:00', 100]);
    expect(minute(state, '05 10:00')).toEqual(['110 120 90 100', '1.1 1.2 0.9 1']);
  });

  it('moves equity but not the index with money', () => {
    const state = stateOf(['05 10:00', 110]);
    state.moveMoney(d(110), at('05 10:00'));
    expect(minute(state, '05 10:00')).toEqual(['110 220 110 220', '1.1 1.1 1.1 1.1']);
  });

  it('ends with its minute, and shows an index of 0 before there is one', () => {
    const now = at('05 10:00');
    const first = extendCandle(null, { ...EMPTY_CURVE, equity: d(-3) }, now + 59_999_999);
    expect([first.minute, shown(first)]).toEqual([now, ['-3 -3 -3 -3', '0 0 0 0']]);
    expect(extendCandle(first, EMPTY_CURVE, now + 60_000_000).minute).toBe(now + 60_000_000);
  });
});

describe('what is not written yet', () => {
  it('is taken once, while the running minute goes on with what it saw', () => {
    const state = stateOf(['05 10:00', 120], ['05 10:01', 90]);
    const taken = state.takeUnwritten();
    expect([[...taken.unwritten.keys()], state.unwritten.size]).toEqual([
      [at('05 10:00'), at('05 10:01')],
      0,
    ]);
    state.observe(d(110), at('05 10:01'));
    expect(minute(state, '05 10:01')).toEqual(['90 110 90 110', '0.9 1.1 0.9 1.1']);
    expect(minute(taken, '05 10:01')).toEqual(['90 90 90 90', '0.9 0.9 0.9 0.9']);
  });

  it('or may not be yet is all of that and the running minute', () => {
    const state = stateOf(['05 10:00', 120], ['05 10:01', 90]);
    const shownRecent = () => [...state.recent()].map(([key, candle]) => [key, shown(candle)?.[0]]);
    const [first, second] = [at('05 10:00'), at('05 10:01')];
    expect(shownRecent()).toEqual([
      [first, '120 120 120 120'],
      [second, '90 90 90 90'],
    ]);
    state.takeUnwritten();
    expect(shownRecent()).toEqual([[second, '90 90 90 90']]);
    expect(new CurveState(UTC).recent().size).toBe(0);
  });

  it('comes back with its extremes when it could not be written', () => {
    const state = stateOf(['05 10:00', 120], ['05 10:01', 80]);
    const taken = state.takeUnwritten();
    state.observe(d(110), at('05 10:01'));
    state.absorb(taken);
    expect(minute(state, '05 10:00')).toEqual(['120 120 120 120', '1.2 1.2 1.2 1.2']);
    expect(minute(state, '05 10:01')).toEqual(['80 110 80 110', '0.8 1.1 0.8 1.1']);
    state.observe(d(70), at('05 10:01'));
    expect(minute(state, '05 10:01')).toEqual(['80 110 70 70', '0.8 1.1 0.7 0.7']);
  });

  it('changes in a fork without the original noticing', () => {
    const state = stateOf(['05 10:00', 120]);
    const fork = state.fork();
    fork.observe(d(50), at('05 10:00'));
    expect([minute(state, '05 10:00'), minute(fork, '05 10:00')]).toEqual([
      ['120 120 120 120', '1.2 1.2 1.2 1.2'],
      ['120 120 50 50', '1.2 1.2 0.5 0.5'],
    ]);
    expect([state.curve.equity, fork.curve.equity].map(String)).toEqual(['120', '50']);
  });
});

describe('ticks that the committed state saw while a unit worked on its fork', () => {
  it('keep their extremes, in the curve and in the running minute', () => {
    const committed = stateOf(['05 10:00', 100]);
    const fork = committed.fork();
    committed.observe(d(150), at('05 10:00'));
    committed.observe(d(60), at('05 10:00'));
    fork.observe(d(105), at('05 10:00'));
    fork.absorb(committed);
    expect(minute(fork, '05 10:00')).toEqual(['100 150 60 105', '1 1.5 0.6 1.05']);
    expect([fork.curve.peak!.equity, fork.curve.trough!.equity, fork.curve.maxDrawdown].map(String)).toEqual([
      '150',
      '60',
      '0.6',
    ]);
    fork.observe(d(105), at('05 10:00'));
    expect(minute(fork, '05 10:00')).toEqual(['100 150 60 105', '1 1.5 0.6 1.05']);
  });

  it('do not take away those that the fork saw itself', () => {
    const committed = stateOf(['05 10:00', 100]);
    const fork = committed.fork();
    committed.observe(d(110), at('05 10:00'));
    committed.observe(d(90), at('05 10:00'));
    fork.observe(d(200), at('05 10:00'));
    fork.observe(d(50), at('05 10:00'));
    fork.absorb(committed);
    expect(minute(fork, '05 10:00')).toEqual(['100 200 50 50', '1 2 0.5 0.5']);
  });

  it('are not lost when they fell into a minute that the fork had not begun', () => {
    const committed = stateOf(['05 10:00', 100]);
    const fork = committed.fork();
    committed.observe(d(150), at('05 10:01'));
    committed.observe(d(60), at('05 10:01'));
    fork.absorb(committed);
    fork.observe(d(105), at('05 10:01'));
    expect(minute(fork, '05 10:01')).toEqual(['150 150 60 105', '1.5 1.5 0.6 1.05']);
  });

  it('are not lost when a unit that began in the minute before ends after them', () => {
    const committed = stateOf(['05 10:00', 100], ['05 10:01', 150]);
    committed.observe(d(120), at('05 10:00'));
    committed.observe(d(110), at('05 10:01'));
    expect(minute(committed, '05 10:01')).toEqual(['150 150 110 110', '1.5 1.5 1.1 1.1']);
    expect(minute(committed, '05 10:00')).toEqual(['100 120 100 120', '1 1.2 1 1.2']);
  });

  it('come back into whichever minute is the latest', () => {
    const behind = stateOf(['05 10:00', 90]);
    const ahead = stateOf(['05 10:01', 80]);
    ahead.takeUnwritten();
    behind.absorb(ahead);
    behind.observe(d(100), at('05 10:01'));
    expect(minute(behind, '05 10:01')).toEqual(['80 100 80 100', '0.8 1 0.8 1']);
    const running = stateOf(['05 10:02', 70]);
    running.takeUnwritten();
    running.absorb(ahead);
    running.observe(d(100), at('05 10:02'));
    expect(minute(running, '05 10:02')).toEqual(['70 100 70 100', '0.7 1 0.7 1']);
  });

  it('are none before the first series: an index of 0 would be a fall that nobody saw', () => {
    const state = new CurveState(UTC);
    state.observe(d(0), at('05 10:00'));
    state.absorb(new CurveState(UTC));
    state.moveMoney(d(50), at('05 10:00'));
    expect(minute(state, '05 10:00')).toEqual(['50 50 50 50', '1 1 1 1']);
  });

  it('are taken over by a state that saw nothing itself', () => {
    const fresh = new CurveState(UTC);
    fresh.absorb(stateOf(['05 10:00', 100]));
    expect(minute(fresh, '05 10:00')).toEqual(['100 100 100 100', '1 1 1 1']);
    const state = stateOf(['05 10:00', 100]);
    const same = new CurveState(UTC, state.curve);
    same.absorb(state);
    expect(same.curve).toBe(state.curve);
    const written = stateOf(['05 10:00', 100]);
    written.takeUnwritten();
    written.absorb(new CurveState(UTC));
    written.observe(d(90), at('05 10:00'));
    expect(minute(written, '05 10:00')).toEqual(['100 100 90 90', '1 1 0.9 0.9']);
  });
});

describe('a curve as it is stored', () => {
  it('comes back as it was, to the last digit', () => {
    const lines = fc.array(
      fc.tuple(
        fc.constantFrom('05 10:00', '06 11:00', '13 12:00'),
        fc.constantFrom('is', 'flow'),
        fc.integer({ min: -50, max: 999 }),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(lines, (rows) => {
        const curve = path([...rows].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
        const text = encodeCurve(curve);
        expect(encodeCurve(decodeCurve(text))).toBe(text);
        expect(Object.keys(decodeCurve(text)).sort()).toEqual(Object.keys(curve).sort());
      }),
      { numRuns: 200 },
    );
    expect(decodeCurve(encodeCurve(EMPTY_CURVE))).toEqual(EMPTY_CURVE);
  });
});

describe('equities between two that were seen', () => {
  const step = fc.record({
    equity: fc.oneof(
      { weight: 30, arbitrary: fc.integer({ min: 70, max: 140 }) },
      fc.integer({ min: -20, max: 70 }),
    ),
    flow: fc.oneof({ weight: 12, arbitrary: fc.constant(null) }, fc.integer({ min: -60, max: 60 })),
    after: fc.integer({ min: 0, max: 6_000_000 }),
    asked: fc.integer({ max: 9, min: 0 }).map((n) => n === 0),
  });

  it('leave the curve and the candles that each of them by itself would leave', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let now = at('05 23:58');
        const start = path([['05 09:00', 'flow', 100]]);
        const state = new CurveState(UTC, start);
        let plain = start;
        const candles = new Map<number, EquityCandle>();
        const follow = (curve: typeof plain) => {
          plain = curve;
          if (!plain.current) return;
          const minuteStart = Math.floor(now / 60_000_000) * 60_000_000;
          candles.set(minuteStart, extendCandle(candles.get(minuteStart) ?? null, plain, now));
        };
        for (const { equity, flow, after, asked } of steps) {
          now += after;
          if (flow !== null) {
            state.moveMoney(d(flow), now);
            follow(moveMoney(plain, d(flow), now, UTC));
          }
          state.observe(d(equity), now);
          follow(observe(plain, d(equity), now, UTC));
          if (asked) expect(encodeCurve(state.curve)).toBe(encodeCurve(plain));
        }
        expect(encodeCurve(state.curve)).toBe(encodeCurve(plain));
        const texts = (found: ReadonlyMap<number, EquityCandle>) =>
          [...found].map(([key, candle]) => [key, Object.values(candle).map(String)]);
        expect(texts(state.unwritten)).toEqual(texts(candles));
      }),
      { numRuns: 400 },
    );
  });
});
