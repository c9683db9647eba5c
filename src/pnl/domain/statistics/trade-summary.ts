import { Decimal } from '../../../shared/decimal.js';
import { RATIO_PLACES } from './closed-trade.js';
import { squareRoot } from './deviation.js';
import type { Statistic, UndefinedReason } from './statistic.js';
import { known, unknown } from './statistic.js';
import type { Streaks } from './streaks.js';

/** Exact sums over closed trades, from which every trade statistic follows. Money in the account's currency, net. */
export interface TradeTotals {
  /** Trades whose PnL is known; the sums are over these. */
  readonly closed: number;
  readonly wins: number;
  readonly losses: number;
  readonly pnl: Decimal;
  /** Σ PnL². */
  readonly squares: Decimal;
  /** Σ of the gains, ≥ 0, and of the losses, ≤ 0. */
  readonly grossProfit: Decimal;
  readonly grossLoss: Decimal;
  /** null with no trade. */
  readonly best: Decimal | null;
  readonly worst: Decimal | null;
  readonly streaks: Streaks;
  /** Trades whose opening is known, their holding times summed, and of those the middle two (an odd number’s middle one twice); any unit. */
  readonly timed: number;
  readonly held: Decimal;
  readonly middle: Decimal | null;
  /** Trades that saw a mark while open, and their excursions summed. */
  readonly seen: number;
  readonly mae: Decimal;
  readonly mfe: Decimal;
}

/** Statistics over closed trades. Rounded once, half-even at 18 places; every undefined one is null for a reason. */
export interface TradeSummary {
  /** Trades with net PnL > 0 ÷ all, percent. */
  readonly winRatePct: Statistic<Decimal>;
  readonly profitFactor: Statistic<Decimal>;
  /** Mean PnL. */
  readonly expectancy: Statistic<Decimal>;
  readonly averageWin: Statistic<Decimal>;
  /** < 0. */
  readonly averageLoss: Statistic<Decimal>;
  /** Average win ÷ |average loss|. */
  readonly payoff: Statistic<Decimal>;
  /** √n × mean ÷ sample deviation of PnL (Van Tharp). */
  readonly sqn: Statistic<Decimal>;
  readonly best: Statistic<Decimal>;
  readonly worst: Statistic<Decimal>;
  readonly averageHeld: Statistic<Decimal>;
  readonly medianHeld: Statistic<Decimal>;
  readonly averageMae: Statistic<Decimal>;
  readonly averageMfe: Statistic<Decimal>;
}

export function summaryOf(totals: TradeTotals): TradeSummary {
  const { closed, wins, losses, best, worst } = totals;
  const [won, lost] = [Decimal.integer(wins), Decimal.integer(losses)];
  const lossSize = totals.grossLoss.abs();
  return {
    winRatePct: ratio(won.times(Decimal.HUNDRED), Decimal.integer(closed), 'no_trades'),
    profitFactor: ratio(totals.grossProfit, lossSize, closed === 0 ? 'no_trades' : 'no_losses'),
    expectancy: meanOf(totals.pnl, closed, 'no_trades'),
    averageWin: meanOf(totals.grossProfit, wins, 'no_wins'),
    averageLoss: meanOf(totals.grossLoss, losses, 'no_losses'),
    payoff:
      wins === 0 && losses > 0
        ? unknown('no_wins')
        : ratio(totals.grossProfit.times(lost), lossSize.times(won), 'no_losses'),
    sqn: qualityOf(totals),
    best: best ? known(best) : unknown('no_trades'),
    worst: worst ? known(worst) : unknown('no_trades'),
    averageHeld: meanOf(totals.held, totals.timed, whyNone(closed, 'no_times')),
    medianHeld: totals.middle
      ? known(totals.middle.dividedBy(Decimal.integer(2)))
      : unknown(whyNone(closed, 'no_times')),
    averageMae: meanOf(totals.mae, totals.seen, whyNone(closed, 'no_marks')),
    averageMfe: meanOf(totals.mfe, totals.seen, whyNone(closed, 'no_marks')),
  };
}

const whyNone = (closed: number, otherwise: UndefinedReason) => (closed === 0 ? 'no_trades' : otherwise);

function ratio(part: Decimal, whole: Decimal, whenNone: UndefinedReason): Statistic<Decimal> {
  return whole.isZero() ? unknown(whenNone) : known(part.dividedBy(whole));
}

function meanOf(sum: Decimal, count: number, whenNone: UndefinedReason): Statistic<Decimal> {
  return ratio(sum, Decimal.integer(count), whenNone);
}

/** From exact sums: (n Σx² − (Σx)²) ÷ (n (n − 1)) is the sample variance without any cancellation. */
function qualityOf({ closed, pnl, squares }: TradeTotals): Statistic<Decimal> {
  if (closed < 2) return unknown(closed === 0 ? 'no_trades' : 'too_few');
  const n = Decimal.integer(closed);
  const spread = n.times(squares).minus(pnl.times(pnl));
  const variance = spread.dividedBy(n.times(Decimal.integer(closed - 1)), 2 * RATIO_PLACES);
  if (variance.isZero()) return unknown('no_variation');
  // √n × mean ÷ deviation, with one root: of n × mean² ÷ variance, and the sign of the mean.
  const square = pnl.times(pnl).dividedBy(n.times(variance), 2 * RATIO_PLACES);
  const quality = squareRoot(square).rounded();
  return known(pnl.isNegative() ? quality.negated() : quality);
}
