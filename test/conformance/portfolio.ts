import { closingProfit, conversionRate } from '../../src/exposure/domain/fx-rate.js';
import { cashAfterFills } from '../../src/exposure/domain/margin-cash.js';
import {
  type Holding,
  equityBySettlement,
  exposureBySymbol,
  marginBySymbol,
  markValueBySettlement,
  netExposureBySettlement,
  netQuantities,
  realizedBySettlement,
  totalBySettlement,
  unrealizedBySettlement,
} from '../../src/exposure/domain/margin-portfolio.js';
import { type Quote, markOf } from '../../src/exposure/domain/margin-quotes.js';
import {
  HOUSE_RULES,
  NEVER_TRADED,
  type PositionState,
  foldFills,
  realizedOf,
} from '../../src/positions/domain/net-position-history.js';
import { FLAT, averagePrice, notionalValue, unrealizedPnl } from '../../src/positions/domain/net-position.js';
import { Decimal } from '../../src/shared/decimal.js';
import { type Answer, Answers } from './answers.js';
import { type FiledFill, UNNAMED, fillsOf, instrumentOf, textOrNull } from './fills.js';
import { type ConformanceCase, type Json, type JsonObject, NotOffered, isObject, textOf } from './outcome.js';
import type { Settings } from './settings.js';
import { decimalAt, exactNumber, listAt } from './values.js';

type Folded = ReturnType<typeof foldFills> & {
  readonly holding: Holding;
  readonly fills: readonly FiledFill[];
};

/** Answers about an account: its fills by position, valued at the case's quotes. */
export function portfolioAnswers(test: ConformanceCase, settings: Settings): Answers {
  const account = isObject(test.account) ? test.account : {};
  if (settings.lotMethod !== undefined && settings.lotMethod !== 'AVERAGE')
    throw new NotOffered('a portfolio by lots');
  const fills = fillsOf(test.fills as Json, instrumentOf(test.instrument));
  const quotes = quotesOf(test.quotes as Json | undefined);
  const seeded = isObject(test.startingPosition) ? test.startingPosition : null;
  const folded = byPosition(fills).map((group) => foldGroup(group, quotes.bySymbol, seeded, settings));
  const holdings = folded.map((group) => group.holding);
  return amounts(holdings, account, fills, settings)
    .or(new Answers({ cycles: () => folded.flatMap((group) => group.cycles.map(realizedOf)) }))
    .or(inAccountCurrency(folded, quotes.rates, account, test.note ?? ''));
}

function amounts(
  holdings: Holding[],
  account: JsonObject,
  fills: readonly FiledFill[],
  settings: Settings,
): Answers {
  const margin = (rate: Decimal | undefined) => {
    if (rate === undefined && holdings.some((held) => !held.position.quantity.isZero())) {
      throw new NotOffered('a margin without its rate');
    }
    return rate === undefined ? new Map() : marginBySymbol(holdings, rate, settings.marginBasis ?? 'entry');
  };
  const cash = () =>
    cashAfterFills(
      balancesOf(account),
      fills.map((fill) => ({ ...fill, ...instrumentFor(fill) })),
    );
  return new Answers({
    'netExposure netExposures': () => netExposureBySettlement(holdings),
    'exposureBySymbol signedExposure': () => exposureBySymbol(holdings),
    'unrealized unrealizedPnl': () => unrealizedBySettlement(holdings),
    'realized realizedPnl': () => realizedBySettlement(holdings),
    'total totalPnl': () => totalBySettlement(holdings),
    'maintMargin maintenanceMargin': () => margin(settings.maintRate),
    'initMargin initialMargin': () => margin(settings.initRate),
    'netPosition netPositions': () => netQuantities(holdings),
    'markValue markValues': () => markValueBySettlement(holdings),
    equity: () =>
      equityBySettlement(balancesOf(account), holdings, account.type === 'CASH' ? 'CASH' : 'MARGIN'),
    cash,
  });
}

/** Answers for one position whose money is shown in the account's currency. */
function inAccountCurrency(
  folded: readonly Folded[],
  rates: Map<string, Decimal>,
  account: JsonObject,
  note: string,
): Answers {
  const only = (): Folded => {
    const [first, ...more] = folded;
    if (!first || more.length > 0) throw new NotOffered('one figure for several positions');
    return first;
  };
  const rate = (currency: string): Decimal => {
    const found = conversionRate(rates, currency, textOrNull(account.base) ?? currency);
    if (found === null) throw new NotOffered(`a rate from ${currency}`);
    return found;
  };
  const shown = (amount: (group: Folded) => Decimal | null) => (): Answer => {
    const value = amount(only());
    return value === null ? null : value.times(rate(only().holding.settlement));
  };
  const mark = (group: Folded): Decimal => {
    const { mark: known, position } = group.holding;
    if (known === null && !position.quantity.isZero()) throw new NotOffered('a position without a quote');
    return known ?? Decimal.ZERO;
  };
  return new Answers({
    avgOpen: () => averagePrice(only().holding.position, only().holding.contract),
    feesAccountCcy: () => {
      const [paid, ...more] = only().steps.flatMap((step) => [
        ...((step.closedCycle ?? step.state.current)?.feesPaid ?? []),
      ]);
      if (!paid || more.length > 0) throw new NotOffered('fees of several fills as one figure');
      return paid[1].times(rate(paid[0]));
    },
    lastTradeProfitGrossAccountCcy: shown((group) => group.steps.at(-1)?.effect.realized ?? null),
    netProfitAccountCcy: shown((group) => group.state.realized),
    unrealizedAccountCcy: shown((group) =>
      unrealizedPnl(group.holding.position, mark(group), group.holding.contract),
    ),
    holdingsCostAccountCcy: shown((group) => group.holding.position.costBasis.abs()),
    holdingsValueAccountCcy: shown((group) =>
      notionalValue(group.holding.position, mark(group), group.holding.contract),
    ),
    closeProfitAccountCcy: () => {
      const group = only();
      const unrealized = unrealizedPnl(group.holding.position, mark(group), group.holding.contract);
      return closingProfit(unrealized, rate(group.holding.settlement), exitFeeIn(note));
    },
  });
}

/** Some cases state the fee of closing only in words. */
function exitFeeIn(note: string): Decimal {
  const fee = exactNumber(/exit fee (\d+(?:\.\d+)?)/i.exec(note)?.[1]);
  if (fee === null) throw new NotOffered('a closing profit without its exit fee');
  return fee;
}

function foldGroup(
  fills: FiledFill[],
  quotes: Map<string, Quote>,
  seeded: JsonObject | null,
  settings: Settings,
): Folded {
  const first = fills[0]!;
  const { contract, settlement } = instrumentFor(first);
  const rules = { contract, fees: settings.fees ?? HOUSE_RULES.fees };
  const folded = foldFills(fills, rules, seededState(seeded));
  const position = folded.state.current?.position ?? FLAT;
  const quote = quotes.get(first.symbol ?? '');
  const rule = settings.mark ?? (quote?.last ? 'last' : 'closing-side');
  const mark = quote ? markOf(quote, position.quantity, rule) : null;
  const holding = {
    symbol: first.symbol ?? '',
    settlement,
    contract,
    position,
    realized: folded.state.realized,
    mark,
  };
  return { ...folded, holding, fills };
}

/** A position that the account begins with came to it by a fill without a fee. */
function seededState(seeded: JsonObject | null): PositionState {
  if (seeded === null || seeded.avgOpen === null || seeded.avgOpen === undefined) return NEVER_TRADED;
  const quantity = decimalAt(seeded.qty, 'startingPosition.qty');
  const price = decimalAt(seeded.avgOpen, 'startingPosition.avgOpen');
  return foldFills([{ id: null, occurredAt: null, fee: null, quantity, price }]).state;
}

/** A symbol settles in the quote of its name ("AUD/USD"), or in the currency of its fees. */
function instrumentFor(fill: FiledFill): { contract: Holding['contract']; settlement: string } {
  const named = fill.symbol?.split('/')[1] ?? fill.feeCurrency ?? UNNAMED;
  return { contract: HOUSE_RULES.contract, settlement: named };
}

function byPosition(fills: readonly FiledFill[]): FiledFill[][] {
  const groups = new Map<string, FiledFill[]>();
  for (const fill of fills) {
    const key = `${fill.symbol} ${fill.position}`;
    groups.set(key, [...(groups.get(key) ?? []), fill]);
  }
  return [...groups.values()];
}

function balancesOf(account: JsonObject): Map<string, Decimal> {
  const balances = isObject(account.balances) ? account.balances : {};
  return new Map(
    Object.entries(balances).map(([currency, amount]) => [currency, decimalAt(amount, 'account.balances')]),
  );
}

function quotesOf(value: Json | undefined): { bySymbol: Map<string, Quote>; rates: Map<string, Decimal> } {
  const bySymbol = new Map<string, Quote>();
  const rates = new Map<string, Decimal>();
  for (const quote of value === undefined ? [] : listAt(value, 'quotes')) {
    if (!isObject(quote)) throw new NotOffered('a quote that is not an object');
    if (quote.fx !== undefined) rates.set(textOf(quote.fx), decimalAt(quote.rate, 'quotes[].rate'));
    else {
      const last = exactNumber(quote.last ?? quote.mark ?? quote.px);
      bySymbol.set(textOf(quote.symbol), { bid: exactNumber(quote.bid), ask: exactNumber(quote.ask), last });
    }
  }
  return { bySymbol, rates };
}
