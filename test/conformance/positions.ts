import {
  costOfMatches,
  foldLots,
  lastCycleOf,
  lotCostUnder,
  openCost,
  openCostUnder,
  openQuantity,
  proceedsOfMatches,
  realizedGrossOf,
  realizedOfBook,
  totalOfBook,
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
import {
  FLAT,
  type NetPosition,
  notionalValue,
  sideOf,
  unrealizedPnl,
} from '../../src/positions/domain/net-position.js';
import { inVenueOrder } from '../../src/positions/domain/net-position-order.js';
import {
  type RoundTrip,
  roundTripDuration,
  roundTripNet,
  roundTripReturn,
  roundTrips,
  withWholeFees,
} from '../../src/positions/domain/round-trips.js';
import { Decimal } from '../../src/shared/decimal.js';
import { Answers } from './answers.js';
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
    (settings.realizedScope ?? 'cumulative') === 'cumulative' || cycle === null
      ? state.realized
      : realizedOf(cycle);
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
  if (cycle === null) throw new NotOffered('a mark without a position');
  return valuedAnswers(mark, cycle.position, rules, (price) => totalPnlAt(cycle, price, rules.contract));
}

function valuedAnswers(
  mark: Json,
  held: NetPosition,
  rules: PositionRules,
  total: (price: Decimal) => Decimal,
): Answers {
  if (!isObject(mark)) throw new NotOffered('a mark without a price');
  const price = decimalAt(mark.px ?? mark.price, 'marks[].px');
  return new Answers({
    'px price': () => price,
    'unrealized unrealizedPnl': () => unrealizedPnl(held, price, rules.contract),
    'total totalPnl': () => total(price),
    notional: () => notionalValue(held, price, rules.contract),
  });
}

/** Lots match first in, first out unless the case names another method: average cost has no lots of its own. */
function lotAnswers(fills: readonly FiledFill[], rules: PositionRules, settings: Settings): Answers {
  const method = settings.lotMethod ?? 'FIFO';
  const book = foldLots(fills, method, rules.contract);
  const scoped = settings.realizedScope === 'cycle' ? lastCycleOf(book) : book;
  const realized = realizedOfBook(scoped, rules.fees);
  const cost = openCostUnder(book.lots, rules.fees);
  const held = { quantity: openQuantity(book.lots), cost: openCost(book.lots) };
  const position = { quantity: held.quantity, costBasis: held.cost };
  const closing = book.steps.filter((step) => step.matches.length > 0);
  return new Answers({
    'realized realizedPnl realizedPnL pnl gain totalGain': () => realized,
    'realizedCumulative realizedTotal totalRealized': () => realizedOfBook(book, rules.fees),
    'realizedGross realizedGrossCumulative grossRealized': () => realizedGrossOf(book.matches),
    'gains pnls realizedPerClose realizedByClose': () => closing.map((step) => realizedGrossOf(step.matches)),
    'realizedOfThisFill realizedGrossOfThisFill lastTradeProfitGross': () =>
      realizedGrossOf(book.steps.at(-1)?.matches ?? []),
    'costOfSold costOfSale costBasisSold soldCost cogs': () => costOfMatches(book.matches).abs(),
    'proceeds totalProceeds': () => proceedsOfMatches(book.matches).abs(),
    'signedQty qty quantity netQty openQty remainingQty': () => held.quantity,
    'costBasis cost openCost remainingCost totalCost remainingCostBasis': () => cost.abs(),
    'avgOpen openAvg avgPx': () => lotPrice(held, rules.contract),
    'avgCost averageCost': () => lotPrice({ ...held, cost }, rules.contract),
    'lots openLots remainingLots remaining': () => book.lots.map((lot) => openLotAnswers(lot, rules)),
    'lotCount openLotCount': () => book.lots.length,
    'matches closedLots realizations disposals': () =>
      book.matches.map((match) => matchAnswers(match, rules)),
    'roundTrips trades closedTrades': () => tripsOf(fills, rules, settings),
    marks: (expected) =>
      listAt(expected, 'marks').map((mark) =>
        valuedAnswers(mark, position, rules, (price) => totalOfBook(scoped, price, rules)),
      ),
  });
}

/** Round trips match lots, so that average cost gives way to first in, first out. */
function tripsOf(fills: readonly FiledFill[], rules: PositionRules, settings: Settings): Answers[] {
  const method =
    settings.lotMethod === undefined || settings.lotMethod === 'AVERAGE' ? 'FIFO' : settings.lotMethod;
  const grouping = settings.grouping ?? 'flat-to-reduced';
  const shared = roundTrips(foldLots(fills, method, rules.contract).steps, grouping);
  const fees = inVenueOrder(fills).map((fill) => fill.fee?.amount ?? Decimal.ZERO);
  const trips = settings.feeShare === 'first' ? withWholeFees(shared, fees, grouping) : shared;
  return trips.map((trip) => tripAnswers(trip, rules));
}

function openLotAnswers(lot: Lot, rules: PositionRules): Answers {
  return new Answers({
    'id fillId lot': () => lot.fillId,
    'fill open openedBy': () => lot.fillNumber,
    signedQty: () => lot.quantity,
    'qty quantity remaining remainingQty amount': () => lot.quantity.abs(),
    'px price openPx entryPx': () => lotPrice(lot, rules.contract),
    'unitCost costPerUnit': () =>
      lotPrice({ ...lot, cost: lotCostUnder(lot, rules.fees) }, rules.contract),
    'cost costBasis totalCost': () => lotCostUnder(lot, rules.fees).abs(),
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
    'netPnl net': () => roundTripNet(trip),
    'duration durationNs': () => roundTripDuration(trip),
    'side direction': () => trip.side,
    'qty quantity': () => trip.quantity,
    'entryPx entryPrice avgOpen openPx': () => contractPrice(rules.contract, signed, trip.cost),
    'exitPx exitPrice avgClose closePx': () => contractPrice(rules.contract, signed, trip.proceeds),
    'fees totalFees': () => trip.fees,
    'tsOpened openedAt entryTime': () => trip.openedAt,
    'tsClosed closedAt exitTime': () => trip.closedAt,
  });
}
