import { bookOf, type OracleBook, type OracleTrade } from './oracle-book.js';
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
  /** Realized PnL by UTC day (`2026-02-15`). */
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

/**
 * What the service has to answer when these facts are all it ever saw, by the definitions alone and with no code of
 * the service: the whole history is booked anew, slowly, with exact fractions.
 */
export function answersOf(facts: readonly LogicalFact[]): OracleAnswers {
  const book = bookOf(facts);
  const positions = positionsOf(book.trades, newestMarks(facts));
  const realized = Ratio.sum(book.bookings.map(({ amount }) => amount));
  const wallet = book.netDeposits.plus(realized);
  const unrealized = Ratio.sum(positions.map((position) => position.unrealized));
  return {
    cash_balance: wallet.toString(),
    total_equity: wallet.plus(unrealized).toString(),
    unrealized_pnl: unrealized.toString(),
    realized_pnl_total: realized.toString(),
    realizedByDay: byDay(book),
    positions: positions.map(shown),
    num_positions: positions.length,
    ...exposuresOf(positions),
    ...statisticsOf(book),
    parked: book.parked.length,
  };
}

/** The sum of realized PnL of the UTC days from `firstDay` to `lastDay`, both included. */
export function realizedBetween(answers: OracleAnswers, firstDay: string, lastDay: string): string {
  const days = [...answers.realizedByDay].filter(([day]) => firstDay <= day && day <= lastDay);
  return Ratio.sum(days.map(([, amount]) => amount)).toString();
}

function newestMarks(facts: readonly LogicalFact[]): Map<string, MarkFact> {
  const marks = new Map<string, MarkFact>();
  for (const fact of facts) {
    if (fact.kind !== 'mark') continue;
    const known = marks.get(fact.symbol);
    if (known === undefined || known.at < fact.at) marks.set(fact.symbol, fact);
  }
  return marks;
}

interface Position {
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
  const average = cost.dividedBy(size).rounded18();
  const mark = marked === undefined ? average : Ratio.of(marked.price);
  const notional = size.times(mark);
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

function exposuresOf(positions: Position[]): Exposures {
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

function notionalOf(positions: Position[]): Ratio {
  return Ratio.sum(positions.map(({ notional }) => notional));
}

type Statistics = Pick<
  OracleAnswers,
  'closedTrades' | 'win_rate' | 'profit_factor' | 'best_trade_pnl' | 'worst_trade_pnl'
>;

function statisticsOf(book: OracleBook): Statistics {
  const closed = book.trades.filter((trade) => trade.open.sign() === 0);
  const results = [...closed.map((trade) => trade.booked.minus(trade.openFee)), ...book.orphans];
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

function byDay(book: OracleBook): Map<string, Ratio> {
  const days = new Map<string, Ratio>();
  for (const { at, amount } of book.bookings) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.set(day, (days.get(day) ?? Ratio.ZERO).plus(amount));
  }
  return days;
}
