import {
  closedTradeDrawdown,
  intraTradeDrawdown,
  longestClosedTradeDrawdown,
  profitToDrawdown,
} from '../../src/drawdown/domain/series/closed-trades.js';
import { asFall } from '../../src/drawdown/domain/series/drawdowns.js';
import * as averages from '../../src/pnl/domain/statistics/averages.js';
import * as capital from '../../src/pnl/domain/statistics/capital-rates.js';
import {
  type ClosedTrade,
  grossLoss,
  grossProfit,
  isLoss,
  isWin,
  totalPnl,
  tradesOf,
} from '../../src/pnl/domain/statistics/closed-trade.js';
import { averageDuration, medianDuration, tradedSpan } from '../../src/pnl/domain/statistics/durations.js';
import * as excursions from '../../src/pnl/domain/statistics/excursions.js';
import { expectancy, expectancyRatio, kellyFraction } from '../../src/pnl/domain/statistics/expectancy.js';
import { profitFactor, profitFactorOf } from '../../src/pnl/domain/statistics/profit-factor.js';
import { known, mapKnown } from '../../src/pnl/domain/statistics/statistic.js';
import { streaks } from '../../src/pnl/domain/statistics/streaks.js';
import * as quality from '../../src/pnl/domain/statistics/trade-quality.js';
import * as rates from '../../src/pnl/domain/statistics/win-rate.js';
import { Decimal } from '../../src/shared/decimal.js';
import { Answers } from './answers.js';
import { timeOf } from './fills.js';
import type { Input } from './input.js';
import { type JsonObject, NotOffered, isObject, plainName, textOf } from './outcome.js';
import { numbersOf } from './series.js';
import type { Settings } from './settings.js';
import { sideNamed } from './trade-profit.js';
import { decimalAt, listAt } from './values.js';

const TRADE_FIELDS =
  /^(entrysec|exitsec|entryts|exitts|direction|side|qty|quantity|entrypx|exitpx|pnl|profit|profitabs|profitloss|realizedpnl|netpnl|fees|mae|mfe|endtradedrawdown|iswin|symbol)$/;

/** Answers about closed trades, by their names in several systems. */
export function closedTradeAnswers(input: Input, settings: Settings): Answers {
  const trades = () => (input.has('trades') ? rowsOf(input).map(tradeOf) : tradesOf(pnlsOf(input)));
  return rateAnswers(input, settings, trades)
    .or(amountAnswers(input, trades))
    .or(input.has('startingCapital') ? capitalAnswers(input) : new Answers({}))
    .or(excursionAnswers(input, trades));
}

function rateAnswers(input: Input, settings: Settings, trades: () => ClosedTrade[]): Answers {
  const aggregated = input.has('wins');
  return new Answers({
    'winRate winningRate': () =>
      aggregated
        ? rates.rateOf(input.decimal('wins'), input.decimal('tradeCount'))
        : rates.winRate(trades(), settings.zeroTrades),
    lossRate: () => rates.lossRate(trades(), settings.zeroTrades),
    profitFactor: () =>
      input.has('grossProfit')
        ? profitFactorOf(input.decimal('grossProfit'), input.decimal('grossLoss'))
        : profitFactor(trades()),
    'expectancy averageTrade': () => expectancy(trades(), settings.zeroTrades),
    expectancyRatio: () => expectancyRatio(trades()),
    'kelly kellyFraction kellyCriterion': () => kellyFraction(trades()),
    'sqn systemQualityNumber': () => quality.systemQuality(trades()),
    'sharpe sharpeRatio': () => quality.tradeSharpe(trades()),
    'sortino sortinoRatio': () => quality.tradeSortino(trades()),
    winLossRatio: () => rates.winLossRatio(trades()),
    'numberOfWinningTrades wins winCount': () => rates.countWins(trades()),
    'numberOfLosingTrades losses lossCount': () => rates.countLosses(trades()),
    'totalNumberOfTrades trades tradeCount': () => trades().length,
    'maxConsecutiveWinningTrades maxConsecutiveWins longestWinStreak': () => streaks(trades()).wins,
    'maxConsecutiveLosingTrades maxConsecutiveLosses longestLossStreak': () => streaks(trades()).losses,
    'longRatio shareOfLongs': () => longRatio(input),
    currentStreak: () => streaks(trades()).current,
  });
}

function longRatio(input: Input) {
  const rows = rowsOf(input);
  const longs = rows.filter((row) => sideNamed(textOf(row.side ?? row.direction)) === 'LONG');
  return rates.rateOf(Decimal.integer(longs.length), Decimal.integer(rows.length));
}

function amountAnswers(input: Input, trades: () => ClosedTrade[]): Answers {
  const pnls = () => trades().map((trade) => trade.pnl);
  return new Answers({
    'totalProfitLoss totalPnl netProfit': () => totalPnl(trades()),
    'totalProfit grossProfit': () => grossProfit(trades()),
    'totalLoss grossLoss': () => grossLoss(trades()),
    'largestProfit maxWin largestWin bestTrade': () => averages.largestWin(trades()),
    'largestLoss maxLoss worstTrade': () => averages.largestLoss(trades()),
    'minWin smallestWin': () => averages.smallestWin(trades()),
    'minLoss smallestLoss': () => averages.smallestLoss(trades()),
    'averageProfitLoss averagePnl avgPnl': () => averages.averagePnl(trades()),
    'median medianPnl medianProfit': () => averages.medianPnl(trades()),
    'averageProfit avgWin averageWin': () => averages.averageWin(trades()),
    'averageLoss avgLoss': () => averages.averageLoss(trades()),
    'profitLossRatio payoff payoffRatio': () =>
      input.has('startingCapital')
        ? capital.payoffOnCapital(pnls(), input.decimal('startingCapital'))
        : averages.payoffRatio(trades()),
    'profitLossStandardDeviation pnlStd': () => quality.pnlDeviation(trades()),
    profitLossDownsideDeviation: () => quality.lossDeviation(trades()),
    'maximumClosedTradeDrawdown closedTradeDrawdown': () => asFall(closedTradeDrawdown(pnls())),
    profitToMaxDrawdownRatio: () => profitToDrawdown(pnls()),
  });
}

function capitalAnswers(input: Input): Answers {
  const start = () => input.decimal('startingCapital');
  return new Answers({
    averageWinRate: () => capital.averageWinOnCapital(pnlsOf(input), start()),
    averageLossRate: () => capital.averageLossOnCapital(pnlsOf(input), start()),
  });
}

function excursionAnswers(input: Input, trades: () => ClosedTrade[]): Answers {
  const rows = () => rowsOf(input);
  const excursed = () => rows().map(excursionOf);
  const held = () => rows().map(heldOf);
  const heldWhere = (test: (trade: ClosedTrade) => boolean) => {
    const list = trades();
    return held().filter((_, index) => test(list[index]!));
  };
  return new Answers({
    startDateTime: () => mapKnown(tradedSpan(held()), (span) => known(span.openedAt)),
    endDateTime: () => mapKnown(tradedSpan(held()), (span) => known(span.closedAt)),
    'averageTradeDuration averageDuration avgDuration': () => averageDuration(held()),
    'medianTradeDuration medianDuration': () => medianDuration(held()),
    averageWinningTradeDuration: () => averageDuration(heldWhere((trade) => isGain(trade))),
    averageLosingTradeDuration: () => averageDuration(heldWhere((trade) => !isGain(trade))),
    medianWinningTradeDuration: () => medianDuration(heldWhere(isWin)),
    medianLosingTradeDuration: () => medianDuration(heldWhere(isLoss)),
    averageMAE: () => excursions.averageMae(excursed()),
    averageMFE: () => excursions.averageMfe(excursed()),
    largestMAE: () => excursions.deepestMae(excursed()),
    largestMFE: () => excursions.highestMfe(excursed()),
    maximumEndTradeDrawdown: () => excursions.largestEndTradeDrawdown(excursed()),
    averageEndTradeDrawdown: () => excursions.averageEndTradeDrawdown(excursed()),
    maximumIntraTradeDrawdown: () => asFall(intraTradeDrawdown(excursed())),
    maximumDrawdownDuration: () =>
      longestClosedTradeDrawdown(rows().map((row) => ({ ...heldOf(row), ...tradeOf(row) }))),
    totalFees: () => Decimal.sum(rows().map((row) => decimalAt(row.fees, 'trades[].fees'))),
  });
}

/** Durations go by what a trade earned, also where its win is decided otherwise. */
function isGain(trade: ClosedTrade): boolean {
  return trade.pnl.isPositive();
}

export function pnlsOf(input: Input): Decimal[] {
  if (input.has('trades')) return rowsOf(input).map(pnlOf);
  const name = input.has('pnls') ? 'pnls' : 'closedTradePnl';
  return numbersOf(input.get(name), name);
}

function rowsOf(input: Input): JsonObject[] {
  return listAt(input.get('trades'), 'trades').map((row) => {
    if (!isObject(row)) throw new NotOffered('trades that are not objects');
    const unknown = Object.keys(row).find((key) => !TRADE_FIELDS.test(plainName(key)));
    if (unknown !== undefined) throw new NotOffered(`trades[].${unknown}`);
    return row;
  });
}

/** The names that a trade's PnL goes by. */
const PNL_FIELDS = new Set(['pnl', 'profit', 'profitabs', 'profitloss', 'realizedpnl', 'netpnl']);

function pnlOf(row: JsonObject): Decimal {
  const named = Object.entries(row).find(([key]) => PNL_FIELDS.has(plainName(key)));
  return decimalAt(named?.[1], 'trades[].pnl');
}

function tradeOf(row: JsonObject): ClosedTrade {
  return {
    pnl: pnlOf(row),
    isWin: typeof row.isWin === 'boolean' ? row.isWin : null,
  };
}

function excursionOf(row: JsonObject): excursions.ExcursionTrade {
  const { pnl } = tradeOf(row);
  const giveBack =
    row.endTradeDrawdown === undefined ? null : decimalAt(row.endTradeDrawdown, 'trades[].endTradeDrawdown');
  return { pnl, mae: decimalAt(row.mae, 'trades[].mae'), mfe: decimalAt(row.mfe, 'trades[].mfe'), giveBack };
}

function heldOf(row: JsonObject): { openedAt: number; closedAt: number } {
  const openedAt = timeOf(row.entrySec ?? row.entryTs);
  const closedAt = timeOf(row.exitSec ?? row.exitTs);
  if (openedAt === null || closedAt === null) throw new NotOffered('trades without times');
  return { openedAt, closedAt };
}
