import fc from 'fast-check';
import { flowAdjustedIndex } from '../../../src/pnl/domain/returns/flow-index.js';
import {
  modifiedDietz,
  modifiedDietzByDay,
  simpleDietz,
} from '../../../src/pnl/domain/returns/modified-dietz.js';
import { accountXirr, irr, presentValue, xirr } from '../../../src/pnl/domain/returns/money-weighted.js';
import { rootOf } from '../../../src/pnl/domain/returns/root.js';
import * as weighted from '../../../src/pnl/domain/returns/time-weighted.js';
import { known, unknown } from '../../../src/pnl/domain/statistics/statistic.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { amounts, d, ds, text } from './numbers.js';

const at = (value: string | number, flow: string | number = 0) => ({ value: d(value), flow: d(flow) });

describe('the flow-adjusted index', () => {
  it('does not move by deposits and withdrawals', () => {
    const curve = [at(1000), at(500, -500), at(505), at(1505, 1000), at('1520.05')];
    expect(flowAdjustedIndex(curve, 'end').map(text)).toEqual(['1', '1', '1.01', '1.01', '1.0201']);
  });

  it('lets a flow work from the start of its step where told', () => {
    expect(flowAdjustedIndex([at(100), at(220, 100)], 'end').map(text)).toEqual(['1', '1.2']);
    expect(flowAdjustedIndex([at(100), at(220, 100)], 'start').map(text)).toEqual(['1', '1.1']);
  });

  it('is 0 without equity, comes back by profit, and starts anew by a deposit', () => {
    expect(flowAdjustedIndex([at(0), at(100), at(-5), at(50)], 'end').map(text)).toEqual([
      '0',
      '1',
      '0',
      '0.5',
    ]);
    expect(flowAdjustedIndex([at(100), at(0), at(40, 40), at(20)], 'end').map(text)).toEqual([
      '1',
      '0',
      '1',
      '0.5',
    ]);
    expect(flowAdjustedIndex([at(100), at(-50), at(-10, 40)], 'end').map(text)).toEqual(['1', '0', '0']);
    expect(flowAdjustedIndex([], 'end')).toEqual([]);
  });

  it('waits where it is while everything is withdrawn', () => {
    const curve = [at(100), at(110), at(0, -110), at(0), at(50, 50), at(55)];
    expect(flowAdjustedIndex(curve, 'end').map(text)).toEqual(['1', '1.1', '1.1', '1.1', '1.1', '1.21']);
  });

  it('is the product of the returns between its points', () => {
    const points = fc.array(fc.tuple(amounts(1_000, 90_000), amounts(-900, 90_000)), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(points, (rows) => {
        const curve = rows.map(([value, flow]) => ({
          value,
          flow: flow.lessThan(value) ? flow : Decimal.ZERO,
        }));
        const linked = weighted.chainLinked(weighted.periodReturns(curve, 'end').value!).value!;
        const apart = linked.minus(weighted.timeWeightedReturn(curve, 'end').value!).abs();
        const size = linked.abs().plus(Decimal.ONE);
        expect(apart.greaterThan(size.times(d('0.000000000000000001')))).toBe(false);
      }),
    );
  });
});

describe('the time-weighted return', () => {
  it('leaves flows out', () => {
    expect(text(weighted.timeWeightedReturn([at(1000), at(500, -500), at(505)], 'end').value)).toBe('0.01');
    expect(weighted.timeWeightedReturn([], 'end').reason).toBe('no_returns');
    expect(weighted.timeWeightedReturn([at(0), at(5)], 'end').reason).toBe('no_capital');
  });

  it('has returns between its points, where something was there to grow', () => {
    expect(weighted.periodReturns([at(100), at(220, 100)], 'end').value!.map(text)).toEqual(['0.2']);
    expect(weighted.periodReturns([at(100), at(220, 100)], 'start').value!.map(text)).toEqual(['0.1']);
    expect(weighted.periodReturns([at(0), at(5)], 'end').reason).toBe('no_capital');
  });

  it('chains returns and sub-periods', () => {
    expect(text(weighted.chainLinked(ds('0.1', '0.1')).value)).toBe('0.21');
    expect(weighted.chainLinked([]).reason).toBe('no_returns');
    expect(
      text(
        weighted.linkedPeriods(
          [
            { start: d(100), end: d(160), flow: d(50) },
            { start: d(210), end: d(231), flow: d(0) },
          ],
          'end',
        ).value,
      ),
    ).toBe('0.21');
    expect(weighted.linkedPeriods([{ start: d(0), end: d(110), flow: d(0) }], 'end').reason).toBe(
      'no_capital',
    );
    expect(text(weighted.linkedPeriods([{ start: d(50), end: d(110), flow: d(50) }], 'start').value)).toBe(
      '0.1',
    );
  });

  it('becomes a rate of a year', () => {
    expect(weighted.annualised(known(d('0.21')), 2).value).toBeCloseTo(0.1, 12);
    expect(weighted.annualised(known(d(-1)), 2).reason).toBe('lost_everything');
    expect(weighted.annualised(known(d(1)), 0).reason).toBe('no_times');
    expect(weighted.annualised(unknown('no_returns'), 1).reason).toBe('no_returns');
  });
});

describe('the money-weighted return', () => {
  it('is the rate of Excel’s example', () => {
    const flows = [
      [0, -10000],
      [60, 2750],
      [303, 4250],
      [411, 3250],
      [456, 2750],
    ].map(([day, amount]) => ({ day: day!, amount: amount! }));
    expect(xirr(flows).value).toBeCloseTo(0.373362535, 8);
    expect(xirr(flows, 360).value).toBeCloseTo(1.373362535 ** (360 / 365) - 1, 8);
  });

  it('finds the rate that was put in, whatever it is', () => {
    const rates = fc.double({ min: -0.95, max: 20, noNaN: true });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 3000 }), (rate, day) => {
        const found = xirr([
          { day: 0, amount: -100 },
          { day, amount: 100 * (1 + rate) ** (day / 365) },
        ]);
        if (found.value !== null)
          expect(Math.abs(found.value - rate)).toBeLessThan(
            1e-6 * (1 + Math.abs(rate)) * Math.max(1, 365 / day),
          );
        else expect(found.reason).toBe('not_converging');
      }),
    );
  });

  it('takes an account’s flows from the account’s side', () => {
    const start = { day: 0, value: 1000 };
    expect(accountXirr(start, [], { day: 365, value: 1100 }).value).toBeCloseTo(0.1, 10);
    expect(accountXirr(start, [{ day: 365, flow: 500 }], { day: 365, value: 1600 }).value).toBeCloseTo(
      0.1,
      10,
    );
  });

  it('is per period for flows without dates', () => {
    expect(irr([-100, 39, 59, 55, 20]).value).toBeCloseTo(0.2809484211599611, 10);
    expect(irr([-100, 100]).value).toBe(0);
    expect(presentValue([{ at: 1, amount: 110 }], 0.1)).toBeCloseTo(100, 10);
  });

  it('is undefined without flows, without a change of sign, or beyond all bounds', () => {
    expect(
      [xirr([]), xirr([{ day: 0, amount: -5 }]), irr([-1, 1e15]), irr([-1e15, 1])].map(
        ({ reason }) => reason,
      ),
    ).toEqual(['no_flows', 'no_sign_change', 'not_converging', 'not_converging']);
  });

  it('brackets the root nearest to nothing on either side', () => {
    expect(rootOf((x) => x - 3, -10, 10)).toBeCloseTo(3, 12);
    expect(rootOf((x) => x + 3, -10, 10)).toBeCloseTo(-3, 12);
    expect(rootOf((x) => x - 10, -10, 10)).toBe(10);
    expect(rootOf(() => 1, -1, 1)).toBeNull();
  });
});

describe('Dietz', () => {
  it('weighs flows by the time that was left', () => {
    expect(text(modifiedDietz(d(100), d(120), [{ amount: d(10), remaining: d('0.5') }]).value)).toBe(
      '0.0952380952380952380952380952',
    );
    expect(text(simpleDietz(d(100), d(120), [d(10)]).value)).toBe('0.0952380952380952380952380952');
    expect(text(modifiedDietzByDay(d(100), d(120), [{ amount: d(10), day: d(15) }], d(30)).value)).toBe(
      '0.0952380952380952380952380952',
    );
    expect(modifiedDietz(d(0), d(1), []).reason).toBe('no_capital');
    expect(modifiedDietzByDay(d(1), d(1), [], d(0)).reason).toBe('no_times');
  });
});
