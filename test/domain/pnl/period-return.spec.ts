import type { Standing, TimedFlow } from '../../../src/pnl/domain/returns/period-return.js';
import { periodReturn } from '../../../src/pnl/domain/returns/period-return.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { microsOf } from '../../../src/shared/periods.js';

const d = (text: string) => Decimal.stored(text);
const day = (date: string) => microsOf(`${date}T00:00:00Z`);
const stands = (equity: string, growth = '1', ruins = 0): Standing => ({
  equity: d(equity),
  growth: d(growth),
  ruins,
});
const moved = (date: string, amount: string): TimedFlow => ({ at: day(date), amount: d(amount) });
const YEAR = { from: day('2025-01-01'), to: day('2026-01-01') };

function shown(...asked: Parameters<typeof periodReturn>): Record<string, string | null> {
  const { equityStart, netDeposits, ...found } = periodReturn(...asked);
  const rest = Object.entries(found).map(([name, { value, reason }]) => [name, value?.toString() ?? reason]);
  const told = Object.fromEntries(rest) as Record<string, string | null>;
  return { equityStart: String(equityStart), netDeposits: String(netDeposits), ...told };
}

describe('the returns of a period', () => {
  it('are one number when no money moved over a year', () => {
    expect(shown(YEAR, stands('1000'), stands('1100', '1.1'), [])).toEqual({
      ...{ equityStart: '1000', equityEnd: '1100', netDeposits: '0', gain: '100' },
      ...{ timeWeightedPct: '10', moneyWeightedPct: '10', xirrPct: '10' },
    });
  });

  it('weigh money by when it moved, and time without it', () => {
    // Doubled in the first half, halved in the second: time-weighted nothing; 10 000 came in between and was halved.
    const flows = [moved('2025-07-02', '10000')];
    const found = shown(YEAR, stands('1000'), stands('6000', '1'), flows);
    expect(found).toMatchObject({ timeWeightedPct: '0', netDeposits: '10000', gain: '-5000' });
    // −1000 (1 + r) − 10000 (1 + r)^(183 ÷ 365) + 6000 = 0.
    const rate = Number(found['xirrPct']) / 100;
    expect(-1000 * (1 + rate) - 10_000 * (1 + rate) ** (183 / 365) + 6000).toBeCloseTo(0, 4);
    expect(rate).toBeLessThan(-0.6);
  });

  it('give the textbook rate of irregular flows', () => {
    // The example of Microsoft's XIRR: −10000, 2750, 4250, 3250, 2750 → 37.3362535 %.
    const flows = [moved('2008-03-01', '-2750'), moved('2008-10-30', '-4250'), moved('2009-02-15', '-3250')];
    const span = { from: day('2008-01-01'), to: day('2009-04-01') };
    const { xirrPct } = periodReturn(span, stands('10000'), stands('2750'), flows);
    expect(xirrPct.value!.toNumber()).toBeCloseTo(37.3362535, 6);
  });

  it('of a part of a year are not blown up: the money-weighted one is of the period, XIRR of a year', () => {
    const tenDays = { from: day('2026-01-01'), to: day('2026-01-11') };
    const found = shown(tenDays, stands('1000'), stands('1010', '1.01'), []);
    expect(found).toMatchObject({ timeWeightedPct: '1', moneyWeightedPct: '1' });
    expect(Number(found['xirrPct'])).toBeCloseTo((1.01 ** 36.5 - 1) * 100, 6);
  });

  it('are of the time in which money was there: what a minute earned is not blown up to a day', () => {
    const today = { from: day('2026-01-01'), to: day('2026-01-02') };
    const flow = { at: today.to - 60_000_000, amount: d('1000') };
    const found = shown(today, null, stands('1001', '1.001'), [flow]);
    expect(Number(found['moneyWeightedPct'])).toBeCloseTo(0.1, 6);
    expect(shown(today, null, stands('1000'), [{ ...flow, at: today.to }])['moneyWeightedPct']).toBe(
      'no_times',
    );
  });

  it('begin with the first deposit when the account was not there at the start', () => {
    expect(shown(YEAR, null, stands('1100', '1.1'), [moved('2025-01-01', '1000')])).toMatchObject({
      ...{ equityStart: '0', gain: '100', timeWeightedPct: '10', xirrPct: '10' },
    });
  });

  it('are −100 % when everything was lost, whatever a later deposit earned', () => {
    const flows = [moved('2025-06-01', '500')];
    expect(shown(YEAR, stands('1000', '1.2'), stands('550', '1.1', 1), flows)).toMatchObject({
      ...{ timeWeightedPct: '-100', gain: '-950' },
    });
    expect(shown(YEAR, null, stands('550', '1.1', 1), flows)['timeWeightedPct']).toBe('-100');
    expect(shown(YEAR, stands('1000'), stands('0', '0'), [])).toMatchObject({
      ...{ timeWeightedPct: '-100', moneyWeightedPct: 'no_sign_change', xirrPct: 'no_sign_change' },
    });
  });

  it('are not defined when nothing was there to earn', () => {
    expect(
      shown(YEAR, stands('0', '0', 1), stands('100', '1', 2), [moved('2025-06-01', '100')]),
    ).toMatchObject({
      timeWeightedPct: 'no_capital',
    });
    expect(shown(YEAR, null, stands('0'), [])['xirrPct']).toBe('no_flows');
  });

  it('are not known of a time that nobody saw', () => {
    const none = 'not_seen';
    expect(shown(YEAR, null, null, [moved('2025-06-01', '100')])).toEqual({
      ...{ equityStart: '0', netDeposits: '100', equityEnd: none, gain: none },
      ...{ timeWeightedPct: none, moneyWeightedPct: none, xirrPct: none },
    });
  });
});
