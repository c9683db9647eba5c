import fc from 'fast-check';
import * as averages from '../../../src/pnl/domain/statistics/averages.js';
import * as calendar from '../../../src/pnl/domain/statistics/calendar-ratios.js';
import * as capital from '../../../src/pnl/domain/statistics/capital-rates.js';
import {
  grossLoss,
  grossProfit,
  totalPnl,
  tradesOf,
} from '../../../src/pnl/domain/statistics/closed-trade.js';
import { significant, squareRoot, standardDeviation } from '../../../src/pnl/domain/statistics/deviation.js';
import * as durations from '../../../src/pnl/domain/statistics/durations.js';
import * as excursions from '../../../src/pnl/domain/statistics/excursions.js';
import { expectancy, expectancyRatio, kellyFraction } from '../../../src/pnl/domain/statistics/expectancy.js';
import { profitFactor, profitFactorOf } from '../../../src/pnl/domain/statistics/profit-factor.js';
import { type Statistic, mapKnown, unknown } from '../../../src/pnl/domain/statistics/statistic.js';
import { streaks } from '../../../src/pnl/domain/statistics/streaks.js';
import * as quality from '../../../src/pnl/domain/statistics/trade-quality.js';
import * as rates from '../../../src/pnl/domain/statistics/win-rate.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { amounts, d, ds, text } from './numbers.js';

/** A statistic as its number, or as its reason. */
function shown(statistic: Statistic<Decimal>): string | null {
  return statistic.reason ?? text(statistic.value);
}

const MIXED = tradesOf(ds(100, 200, 50, -150, 300, -100, 80, -30)); // freqtrade's example
const WINNERS = tradesOf(ds(1, 2, 3));
const LOSERS = tradesOf(ds(-10, -20, -30));
const ZEROS = tradesOf(ds(0, 0, 0));
const NONE = tradesOf([]);

describe('what trades earned', () => {
  it('sums gains and losses', () => {
    expect([totalPnl(MIXED), grossProfit(MIXED), grossLoss(MIXED)].map(text)).toEqual(['450', '730', '-280']);
  });

  it('averages, and is undefined for the side that did not happen', () => {
    expect(shown(averages.averagePnl(MIXED))).toBe('56.25');
    expect(shown(averages.averageWin(MIXED))).toBe('146');
    expect(averages.averageLoss(MIXED).value!.toNumber()).toBeCloseTo(-280 / 3, 12);
    expect(
      [averages.averageWin(LOSERS), averages.averageLoss(WINNERS), averages.averagePnl(NONE)].map(shown),
    ).toEqual(['no_wins', 'no_losses', 'no_trades']);
  });

  it('knows the extremes of both sides', () => {
    const of = (trades: typeof MIXED) =>
      [averages.largestWin, averages.smallestWin, averages.largestLoss, averages.smallestLoss].map((rule) =>
        shown(rule(trades)),
      );
    expect(of(MIXED)).toEqual(['300', '50', '-150', '-30']);
    expect(of(NONE)).toEqual(['no_wins', 'no_wins', 'no_losses', 'no_losses']);
    expect([averages.largest([]), averages.smallest([])].map(shown)).toEqual(['no_trades', 'no_trades']);
  });

  it('pays off by average win over average loss', () => {
    expect(averages.payoffRatio(MIXED).value!.toNumber()).toBeCloseTo(146 / (280 / 3), 12);
    expect([averages.payoffRatio(WINNERS), averages.payoffRatio(LOSERS)].map(shown)).toEqual([
      'no_losses',
      'no_wins',
    ]);
  });
});

describe('rates', () => {
  it('count zero trades unless told otherwise', () => {
    const some = tradesOf(ds(1, 0, 0, -1));
    expect(
      [
        rates.winRate(some),
        rates.winRate(some, 'excluded'),
        rates.lossRate(some),
        rates.lossRate(some, 'excluded'),
      ].map(shown),
    ).toEqual(['0.25', '0.5', '0.25', '0.5']);
    expect([rates.winRate(NONE), rates.winRate(ZEROS, 'excluded')].map(shown)).toEqual([
      'no_trades',
      'no_trades',
    ]);
  });

  it('compare wins with losses', () => {
    expect(
      [rates.winLossRatio(LOSERS), rates.winLossRatio(WINNERS), rates.winLossRatio(NONE)].map(shown),
    ).toEqual(['0', 'no_losses', 'no_trades']);
  });

  it('take a win that is not decided by its PnL', () => {
    const assigned = [
      { pnl: d(-80), isWin: true },
      { pnl: d(100), isWin: null },
      { pnl: d(5), isWin: false },
    ];
    expect([rates.countWins(assigned), rates.countLosses(assigned)].map(text)).toEqual(['2', '1']);
  });

  it('give a profit factor only where something was lost', () => {
    expect([profitFactor(LOSERS), profitFactor(WINNERS), profitFactor(NONE)].map(shown)).toEqual([
      '0',
      'no_losses',
      'no_trades',
    ]);
    expect([profitFactorOf(d(10), d(5)), profitFactorOf(d(10), d(-5))].map(shown)).toEqual(['2', '2']);
  });
});

describe('expectancy', () => {
  it('is the mean PnL, of decided trades only where zeros are excluded', () => {
    const some = tradesOf(ds(3, 0, -1));
    expect(
      [expectancy(MIXED), expectancy(some, 'excluded'), expectancy(ZEROS, 'excluded'), expectancy(NONE)].map(
        shown,
      ),
    ).toEqual(['56.25', '1', '0', 'no_trades']);
    expect(expectancy(some).value!.toNumber()).toBeCloseTo(2 / 3, 12);
  });

  it('has a ratio per unit of risk, and Kelly’s share of it', () => {
    expect(expectancyRatio(MIXED).value!.toNumber()).toBeCloseTo(0.60267857, 8);
    expect(kellyFraction(MIXED).value!.toNumber()).toBeCloseTo(0.60267857 / (146 / (280 / 3)), 8); // edge ÷ odds
    expect([expectancyRatio(WINNERS), kellyFraction(LOSERS)].map(shown)).toEqual(['no_losses', 'no_wins']);
  });
});

describe('the spread of trades', () => {
  it('has fifteen digits', () => {
    expect(shown(standardDeviation(ds(-80000, 108000), 1))).toBe('132936.074863071');
    expect(shown(standardDeviation(ds(2, 4), 0))).toBe('1');
    expect([standardDeviation(ds(1), 1), standardDeviation([], 1)].map(shown)).toEqual([
      'too_few',
      'no_trades',
    ]);
    expect(
      [significant(d('0.00123456'), 3), significant(d('123456'), 3), significant(d('1.23456'), 3)].map(text),
    ).toEqual(['0.00123', '123456', '1.23']);
  });

  it('has roots whose square comes back', () => {
    expect([squareRoot(d(0)), squareRoot(d(2))].map(text)).toEqual(['0', '1.4142135623730950488016887242']);
    fc.assert(
      fc.property(amounts(0, 1_000_000_000), (value) => {
        const root = squareRoot(value);
        const apart = root.times(root).minus(value).abs();
        expect(apart.greaterThan(d('0.0000000000000000000001'))).toBe(false);
      }),
    );
  });

  it('divides the mean: Sharpe, Sortino and system quality per trade', () => {
    expect(quality.systemQuality(tradesOf(ds(1, '0.5', 2, '1.5', '0.8'))).value!.toNumber()).toBeCloseTo(
      4.3657,
      4,
    );
    expect(quality.tradeSharpe(tradesOf(ds(-20, -20, -10))).value!.toNumber()).toBeCloseTo(
      -5 / Math.sqrt(3),
      12,
    );
    expect(quality.tradeSortino(tradesOf(ds(-20, -20, -10))).value!.toNumber()).toBeCloseTo(
      -5 / Math.sqrt(3),
      12,
    );
    expect(
      [quality.tradeSharpe(ZEROS), quality.systemQuality(tradesOf(ds(1))), quality.tradeSortino(WINNERS)].map(
        shown,
      ),
    ).toEqual(['no_variation', 'too_few', 'no_losses']);
  });
});

describe('the spreads behind them', () => {
  it('are those of all trades, and of the losing ones', () => {
    expect(
      [quality.pnlDeviation(MIXED), quality.lossDeviation(tradesOf(ds(5, -10, -20)))].map(shown),
    ).toEqual(['149.755753526486', '7.07106781186548']);
    expect(shown(rates.rateOf(d(6), d(10)))).toBe('0.6');
  });
});

describe('streaks', () => {
  it('are the longest runs, ended by a zero trade too', () => {
    expect(streaks(tradesOf(ds(1, 1, 0, 1, -1, -1, -1, 2)))).toEqual({ wins: 2, losses: 3, current: 1 });
    expect(streaks(NONE)).toEqual({ wins: 0, losses: 0, current: 0 });
  });
});

describe('durations', () => {
  const held = [
    { openedAt: 0, closedAt: 10 },
    { openedAt: 5, closedAt: 35 },
    { openedAt: 50, closedAt: 52 },
  ];

  it('average, and have a middle', () => {
    expect(
      [
        durations.averageDuration(held),
        durations.medianDuration(held),
        durations.medianDuration(held.slice(1)),
      ].map(shown),
    ).toEqual(['14', '10', '16']);
    expect([durations.averageDuration([]), durations.medianDuration([])].map(shown)).toEqual([
      'no_trades',
      'no_trades',
    ]);
  });

  it('span from the first opening to the last closing', () => {
    expect(durations.tradedSpan(held).value).toEqual({ openedAt: 0, closedAt: 52 });
    expect(durations.tradedSpan([]).reason).toBe('no_trades');
  });
});

describe('excursions', () => {
  const trades = [
    { mae: d(-30), mfe: d(5), pnl: d(-20), giveBack: d(30) },
    { mae: d(-15), mfe: d(30), pnl: d(10), giveBack: null },
  ];

  it('average, have extremes, and tell what was given back', () => {
    expect([excursions.averageMae(trades), excursions.averageMfe(trades)].map(shown)).toEqual([
      '-22.5',
      '17.5',
    ]);
    expect([excursions.deepestMae(trades), excursions.highestMfe(trades)].map(shown)).toEqual(['-30', '30']);
    expect(trades.map((trade) => text(excursions.endTradeDrawdown(trade)))).toEqual(['-25', '-20']);
    expect(shown(excursions.averageEndTradeDrawdown(trades))).toBe('-22.5');
    expect(shown(excursions.largestEndTradeDrawdown(trades))).toBe('30');
    expect(shown(excursions.largestEndTradeDrawdown([]))).toBe('no_trades');
  });
});

describe('rates on running capital', () => {
  const pnls = ds(-8000, 10800);

  it('compare every trade with the capital before it', () => {
    expect(shown(capital.averageLossOnCapital(pnls, d(100000)))).toBe('-0.08');
    expect(capital.averageWinOnCapital(pnls, d(100000)).value!.toNumber()).toBeCloseTo(10800 / 92000, 15);
    expect(capital.payoffOnCapital(pnls, d(100000)).value!.toNumber()).toBeCloseTo(10800 / 92000 / 0.08, 12);
  });

  it('are undefined without a side or without capital', () => {
    expect(
      [
        capital.payoffOnCapital(ds(1), d(9)),
        capital.payoffOnCapital(ds(-1), d(9)),
        capital.payoffOnCapital(ds(-9, 1), d(9)),
      ].map(shown),
    ).toEqual(['no_losses', 'no_wins', 'no_capital']);
  });
});

describe('ratios by the calendar', () => {
  const trades = { pnls: ds(10, -5, 7, -1), startingBalance: d(1000), days: 10 };

  it('divide a day’s profit share by the trades’ deviation', () => {
    const shares = [0.01, -0.005, 0.007, -0.001];
    const mean = 0.011 / 4;
    const spread = Math.sqrt(shares.reduce((total, share) => total + (share - mean) ** 2, 0) / 4);
    expect(calendar.calendarSharpe(trades, 365).value).toBeCloseTo((0.0011 / spread) * Math.sqrt(365), 10);
    expect(calendar.calendarSortino(trades, 365).value).toBeCloseTo((0.0011 / 0.002) * Math.sqrt(365), 10);
    expect(calendar.dailyProfitShare({ ...trades, days: 0 }).value).toBeCloseTo(0.011, 12);
  });

  it('are undefined without trades, capital, losses or variation', () => {
    expect(calendar.calendarSharpe({ ...trades, pnls: [] }, 365).reason).toBe('no_trades');
    expect(calendar.calendarSharpe({ ...trades, startingBalance: d(0) }, 365).reason).toBe('no_capital');
    expect(calendar.calendarSharpe({ ...trades, pnls: ds(1, 1) }, 365).reason).toBe('no_variation');
    expect(calendar.calendarSortino({ ...trades, pnls: ds(1, 1) }, 365).reason).toBe('no_losses');
  });
});

describe('an unknown statistic', () => {
  it('stays unknown for its own reason', () => {
    expect(mapKnown<Decimal, Decimal>(unknown('no_wins'), () => unknown('too_few')).reason).toBe('no_wins');
  });
});
