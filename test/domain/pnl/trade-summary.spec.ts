import fc from 'fast-check';
import { averageLoss, averageWin, payoffRatio } from '../../../src/pnl/domain/statistics/averages.js';
import {
  gains,
  grossLoss,
  grossProfit,
  losses,
  totalPnl,
  tradesOf,
} from '../../../src/pnl/domain/statistics/closed-trade.js';
import { expectancy } from '../../../src/pnl/domain/statistics/expectancy.js';
import { profitFactor } from '../../../src/pnl/domain/statistics/profit-factor.js';
import { streaks } from '../../../src/pnl/domain/statistics/streaks.js';
import { systemQuality } from '../../../src/pnl/domain/statistics/trade-quality.js';
import type { TradeSummary, TradeTotals } from '../../../src/pnl/domain/statistics/trade-summary.js';
import { summaryOf } from '../../../src/pnl/domain/statistics/trade-summary.js';
import { winRate } from '../../../src/pnl/domain/statistics/win-rate.js';
import { Decimal } from '../../../src/shared/decimal.js';

const d = (value: number) => Decimal.stored(String(value));

/** The sums of a list of PnLs, as the database makes them. */
function totalsOf(pnls: readonly number[], more: Partial<TradeTotals> = {}): TradeTotals {
  const trades = tradesOf(pnls.map(d));
  return {
    closed: pnls.length,
    wins: gains(trades).length,
    losses: losses(trades).length,
    pnl: totalPnl(trades),
    squares: Decimal.sum(trades.map(({ pnl }) => pnl.times(pnl))),
    grossProfit: grossProfit(trades),
    grossLoss: grossLoss(trades),
    best: pnls.length > 0 ? d(Math.max(...pnls)) : null,
    worst: pnls.length > 0 ? d(Math.min(...pnls)) : null,
    streaks: streaks(trades),
    ...{ timed: 0, held: Decimal.ZERO, middle: null, seen: 0, mae: Decimal.ZERO, mfe: Decimal.ZERO },
    ...more,
  };
}

const shown = (summary: TradeSummary) =>
  Object.fromEntries(
    Object.entries(summary).map(([name, { value, reason }]) => [
      name,
      (value as Decimal | null)?.toString() ?? (reason as string),
    ]),
  );

describe('the summary of closed trades', () => {
  it('follows from their sums', () => {
    const held = { timed: 3, held: d(60), middle: d(21) };
    const found = shown(
      summaryOf(totalsOf([80, -40, -10, 10], { ...held, seen: 2, mae: d(-30), mfe: d(50) })),
    );
    expect(found).toMatchObject({
      ...{
        winRatePct: '50',
        profitFactor: '1.8',
        expectancy: '10',
        averageWin: '45',
        averageLoss: '-25',
        payoff: '1.8',
      },
      ...{
        best: '80',
        worst: '-40',
        averageHeld: '20',
        medianHeld: '10.5',
        averageMae: '-15',
        averageMfe: '25',
      },
    });
    // √4 × 10 ÷ √((70² + 50² + 20² + 0) ÷ 3) = 20 ÷ √2600, to the last of 18 places.
    expect(found['sqn']).toBe('0.392232270276368064');
    expect(shown(summaryOf(totalsOf([-80, 40, 10, -10])))['sqn']).toBe('-0.392232270276368064');
  });

  it('of none is nothing, for a reason', () => {
    const none = 'no_trades';
    expect(shown(summaryOf(totalsOf([])))).toEqual({
      ...{ winRatePct: none, profitFactor: none, expectancy: none, sqn: none, best: none, worst: none },
      ...{ averageWin: 'no_wins', averageLoss: 'no_losses', payoff: 'no_losses' },
      ...{ averageHeld: none, medianHeld: none, averageMae: none, averageMfe: none },
    });
  });

  it('says what each figure lacks', () => {
    expect(shown(summaryOf(totalsOf([5])))).toMatchObject({
      ...{
        profitFactor: 'no_losses',
        payoff: 'no_losses',
        sqn: 'too_few',
        averageHeld: 'no_times',
        medianHeld: 'no_times',
      },
      averageMae: 'no_marks',
    });
    expect(shown(summaryOf(totalsOf([-5, -5])))).toMatchObject({
      payoff: 'no_wins',
      profitFactor: '0',
      sqn: 'no_variation',
    });
  });

  it('is what the rules say of the list', () => {
    const cents = fc.integer({ min: -10_000, max: 10_000 }).map((value) => value / 100);
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 40 }), (pnls) => {
        const [summary, trades] = [summaryOf(totalsOf(pnls)), tradesOf(pnls.map(d))];
        const text = ({ value, reason }: { value: Decimal | null; reason: string | null }) =>
          value?.rounded().toString() ?? reason;
        expect(text(summary.profitFactor)).toBe(text(profitFactor(trades)));
        expect(text(summary.expectancy)).toBe(text(expectancy(trades)));
        expect(text(summary.averageWin)).toBe(text(averageWin(trades)));
        expect(text(summary.averageLoss)).toBe(text(averageLoss(trades)));
        expect(text(summary.payoff)).toBe(text(payoffRatio(trades)));
        expect(summary.winRatePct.value!.toNumber()).toBeCloseTo(winRate(trades).value!.toNumber() * 100, 9);
        const [mine, theirs] = [summary.sqn, systemQuality(trades)];
        expect(mine.reason).toBe(theirs.reason);
        if (mine.value && theirs.value)
          expect(mine.value.toNumber()).toBeCloseTo(theirs.value.toNumber(), 10);
      }),
      { numRuns: 300 },
    );
  });
});
