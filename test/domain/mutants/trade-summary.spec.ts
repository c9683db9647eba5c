import fc from 'fast-check';
import {
  averageLoss,
  averagePnl,
  averageWin,
  largest,
  payoffRatio,
  smallest,
} from '../../../src/pnl/domain/statistics/averages.js';
import { tradesOf } from '../../../src/pnl/domain/statistics/closed-trade.js';
import { averageDuration, medianDuration } from '../../../src/pnl/domain/statistics/durations.js';
import { profitFactor } from '../../../src/pnl/domain/statistics/profit-factor.js';
import type { Statistic } from '../../../src/pnl/domain/statistics/statistic.js';
import { systemQuality } from '../../../src/pnl/domain/statistics/trade-quality.js';
import type { TradeTotals } from '../../../src/pnl/domain/statistics/trade-summary.js';
import { summaryOf } from '../../../src/pnl/domain/statistics/trade-summary.js';
import { winRate } from '../../../src/pnl/domain/statistics/win-rate.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d } from '../accounting/numbers.js';

interface Row {
  readonly pnl: number;
  readonly held: number;
}

/** The totals that a database would sum, from a list of trades. */
function totalsOf(rows: readonly Row[], more: Partial<TradeTotals> = {}): TradeTotals {
  const pnls = rows.map(({ pnl }) => Decimal.integer(pnl));
  const wins = pnls.filter((pnl) => pnl.isPositive());
  const losses = pnls.filter((pnl) => pnl.isNegative());
  const held = rows.map((row) => row.held).sort((a, b) => a - b);
  const middle = [held[Math.ceil(held.length / 2) - 1], held[Math.floor(held.length / 2)]] as const;
  return {
    closed: rows.length,
    wins: wins.length,
    losses: losses.length,
    pnl: Decimal.sum(pnls),
    squares: Decimal.sum(pnls.map((pnl) => pnl.times(pnl))),
    grossProfit: Decimal.sum(wins),
    grossLoss: Decimal.sum(losses),
    best: largest(pnls).value,
    worst: smallest(pnls).value,
    streaks: { wins: 0, losses: 0, current: 0 },
    timed: rows.length,
    held: Decimal.sum(held.map((time) => Decimal.integer(time))),
    middle: rows.length === 0 ? null : [Decimal.integer(middle[0]!), Decimal.integer(middle[1]!)],
    seen: 0,
    mae: Decimal.ZERO,
    mfe: Decimal.ZERO,
    ...more,
  };
}

const shown = ({ value, reason }: Statistic<Decimal>) => value?.toString() ?? reason;
const row = (pnl: number, held = 1): Row => ({ pnl, held });

describe('the summary of closed trades', () => {
  it('is the textbook’s on a small ledger', () => {
    const summary = summaryOf(
      totalsOf([row(30, 10), row(-10, 20), row(10, 60), row(0, 30)], { seen: 3, mae: d(-12), mfe: d(36) }),
    );
    expect(shown(summary.winRatePct)).toBe('50'); // 2 of 4: the one that earned nothing counts
    expect(shown(summary.profitFactor)).toBe('4'); // 40 ÷ 10
    expect(shown(summary.expectancy)).toBe('7.5'); // 30 ÷ 4
    expect([shown(summary.averageWin), shown(summary.averageLoss)]).toEqual(['20', '-10']);
    expect(shown(summary.payoff)).toBe('2');
    expect([shown(summary.best), shown(summary.worst)]).toEqual(['30', '-10']);
    expect([shown(summary.averageHeld), shown(summary.medianHeld)]).toEqual(['30', '25']);
    expect([shown(summary.averageMae), shown(summary.averageMfe)]).toEqual(['-4', '12']);
    // mean 7.5, Σ(x − mean)² = 506.25 + 306.25 + 6.25 + 56.25 = 875; s = √(875 ÷ 3); √4 × 7.5 ÷ s = 0.87831…
    expect(Number(shown(summary.sqn))).toBeCloseTo(0.878310065654, 11);
  });

  it('has a reason for everything it cannot say of no trades', () => {
    const reasons = Object.entries<Statistic<Decimal>>({ ...summaryOf(totalsOf([])) });
    expect(Object.fromEntries(reasons.map(([name, { reason }]) => [name, reason]))).toEqual({
      winRatePct: 'no_trades',
      profitFactor: 'no_trades',
      expectancy: 'no_trades',
      averageWin: 'no_wins',
      averageLoss: 'no_losses',
      payoff: 'no_losses',
      sqn: 'no_trades',
      best: 'no_trades',
      worst: 'no_trades',
      averageHeld: 'no_trades',
      medianHeld: 'no_trades',
      averageMae: 'no_trades',
      averageMfe: 'no_trades',
    });
    expect(reasons.every(([, { value }]) => value === null)).toBe(true);
  });

  it('has a reason where trades are there but not what it needs of them', () => {
    const untimed = summaryOf(totalsOf([row(5)], { timed: 0, held: Decimal.ZERO, middle: null }));
    expect([untimed.averageHeld.reason, untimed.medianHeld.reason]).toEqual(['no_times', 'no_times']);
    expect([untimed.averageMae.reason, untimed.averageMfe.reason]).toEqual(['no_marks', 'no_marks']);
    expect([untimed.profitFactor.reason, untimed.payoff.reason]).toEqual(['no_losses', 'no_losses']);
    expect(summaryOf(totalsOf([row(-5)])).payoff.reason).toBe('no_wins');
  });

  it('has no system quality of one trade, nor of trades that all earned the same', () => {
    expect(summaryOf(totalsOf([row(5)])).sqn.reason).toBe('too_few');
    expect(summaryOf(totalsOf([row(5), row(5)])).sqn.reason).toBe('no_variation');
    expect(summaryOf(totalsOf([row(5), row(6)])).sqn.reason).toBeNull();
  });

  it('says from sums what the list of the trades says', () => {
    const rows = fc.array(fc.record({ pnl: fc.integer({ min: -50, max: 50 }), held: fc.nat(1_000) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(rows, (list) => {
        const summary = summaryOf(totalsOf(list));
        const trades = tradesOf(list.map(({ pnl }) => Decimal.integer(pnl)));
        const times = list.map(({ held }) => ({ openedAt: 0, closedAt: held }));
        expect(shown(summary.expectancy)).toBe(shown(averagePnl(trades)));
        expect(shown(summary.averageWin)).toBe(shown(averageWin(trades)));
        expect(shown(summary.averageLoss)).toBe(shown(averageLoss(trades)));
        expect(shown(summary.payoff)).toBe(shown(payoffRatio(trades)));
        expect(shown(summary.profitFactor)).toBe(shown(profitFactor(trades)));
        expect(summary.winRatePct.value!.dividedBy(Decimal.HUNDRED, 28).toString()).toBe(
          shown(winRate(trades)),
        );
        expect(shown(summary.averageHeld)).toBe(shown(averageDuration(times)));
        expect(shown(summary.medianHeld)).toBe(shown(medianDuration(times)));
        expect(summary.sqn.reason).toBe(systemQuality(trades).reason);
        expect(Number(summary.sqn.value)).toBeCloseTo(Number(systemQuality(trades).value), 12);
      }),
    );
  });
});
