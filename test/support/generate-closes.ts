import type { HeldTrade, Style } from './generate.js';
import type { Random } from './generate-random.js';
import type { CloseFact, LogicalSide } from './oracle-facts.js';
import { Ratio } from './oracle-ratio.js';

export interface CloseRequest {
  readonly at: number;
  readonly exitPrice: string;
  readonly style: Style;
}

interface OrphanRequest {
  readonly symbol: string;
  readonly side: LogicalSide;
  readonly at: number;
  readonly entryPrice: string;
  readonly exitPrice: string;
}

/** More partial closes than this would make a quantity longer than 18 decimals. */
const MOST_PARTIAL_CLOSES = 3;

/** Makes the closes of a day and keeps account of what stays open, so that later closes are plausible. */
export class CloseMaker {
  constructor(private readonly random: Random) {}

  closeOf(trade: HeldTrade, open: HeldTrade[], request: CloseRequest): CloseFact {
    const unnamed = request.style === 'live' || (request.style === 'mixed' && this.random.chance(0.5));
    return unnamed ? this.unnamed(trade, open, request) : this.named(trade, request);
  }

  /** A close whose open never comes: most can be booked, some lack what that needs. */
  orphanOf(request: OrphanRequest): CloseFact {
    const form = this.random.pick(['reported', 'reported', 'computed', 'incomplete'] as const);
    return {
      kind: 'close',
      tradeId: null,
      symbol: request.symbol,
      side: request.side,
      entryPrice: request.entryPrice,
      exitPrice: form === 'incomplete' ? null : request.exitPrice,
      quantity: form === 'computed' ? this.random.decimal(0, 5, 3) : null,
      reportedPnl: form === 'computed' ? null : this.pnl(8),
      reportedPct: null,
      fee: form === 'computed' ? this.random.decimal(0, 1, 6) : null,
      at: request.at,
    };
  }

  private named(trade: HeldTrade, { at, exitPrice }: CloseRequest): CloseFact {
    const part =
      trade.closes < MOST_PARTIAL_CLOSES ? this.random.pick(['0.25', '0.5', '0.2', '1', '1']) : '1';
    const quantity = trade.open.times(Ratio.of(part));
    const overCloses = part === '1' && this.random.chance(0.1);
    const saysQuantity = part !== '1' || overCloses || this.random.chance(0.6);
    const asked = overCloses ? quantity.times(Ratio.of(this.random.pick(['1.25', '2']))) : quantity;
    this.take(trade, quantity);
    const report = this.report(trade, exitPrice, quantity, { always: overCloses, never: !saysQuantity });
    return {
      kind: 'close',
      tradeId: trade.fact.tradeId,
      symbol: trade.fact.symbol,
      side: trade.fact.side,
      entryPrice: this.random.chance(0.5) ? trade.fact.entryPrice : null,
      exitPrice,
      quantity: saysQuantity ? asked.toString() : null,
      ...report,
      fee: report.reportedPnl === null && this.random.chance(0.5) ? this.random.decimal(0, 2, 8) : null,
      at,
    };
  }

  /** What the producer says of the result: nothing, the right sum, one that is a little off, or a placeholder. */
  private report(
    trade: HeldTrade,
    exitPrice: string,
    quantity: Ratio,
    { always, never }: { always: boolean; never: boolean },
  ): Pick<CloseFact, 'reportedPnl' | 'reportedPct'> {
    const form = this.random.pick(['none', 'right', 'off', 'placeholder'] as const);
    if (never || (form === 'none' && !always)) return { reportedPnl: null, reportedPct: null };
    if (form === 'placeholder' && !always)
      return { reportedPnl: '0.0', reportedPct: this.random.decimal(0, 3, 2) };
    const right = this.gross(trade.fact.side, trade.fact.entryPrice!, exitPrice, quantity).rounded18();
    const told = form === 'off' ? right.plus(Ratio.of(this.pnl(6))) : right;
    return { reportedPnl: told.toString(), reportedPct: this.random.chance(0.5) ? '1.5' : null };
  }

  private unnamed(trade: HeldTrade, open: HeldTrade[], { at, exitPrice, style }: CloseRequest): CloseFact {
    const { symbol, side, entryPrice } = trade.fact;
    const lots = open.filter(({ fact }) => fact.symbol === symbol && fact.side === side);
    const total = Ratio.sum(lots.map((lot) => lot.open));
    const told = this.toldQuantity(style, total, { side, entry: entryPrice!, exit: exitPrice });
    this.takeOldest(lots, told.quantity);
    return {
      kind: 'close',
      tradeId: null,
      symbol,
      side,
      entryPrice,
      exitPrice,
      quantity: told.given ? told.quantity.toString() : null,
      reportedPnl: told.pnl,
      reportedPct: told.pct,
      fee: null,
      at,
    };
  }

  /** `live` producers tell a PnL from which the size follows, or a placeholder, which means everything. */
  private toldQuantity(
    style: Style,
    total: Ratio,
    { side, entry, exit }: { side: LogicalSide; entry: string; exit: string },
  ): { quantity: Ratio; given: boolean; pnl: string | null; pct: string | null } {
    const about = total.times(Ratio.of(this.random.pick(['0.3', '0.55', '0.8']))).rounded18();
    if (style === 'mixed') return { quantity: shortened(about), given: true, pnl: null, pct: null };
    const pnl = shortened(this.gross(side, entry, exit, about));
    if (this.random.chance(0.3) || pnl.sign() === 0)
      return { quantity: total, given: false, pnl: '0.0', pct: '-0.7' };
    const move = Ratio.of(exit).minus(Ratio.of(entry));
    const quantity = pnl.dividedBy(move).abs().rounded18();
    // With a tiny move the shortened PnL may stand for more than is open: say everything instead.
    if (total.isLess(quantity)) return { quantity: total, given: false, pnl: '0.0', pct: '0.4' };
    return { quantity, given: false, pnl: pnl.toString(), pct: '0.35' };
  }

  private gross(side: LogicalSide, entry: string, exit: string, quantity: Ratio): Ratio {
    const move = Ratio.of(exit).minus(Ratio.of(entry)).times(quantity);
    return side === 'LONG' ? move : move.negated();
  }

  private takeOldest(lots: HeldTrade[], quantity: Ratio): void {
    let left = quantity;
    for (const lot of [...lots].sort((first, second) => first.fact.at - second.fact.at)) {
      const taken = left.isLess(lot.open) ? left : lot.open;
      left = left.minus(taken);
      if (taken.sign() > 0) this.take(lot, taken);
    }
  }

  private take(trade: HeldTrade, quantity: Ratio): void {
    trade.open = trade.open.minus(quantity);
    trade.closes += 1;
  }

  private pnl(places: number): string {
    return (this.random.chance(0.45) ? '-' : '') + this.random.decimal(0, 60, places);
  }
}

/** To 8 decimals, as producers print amounts. */
function shortened(value: Ratio): Ratio {
  const unit = Ratio.of('10000000000');
  return value.dividedBy(unit).rounded18().times(unit);
}
