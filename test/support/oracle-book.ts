import type { CloseFact, FlowFact, LogicalFact, LogicalSide, OpenFact } from './oracle-facts.js';
import { Ratio } from './oracle-ratio.js';

export interface OracleTrade {
  readonly tradeId: string;
  readonly symbol: string;
  readonly side: LogicalSide;
  readonly entryPrice: Ratio | null;
  readonly quantity: Ratio;
  readonly openFee: Ratio;
  readonly at: number;
  open: Ratio;
  /** What its closes booked, the opening fee that a reported PnL contains given back. */
  booked: Ratio;
}

export interface Booking {
  readonly at: number;
  readonly amount: Ratio;
}

export interface OracleBook {
  readonly trades: OracleTrade[];
  /** Realized PnL, part by part, each at the time it counts. */
  readonly bookings: Booking[];
  /** Net PnL of closes that found no trade and were complete in themselves: by the trade they name, else each by itself. */
  readonly orphans: Map<string | CloseFact, Ratio>;
  readonly parked: CloseFact[];
  readonly netDeposits: Ratio;
}

/** Books a whole history at once, in the order of the events' own times. The order of `facts` does not matter. */
export function bookOf(facts: readonly LogicalFact[]): OracleBook {
  const opens = facts.filter((fact): fact is OpenFact => fact.kind === 'open').sort(byTime);
  const closes = facts.filter((fact): fact is CloseFact => fact.kind === 'close').sort(byTime);
  const flows = facts.filter((fact): fact is FlowFact => fact.kind === 'flow');
  const book: OracleBook = {
    trades: tradesOf(opens, closes),
    bookings: flows.flatMap(performanceOf),
    orphans: new Map(),
    parked: [],
    netDeposits: Ratio.sum(flows.map(depositOf)),
  };
  for (const trade of book.trades) bookAmount(book, trade.at, trade.openFee.negated());
  for (const close of closes) bookClose(book, close);
  return book;
}

function byTime(first: { at: number }, second: { at: number }): number {
  return first.at - second.at;
}

function bookAmount(book: OracleBook, at: number, amount: Ratio): void {
  if (amount.sign() !== 0) book.bookings.push({ at, amount });
}

/** Several opens of one trade are one trade: the later ones bring only what the first ones did not know. */
function tradesOf(opens: OpenFact[], closes: CloseFact[]): OracleTrade[] {
  const byId = new Map<string, OpenFact[]>();
  for (const open of opens) byId.set(open.tradeId, [...(byId.get(open.tradeId) ?? []), open]);
  return [...byId.values()].map((parts) => {
    const first = parts[0]!;
    const ownCloses = closes.filter((close) => close.tradeId === first.tradeId);
    const prices = [...parts, ...ownCloses].map((part) => part.entryPrice);
    const price = prices.find((text) => text !== null) ?? null;
    const fee = parts.map((part) => part.fee).find((text) => text !== null) ?? '0';
    const quantity = Ratio.of(first.quantity);
    return {
      tradeId: first.tradeId,
      symbol: first.symbol,
      side: first.side,
      entryPrice: price === null ? null : Ratio.of(price),
      quantity,
      openFee: Ratio.of(fee),
      at: first.at,
      open: quantity,
      booked: Ratio.ZERO,
    };
  });
}

function depositOf({ type, amount }: FlowFact): Ratio {
  if (type === 'DEPOSIT') return Ratio.of(amount);
  return type === 'WITHDRAWAL' ? Ratio.of(amount).negated() : Ratio.ZERO;
}

function performanceOf({ type, amount, at }: FlowFact): Booking[] {
  if (type === 'FEE') return [{ at, amount: Ratio.of(amount).negated() }];
  return type === 'FUNDING' ? [{ at, amount: Ratio.of(amount) }] : [];
}

function bookClose(book: OracleBook, close: CloseFact): void {
  const targets = targetsOf(book.trades, close);
  if (targets.length === 0) return bookOrphan(book, close);
  const open = Ratio.sum(targets.map((trade) => trade.open));
  const asked = quantityOf(close) ?? open;
  const taken = asked.isLess(open) ? asked : open;
  // A surplus is not booked: the reported PnL counts in the share that was open.
  const shareOf = (amount: Ratio) =>
    open.isLess(asked) ? amount.times(open).dividedBy(asked).rounded18() : amount;
  const [told, fee] = [reportedOf(close), shareOf(Ratio.of(close.fee ?? '0'))];
  const reported = told && shareOf(told);
  bookParts(book, close, partsOf(targets, taken), { reported, fee });
}

function targetsOf(trades: OracleTrade[], close: CloseFact): OracleTrade[] {
  if (close.tradeId !== null) return trades.filter((trade) => trade.tradeId === close.tradeId);
  return trades
    .filter((trade) => trade.symbol === close.symbol && trade.side === close.side)
    .filter((trade) => trade.at <= close.at && trade.open.sign() > 0)
    .sort(byTime);
}

interface Part {
  readonly trade: OracleTrade;
  readonly quantity: Ratio;
}

function partsOf(targets: OracleTrade[], quantity: Ratio): Part[] {
  let left = quantity;
  return targets.flatMap((trade) => {
    const taken = left.isLess(trade.open) ? left : trade.open;
    left = left.minus(taken);
    return taken.sign() > 0 ? [{ trade, quantity: taken }] : [];
  });
}

/** Splits what the close reports over its parts by quantity; the last part takes what is left, so nothing is lost. */
function bookParts(
  book: OracleBook,
  close: CloseFact,
  parts: Part[],
  of: { reported: Ratio | null; fee: Ratio },
): void {
  const whole = Ratio.sum(parts.map((part) => part.quantity));
  let [reportedLeft, feeLeft] = [of.reported, of.fee];
  parts.forEach(({ trade, quantity }, index) => {
    const isLast = index === parts.length - 1;
    const shareOf = (amount: Ratio) => amount.times(quantity).dividedBy(whole).rounded18();
    const reported = isLast ? reportedLeft : of.reported && shareOf(of.reported);
    const fee = isLast ? feeLeft : shareOf(of.fee);
    reportedLeft = reportedLeft === null || reported === null ? null : reportedLeft.minus(reported);
    feeLeft = feeLeft.minus(fee);
    const amount =
      reported?.plus(openFeeShare(trade, quantity)) ?? computedPnl(trade, close, quantity).minus(fee);
    trade.open = trade.open.minus(quantity);
    trade.booked = trade.booked.plus(amount);
    bookAmount(book, close.at, amount);
  });
}

/** A reported PnL contains the opening fee, which was booked when the trade opened: it is given back here. */
function openFeeShare(trade: OracleTrade, quantity: Ratio): Ratio {
  return trade.openFee.times(quantity).dividedBy(trade.quantity).rounded18();
}

function computedPnl(trade: OracleTrade, close: CloseFact, quantity: Ratio): Ratio {
  if (close.exitPrice === null || trade.entryPrice === null) throw new Error('the history lacks a price');
  return grossPnl(trade.side, trade.entryPrice, Ratio.of(close.exitPrice), quantity);
}

function grossPnl(side: LogicalSide, entry: Ratio, exit: Ratio, quantity: Ratio): Ratio {
  return (side === 'LONG' ? exit.minus(entry) : entry.minus(exit)).times(quantity);
}

function bookOrphan(book: OracleBook, close: CloseFact): void {
  const reported = reportedOf(close);
  const quantity = quantityOf(close);
  const complete =
    close.exitPrice !== null && (reported !== null || (close.entryPrice !== null && quantity !== null));
  if (!complete) return void book.parked.push(close);
  const computed = (): Ratio =>
    grossPnl(close.side, Ratio.of(close.entryPrice!), Ratio.of(close.exitPrice!), quantity!).minus(
      Ratio.of(close.fee ?? '0'),
    );
  const amount = reported ?? computed();
  const name = close.tradeId ?? close;
  book.orphans.set(name, (book.orphans.get(name) ?? Ratio.ZERO).plus(amount));
  bookAmount(book, close.at, amount);
}

/** As given; else from the reported PnL and the two prices; null = all that is open. */
function quantityOf(close: CloseFact): Ratio | null {
  if (close.quantity !== null) return Ratio.of(close.quantity);
  if (close.reportedPnl === null || close.entryPrice === null || close.exitPrice === null) return null;
  const move = Ratio.of(close.exitPrice).minus(Ratio.of(close.entryPrice));
  const pnl = Ratio.of(close.reportedPnl);
  if (move.sign() === 0 || pnl.sign() === 0) return null;
  return pnl.dividedBy(move).abs().rounded18();
}

/** null = unknown: not said, or a placeholder 0 next to a percent that is not 0. */
function reportedOf(close: CloseFact): Ratio | null {
  if (close.reportedPnl === null) return null;
  const pnl = Ratio.of(close.reportedPnl);
  const pct = Ratio.of(close.reportedPct ?? '0');
  return pnl.sign() === 0 && pct.sign() !== 0 ? null : pnl;
}
