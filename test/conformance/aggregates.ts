import { maximumDrawdown } from '../../src/drawdown/domain/series/drawdowns.js';
import { balancesOf } from '../../src/drawdown/domain/series/levels.js';
import * as drawdown from '../../src/drawdown/domain/series/ratios.js';
import * as calendar from '../../src/pnl/domain/statistics/calendar-ratios.js';
import * as growth from '../../src/pnl/domain/statistics/growth.js';
import * as ratios from '../../src/pnl/domain/statistics/risk-adjusted.js';
import { type Answer, Answers } from './answers.js';
import { pnlsOf } from './closed-trades.js';
import { dayOf } from './values.js';
import type { Input } from './input.js';
import type { Settings } from './settings.js';

/** Answers from figures that others have summed up: a mean, a spread, a drawdown, two values and a time. */
export function aggregateAnswers(input: Input, settings: Settings): Answers {
  const free = () => (input.has('riskFree') ? input.double('riskFree') : (settings.riskFree ?? 0));
  const start = () => input.double(input.has('startValue') ? 'startValue' : 'startingBalance');
  const years = () =>
    input.has('years')
      ? input.double('years')
      : (input.has('days') ? input.double('days') : spanOfDates(input)) / (settings.daysPerYear ?? 365);
  return new Answers({
    'sharpe sharpeRatio': () => ratios.rewardToRisk(input.double('mean'), free(), input.double('deviation')),
    'sortino sortinoRatio': () => ratios.rewardToRisk(input.double('mean'), free(), input.double('downside')),
    'calmar calmarRatio': () =>
      drawdown.rewardToDrawdown(input.double('mean'), free(), input.double('maxDrawdown')),
    'scaled scaledRatio': () =>
      ratios.scaledRatio(
        input.double('ratio'),
        input.double('currentInterval'),
        input.double('targetInterval'),
      ),
    'cagr compoundAnnualGrowthRate': () =>
      growth.compoundAnnualGrowth(start(), input.double('finalBalance'), years()),
  });
}

function spanOfDates(input: Input): number {
  return dayOf(input.get('finalDate')) - dayOf(input.get('startDate'));
}

/** Ratios of trades by the calendar: the case gives a balance and a number of days. */
export function calendarAnswers(input: Input, settings: Settings): Answers {
  const trades = () => ({
    pnls: pnlsOf(input),
    startingBalance: input.decimal('startingBalance'),
    days: input.double('days'),
  });
  return new Answers({
    'sharpe sharpeRatio': () => calendar.calendarSharpe(trades(), settings.periodsPerYear ?? 365),
    'calmar calmarRatio': () => calendarCalmar(trades(), settings),
    'sortino sortinoRatio': () => calendar.calendarSortino(trades(), settings.periodsPerYear ?? 365),
  });
}

function calendarCalmar(trades: calendar.CalendarTrades, settings: Settings): Answer {
  const deepest = maximumDrawdown(balancesOf(trades.startingBalance, trades.pnls));
  return calendar.calendarCalmar(trades, deepest!.toNumber(), settings.periodsPerYear ?? 365);
}

