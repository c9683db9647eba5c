import {
  foldLots,
  openCost,
  openQuantity,
  realizedGrossOf,
  realizedOfBook,
} from '../../src/positions/domain/lots-book.js';
import { type LotMatch, type Lot, lotPrice, matchNet } from '../../src/positions/domain/lots.js';
import { contractPrice } from '../../src/positions/domain/net-position-contract.js';
import type { PositionCycle } from '../../src/positions/domain/net-position-cycle.js';
import {
  HOUSE_RULES,
  type PositionRules,
  foldFills,
  realizedOf,
} from '../../src/positions/domain/net-position-history.js';
import {
  averageClose,
  averageOpen,
  cycleDuration,
  entryCost,
  realizedReturn,
  returnOnEntryCost,
  totalPnlAt,
  unrealizedAfterExitFee,
} from '../../src/positions/domain/net-position-report.js';
import { FLAT, notionalValue, sideOf, unrealizedPnl } from '../../src/positions/domain/net-position.js';
import { inVenueOrder } from '../../src/positions/domain/net-position-order.js';
import { type RoundTrip, roundTripReturn, roundTrips } from '../../src/positions/domain/round-trips.js';
import { Decimal } from '../../src/shared/decimal.js';
import { type Answer, Answers } from './answers.js';
import { type FiledFill, type Instrument, UNNAMED } from './fills.js';
import { type Json, NotOffered, isObject } from './outcome.js';
import type { Settings } from './settings.js';
import { decimalAt, listAt } from './values.js';

/** Answers about one symbol after some fills, by average cost or by lots as the case names it. */
export function positionAnswers(
  fills: readonly FiledFill[],
  instrument: Instrument,
  settings: Settings,
): Answers {
  const rules: PositionRules = { contract: instrument.contract, fees: settings.fees ?? HOUSE_RULES.fees };
  const byLots = settings.lotMethod !== undefined && settings.lotMethod !== 'AVERAGE';
  const netted = nettedAnswers(fills, rules, settings);
  return byLots
    ? lotAnswers(fills, rules, settings).or(netted)
    : netted.or(lotAnswers(fills, rules, settings));
}

function nettedAnswers(fills: readonly FiledFill[], rules: PositionRules, settings: Settings): Answers {
  const { state, steps, cycles } = foldFills(fills, rules);
  const cycle = state.current ?? state.lastClosed;
  const position = state.current?.position ?? FLAT;
  const last = steps.at(-1);
  const lastPrice = inVenueOrder(fills).at(-1)?.price;
  const realized =
    settings.realizedScope === 'cumulative' || cycle === null ? state.realized : realizedOf(cycle);
  return new Answers({
    'signedQty qty quantity netQty openQty position': () => position.quantity,
    side: () => sideOf(position.quantity),
    realized: () => realized,
    'realizedPnl realizedPnL pnl': () => realized,
    'realizedCumulative realizedTotal totalRealized': () => state.realized,
    'realizedGrossCumulative realizedGross grossRealized': () => state.realizedGross,
    'realizedOfThisFill lastTradeProfit': () => last?.realized ?? Decimal.ZERO,
    lastTradeProfitGross: () => last?.effect.realized ?? Decimal.ZERO,
    'costBasis cost': () => position.costBasis.abs(),
    closedCycle: () => (state.lastClosed === null ? null : cycleAnswers(state.lastClosed, rules)),
    closedRealized: () => state.lastClosed && realizedOf(state.lastClosed),
    openRealized: () => state.current && realizedOf(state.current),
    cycles: () => cycles.map(realizedOf),
    marks: (expected) => listAt(expected, 'marks').map((mark) => markAnswers(mark, cycle, rules)),
    unrealizedNetOfEstExitFee: () =>
      cycle && lastPrice ? unrealizedAfterExitFee(cycle, lastPrice, rules.contract) : null,
  }).or(cycle === null ? new Answers({}) : cycleAnswers(cycle, rules));
}

function cycleAnswers(cycle: PositionCycle, rules: PositionRules): Answers {
  return new Answers({
    side: () => sideOf(cycle.lastOpen.quantity),
    'avgOpen openAvg avgPx avgPrice avgEntry avgCost averageCost entryPx stakeAvgCost': () =>
      averageOpen(cycle, rules.contract),
    'avgClose closeAvg exitPx': () => averageClose(cycle, rules.contract),
    'peakQty peakQuantity': () => cycle.peakQuantity,
    realized: () => realizedOf(cycle),
    realizedReturn: () => realizedReturn(cycle, rules.contract),
    fees: (expected) =>
      isObject(expected) ? cycle.feesPaid : (cycle.feesPaid.get(UNNAMED) ?? onlyAmount(cycle.feesPaid)),
    'tsOpenedNs tsOpened openedAt': () => cycle.openedAt,
    'tsClosedNs tsClosed closedAt': () => cycle.closedAt,
    'durationNs duration': () => cycleDuration(cycle),
    'cumulativeRatio returnOnCost': () => returnOnEntryCost(cycle),
    'totalCost entryCost': () => entryCost(cycle),
  });
}

function onlyAmount(amounts: ReadonlyMap<string, Decimal>): Decimal {
  const [only, ...more] = [...amounts.values()];
  if (more.length > 0) throw new NotOffered('fees of several currencies as one number');
  return only ?? Decimal.ZERO;
}

function markAnswers(mark: Json, cycle: PositionCycle | null, rules: PositionRules): Answers {
  if (!isObject(mark) || cycle === null) throw new NotOffered('a mark without a price or a position');
  const price = decimalAt(mark.px ?? mark.price, 'marks[].px');
  return new Answers({
    'px price': () => price,
    'unrealized unrealizedPnl': () => unrealizedPnl(cycle.position, price, rules.contract),
    'total totalPnl': () => totalPnlAt(cycle, price, rules.contract),
    notional: () => notionalValue(cycle.position, price, rules.contract),
  });
}

/** Lots match first in, first out unless the case names another method: average cost has no lots of its own. */
function lotAnswers(fills: readonly FiledFill[], rules: PositionRules, settings: Settings): Answers {
  const method = settings.lotMethod ?? 'FIFO';
  const forTrips = method === 'AVERAGE' ? 'FIFO' : method;
  const book = () => foldLots(fills, method, rules.contract);
  const trips = () =>
    roundTrips(foldLots(fills, forTrips, rules.contract).steps, settings.grouping ?? 'flat-to-reduced');
  const lots = (): Answer[] => book().lots.map((lot) => openLotAnswers(lot, rules));
  const held = () => ({ quantity: openQuantity(book().lots), cost: openCost(book().lots) });
  return new Answers({
    'realized realizedPnl realizedPnL pnl realizedCumulative realizedTotal gain totalGain': () =>
      realizedOfBook(book(), rules.fees),
    'gains pnls realizedPerClose realizedByClose': () =>
      book()
        .steps.filter((step) => step.matches.length > 0)
        .map((step) => realizedGrossOf(step.matches)),
    'realizedGross realizedGrossCumulative grossRealized': () => realizedGrossOf(book().matches),
    'realizedOfThisFill realizedGrossOfThisFill': () => realizedGrossOf(book().steps.at(-1)?.matches ?? []),
    'signedQty qty quantity netQty openQty remainingQty': () => held().quantity,
    'costBasis cost openCost remainingCost totalCost': () => held().cost.abs(),
    'avgOpen openAvg avgCost averageCost': () => lotPrice(held(), rules.contract),
    'lots openLots remainingLots remaining': lots,
    'lotCount openLotCount': () => book().lots.length,
    'matches closedLots realizations disposals': () =>
      book().matches.map((match) => matchAnswers(match, rules)),
    'roundTrips trades closedTrades': () => trips().map((trip) => tripAnswers(trip, rules)),
  });
}

function openLotAnswers(lot: Lot, rules: PositionRules): Answers {
  return new Answers({
    'id fillId lot': () => lot.fillId,
    'fill open openedBy': () => lot.fillNumber,
    signedQty: () => lot.quantity,
    'qty quantity remaining remainingQty amount': () => lot.quantity.abs(),
    'px price openPx entryPx unitCost costPerUnit': () => lotPrice(lot, rules.contract),
    'cost costBasis totalCost': () => lot.cost.abs(),
    'ts openedAt tsOpened date': () => lot.openedAt,
    side: () => sideOf(lot.quantity),
    'fee fees': () => lot.fee,
  });
}

function matchAnswers(match: LotMatch, rules: PositionRules): Answers {
  return new Answers({
    'open openedBy openFill': () => match.lot.fillNumber,
    'close closedBy closeFill': () => match.fillNumber,
    'openId lotId lot': () => match.lot.fillId,
    closeId: () => match.fillId,
    'qty quantity amount': () => match.quantity.abs(),
    'openPx entryPx entryPrice buyPx': () => contractPrice(rules.contract, match.quantity, match.cost),
    'closePx exitPx exitPrice sellPx': () => contractPrice(rules.contract, match.quantity, match.proceeds),
    'cost costBasis': () => match.cost.abs(),
    proceeds: () => match.proceeds.abs(),
    'pnl realized gain gross': () => match.realized,
    'net netPnl': () => matchNet(match),
    'tsOpened openedAt': () => match.lot.openedAt,
    'tsClosed closedAt': () => match.closedAt,
    side: () => sideOf(match.quantity),
    long: () => match.quantity.isPositive(),
  });
}

function tripAnswers(trip: RoundTrip, rules: PositionRules): Answers {
  const signed = trip.side === 'LONG' ? trip.quantity : trip.quantity.negated();
  return new Answers({
    'open openedBy': () => trip.openedBy,
    'close closedBy': () => trip.closedBy,
    'pnl gain profitLoss realized': () => trip.pnl,
    'return returns': () => roundTripReturn(trip),
    long: () => trip.side === 'LONG',
    'side direction': () => trip.side,
    'qty quantity': () => trip.quantity,
    'entryPx entryPrice avgOpen openPx': () => contractPrice(rules.contract, signed, trip.cost),
    'exitPx exitPrice avgClose closePx': () => contractPrice(rules.contract, signed, trip.proceeds),
    'fees totalFees': () => trip.fees,
    'tsOpened openedAt entryTime': () => trip.openedAt,
    'tsClosed closedAt exitTime': () => trip.closedAt,
  });
}
