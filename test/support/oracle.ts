import { bookOf, type Booking, type OracleTrade } from './oracle-book.js';
import type { LogicalFact, LogicalSide, MarkFact } from './oracle-facts.js';
import { Ratio } from './oracle-ratio.js';

export interface OraclePosition {
  readonly symbol: string;
  readonly side: LogicalSide;
  readonly size: string;
  readonly entry_price: string;
  readonly current_price: string;
  readonly unrealized_pnl: string;
  readonly exposure: string;
}

/** Every amount is an exact plain text, as `?numbers=string` gives it. */
export interface OracleAnswers {
  readonly cash_balance: string;
  readonly total_equity: string;
  readonly unrealized_pnl: string;
  readonly realized_pnl_total: string;
  /** Realized PnL by local day (`2026-02-15`), by UTC day unless a zone was named. */
  readonly realizedByDay: ReadonlyMap<string, Ratio>;
  readonly positions: OraclePosition[];
  readonly num_positions: number;
  readonly long_exposure: string;
  readonly short_exposure: string;
  readonly total_exposure: string;
  readonly net_exposure: string;
  readonly exposure_by_symbol: Record<string, string>;
  readonly gross_by_symbol: Record<string, string>;
  readonly closedTrades: number;
  /** Percent; null with no closed trade. A double, good to about 15 digits. */
  readonly win_rate: number | null;
  readonly profit_factor: number | null;
  readonly best_trade_pnl: string | null;
  readonly worst_trade_pnl: string | null;
  readonly parked: number;
}

/** What a history leaves behind, however it was booked. */
export interface OracleParts {
  readonly netDeposits: Ratio;
  readonly bookings: readonly Booking[];
  readonly positions: readonly Position[];
  /** Net PnL of each closed trade. */
  readonly results: readonly Ratio[];
  readonly parked: number;
}

/**
 * What the service has to answer when these facts are all it ever saw, by the definitions alone and with no code of
 * the service: the whole history is booked anew, slowly, with exact fractions.
 */
export function answersOf(facts: readonly LogicalFact[], timeZone = 'UTC'): OracleAnswers {
  const book = bookOf(facts);
  const closed = book.trades.filter((trade) => trade.open.sign() === 0);
  const parts = {
    ...book,
    positions: positionsOf(book.trades, newestMarks(facts)),
    results: [...closed.map((trade) => trade.booked.minus(trade.openFee)), ...book.orphans.values()],
    parked: book.parked.length,
  };
  return answersFrom(parts, timeZone);
}

/** The answers that follow from what a history left behind; days are those of `timeZone`. */
export function answersFrom(parts: OracleParts, timeZone = 'UTC'): OracleAnswers {
  const { positions, bookings, netDeposits, results, parked } = parts;
  const realized = Ratio.sum(bookings.map(({ amount }) => amount));
  const wallet = netDeposits.plus(realized);
  const unrealized = Ratio.sum(positions.map((position) => position.unrealized));
  return {
    cash_balance: wallet.toString(),
    total_equity: wallet.plus(unrealized).toString(),
    unrealized_pnl: unrealized.toString(),
    realized_pnl_total: realized.toString(),
    realizedByDay: byDay(bookings, timeZone),
    positions: positions.map(shown),
    num_positions: positions.length,
    ...exposuresOf(positions),
    ...statisticsOf(results),
    parked,
  };
}

/** The sum of realized PnL of the days from `firstDay` to `lastDay`, both included. */
export function realizedBetween(answers: OracleAnswers, firstDay: string, lastDay: string): string {
  const days = [...answers.realizedByDay].filter(([day]) => firstDay <= day && day <= lastDay);
  return Ratio.sum(days.map(([, amount]) => amount)).toString();
}

/** The newest price of each symbol. */
export function newestMarks(facts: readonly { readonly kind: string }[]): Map<string, MarkFact> {
  const marks = new Map<string, MarkFact>();
  for (const fact of facts) {
    if (!isMark(fact)) continue;
    const known = marks.get(fact.symbol);
    if (known === undefined || known.at < fact.at) marks.set(fact.symbol, fact);
  }
  return marks;
}

function isMark(fact: { readonly kind: string }): fact is MarkFact {
  return fact.kind === 'mark';
}

/** What is held in one symbol on one side, valued. */
export interface Position {
  readonly symbol: string;
  readonly side: LogicalSide;
  readonly size: Ratio;
  readonly average: Ratio;
  readonly mark: Ratio;
  readonly unrealized: Ratio;
  readonly notional: Ratio;
}

function positionsOf(trades: OracleTrade[], marks: Map<string, MarkFact>): Position[] {
  const open = trades.filter((trade) => trade.open.sign() > 0);
  const keys = [...new Set(open.map(({ symbol, side }) => `${symbol} ${side}`))].sort();
  return keys.map((key) => {
    const held = open.filter(({ symbol, side }) => `${symbol} ${side}` === key);
    return positionOf(held, marks.get(held[0]!.symbol));
  });
}

function positionOf(held: OracleTrade[], marked: MarkFact | undefined): Position {
  const { symbol, side } = held[0]!;
  const size = Ratio.sum(held.map((trade) => trade.open));
  const cost = Ratio.sum(held.map((trade) => trade.open.times(entryOf(trade))));
  return valued({ symbol, side, size, cost }, marked);
}

interface Held {
  readonly symbol: string;
  readonly side: LogicalSide;
  /** > 0. */
  readonly size: Ratio;
  /** > 0 on both sides. */
  readonly cost: Ratio;
}

/** A holding at its mark; without one at what it cost. */
export function valued({ symbol, side, size, cost }: Held, marked: MarkFact | undefined): Position {
  const average = cost.dividedBy(size).rounded18();
  const mark = marked === undefined ? average : Ratio.of(marked.price);
  const notional = marked === undefined ? cost : size.times(mark);
  const gain = notional.minus(cost);
  return { symbol, side, size, average, mark, notional, unrealized: side === 'LONG' ? gain : gain.negated() };
}

function entryOf(trade: OracleTrade): Ratio {
  if (trade.entryPrice === null) throw new Error(`no entry price of ${trade.tradeId} in this history`);
  return trade.entryPrice;
}

function shown(position: Position): OraclePosition {
  return {
    symbol: position.symbol,
    side: position.side,
    size: position.size.toString(),
    entry_price: position.average.toString(),
    current_price: position.mark.toString(),
    unrealized_pnl: position.unrealized.toString(),
    exposure: position.notional.toString(),
  };
}

type Exposures = Pick<
  OracleAnswers,
  | 'long_exposure'
  | 'short_exposure'
  | 'total_exposure'
  | 'net_exposure'
  | 'exposure_by_symbol'
  | 'gross_by_symbol'
>;

function exposuresOf(positions: readonly Position[]): Exposures {
  const long = notionalOf(positions.filter(({ side }) => side === 'LONG'));
  const short = notionalOf(positions.filter(({ side }) => side === 'SHORT'));
  const symbols = [...new Set(positions.map(({ symbol }) => symbol))];
  const perSymbol = (value: (position: Position) => Ratio): Record<string, string> =>
    Object.fromEntries(
      symbols.map((symbol) => [
        symbol,
        Ratio.sum(positions.filter((position) => position.symbol === symbol).map(value)).toString(),
      ]),
    );
  return {
    long_exposure: long.toString(),
    short_exposure: short.toString(),
    total_exposure: long.plus(short).toString(),
    net_exposure: long.minus(short).toString(),
    exposure_by_symbol: perSymbol(({ side, notional }) => (side === 'LONG' ? notional : notional.negated())),
    gross_by_symbol: perSymbol(({ notional }) => notional),
  };
}

function notionalOf(positions: readonly Position[]): Ratio {
  return Ratio.sum(positions.map(({ notional }) => notional));
}

type Statistics = Pick<
  OracleAnswers,
  'closedTrades' | 'win_rate' | 'profit_factor' | 'best_trade_pnl' | 'worst_trade_pnl'
>;

function statisticsOf(results: readonly Ratio[]): Statistics {
  const ordered = [...results].sort((first, second) => first.minus(second).sign());
  const wins = results.filter((result) => result.sign() > 0);
  const lost = Ratio.sum(results.filter((result) => result.sign() < 0)).abs();
  const count = Ratio.of(String(results.length));
  return {
    closedTrades: results.length,
    win_rate: results.length === 0 ? null : (wins.length / count.toNumber()) * 100,
    profit_factor: lost.sign() === 0 ? null : Ratio.sum(wins).dividedBy(lost).toNumber(),
    best_trade_pnl: ordered.at(-1)?.toString() ?? null,
    worst_trade_pnl: ordered[0]?.toString() ?? null,
  };
}

function byDay(bookings: readonly Booking[], timeZone: string): Map<string, Ratio> {
  const days = new Map<string, Ratio>();
  for (const { at, amount } of bookings) {
    const day = localDay(at, timeZone);
    days.set(day, (days.get(day) ?? Ratio.ZERO).plus(amount));
  }
  return days;
}

/** The local day of a moment in epoch ms: `2026-02-15`. */
export function localDay(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, dateStyle: 'short' }).formatToParts(at);
  const part = (type: string): string => parts.find((one) => one.type === type)!.value.padStart(2, '0');
  return `20${part('year').slice(-2)}-${part('month')}-${part('day')}`;
}
