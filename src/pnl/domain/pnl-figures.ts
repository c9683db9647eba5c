import type { Decimal } from '../../shared/decimal.js';
import type { Day } from '../../shared/periods.js';
import { monthOf, weekOf } from '../../shared/periods.js';
import type { DayPnl, RealizedSums } from './realized-sums.js';
import {
  NO_DAY,
  profitFactor,
  realizedBetween,
  walletBalance,
  winRate,
  winRatePct,
} from './realized-sums.js';

export interface PnlInputs {
  readonly sums: RealizedSums;
  readonly days: ReadonlyMap<Day, DayPnl>;
  readonly bestTrade: Decimal | null;
  readonly worstTrade: Decimal | null;
}

/** All PnL figures as of a local day: nothing but the day has to change for a period to roll over. */
export function pnlFigures(inputs: PnlInputs, unrealized: Decimal, today: Day): PnlFigures {
  return new PnlFigures(inputs, unrealized, today);
}

/**
 * What an account earned, in its currency; + = earned. Periods are calendar periods of the service's time zone. Each figure is worked out
 * when somebody asks: a snapshot shows a few of them, and is made for every change. Of an account that is being changed they are to be asked for
 * before it changes further.
 */
export class PnlFigures {
  constructor(
    private readonly inputs: PnlInputs,
    readonly unrealized: Decimal,
    private readonly today: Day,
  ) {}

  get walletBalance(): Decimal {
    return walletBalance(this.inputs.sums);
  }

  get realizedToday(): Decimal {
    return this.day.realized;
  }

  get realizedWeek(): Decimal {
    return realizedBetween(this.inputs.days, weekOf(this.today), this.today);
  }

  get realizedMonth(): Decimal {
    return realizedBetween(this.inputs.days, monthOf(this.today), this.today);
  }

  get realizedTotal(): Decimal {
    return this.inputs.sums.realized;
  }

  /** Realized total + unrealized. */
  get total(): Decimal {
    return this.realizedTotal.plus(this.unrealized);
  }

  /** Realized today + unrealized; `weekly` and `monthly` likewise. */
  get daily(): Decimal {
    return this.realizedToday.plus(this.unrealized);
  }

  get weekly(): Decimal {
    return this.realizedWeek.plus(this.unrealized);
  }

  get monthly(): Decimal {
    return this.realizedMonth.plus(this.unrealized);
  }

  get bestTrade(): Decimal | null {
    return this.inputs.bestTrade;
  }

  get worstTrade(): Decimal | null {
    return this.inputs.worstTrade;
  }

  /** Percent; null with no closed trade. */
  get winRatePct(): Decimal | null {
    return winRatePct(this.inputs.sums);
  }

  /** Fraction, of trades closed today; null with none. */
  get winRateToday(): Decimal | null {
    return winRate(this.day);
  }

  /** null with no losing trade. */
  get profitFactor(): Decimal | null {
    return profitFactor(this.inputs.sums);
  }

  get closedTrades(): number {
    return this.inputs.sums.closedTrades;
  }

  private get day(): DayPnl {
    return this.inputs.days.get(this.today) ?? NO_DAY;
  }
}
