import { ApiProperty } from '@nestjs/swagger';
import type { ListedReturn, Returns, ReturnsAsked } from '../../drawdown/queries/get-returns.js';
import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Exact, Flag, Moment, Text } from './fields.js';
import { Reasoned, reasoned } from './reasoned.js';

/** What an account earned in a period. Money in its currency, returns in percent, + = earned. */
export class PeriodReturnBody {
  @Moment('When it begins; it belongs to the period.')
  readonly from!: string;
  @Moment('When it ends; it does not belong to it. Of a running period this is now.')
  readonly to!: string;
  @Flag('True when the period is not over.')
  readonly running!: boolean;
  @Exact(
    'Equity carried over the start: the close of the last minute before it; 0 before the account was first seen.',
  )
  readonly equity_start!: Decimal;
  @Reasoned('Equity carried over the end, or now; null when the account had not been seen by then.')
  readonly equity_end!: Decimal | null;
  @Exact('Deposits − withdrawals, each when it was booked.')
  readonly net_deposits!: Decimal;
  @Reasoned('Equity at the end − at the start − net deposits; null as `equity_end`.')
  readonly gain!: Decimal | null;
  @Reasoned(
    'Time-weighted return, percent: what a unit of money earned that was there all the time, whatever moved in or out. −100 when everything was lost in the period; null when nothing was there.',
  )
  readonly time_weighted_pct!: Decimal | null;
  @Reasoned(
    'Money-weighted return of the period, percent, not annualised: the rate, for as long as money was there, at which the start and every flow grow into the end. null when they have one sign only, or no rate is found.',
  )
  readonly money_weighted_pct!: Decimal | null;
  @Reasoned('The same for a year of 365 days (XIRR), percent; null as `money_weighted_pct`.')
  readonly xirr_pct!: Decimal | null;
}

/** What an account earned, period by period. */
export class ReturnsBody extends AccountBody {
  @Text('What the periods are.', { enum: ['day', 'week', 'month', 'year', 'all', 'custom'] })
  readonly period!: string;
  @ApiProperty({
    type: [PeriodReturnBody],
    description: 'The newest first; none before the account was first seen.',
  })
  readonly periods!: readonly PeriodReturnBody[];
}

export function returnsBody({ accountId, period }: ReturnsAsked, { periods, version, now }: Returns) {
  return {
    account_id: accountId,
    version,
    period,
    periods: periods.map(periodBody),
    timestamp: isoOf(now),
  } satisfies ReturnsBody;
}

function periodBody(found: ListedReturn) {
  return {
    from: isoOf(found.from),
    to: isoOf(found.to),
    running: found.running,
    equity_start: found.equityStart,
    net_deposits: found.netDeposits,
    ...reasoned({
      equity_end: found.equityEnd,
      gain: found.gain,
      time_weighted_pct: found.timeWeightedPct,
      money_weighted_pct: found.moneyWeightedPct,
      xirr_pct: found.xirrPct,
    }),
  } satisfies PeriodReturnBody;
}
