import { ApiProperty } from '@nestjs/swagger';
import { AccountBody } from '../../portfolio/bodies/account.body.js';
import {
  Count,
  CountOrNull,
  Exact,
  ExactByName,
  ExactOrNull,
  Flag,
  MomentOrNull,
  Text,
  TextOrNull,
} from '../../portfolio/bodies/fields.js';
import type { Decimal } from '../../shared/decimal.js';
import { LIMIT_STATES } from '../domain/assessment.js';
import { LIMITS, UNITS } from '../domain/limit.js';
import { LIMIT_SOURCES } from '../domain/told-limit.js';

const SOURCES = { enum: [...LIMIT_SOURCES] };

/** What one source says of a limit. */
export class ToldLimitBody {
  @Text('Who tells it.', SOURCES)
  readonly source!: string;
  @Text('Where it is kept.', { example: 'ess.max_daily_loss_pct' })
  readonly key!: string;
  @TextOrNull('As it was told, word for word; null = it could not be read.', { example: '0.05' })
  readonly raw!: string | null;
  @Text('The unit it was told in.', { enum: [...UNITS, 'fraction', 'money_or_fraction'] })
  readonly raw_unit!: string;
  @ExactOrNull('The same in the unit of the limit; null = unknown.', '5')
  readonly value!: Decimal | null;
  @TextOrNull('Why the value is unknown.')
  readonly reason!: string | null;
  @CountOrNull('Seconds since it was told; null = a setting, which does not age, or never told.')
  readonly age_sec!: number | null;
}

/** One limit, and how far it is used. */
export class LimitBody {
  @Text('What is limited.', { enum: [...LIMITS] })
  readonly limit!: string;
  @TextOrNull('The symbol it is about; null = the account, or any symbol while none is held.')
  readonly symbol!: string | null;
  @Text('As it is now, without hysteresis.', { enum: [...LIMIT_STATES] })
  readonly state!: string;
  @TextOrNull('Why the state is unknown; else null.')
  readonly reason!: string | null;
  @Text('The unit of value, used and distance.', { enum: [...UNITS] })
  readonly unit!: string;
  @ExactOrNull('The strictest value that is told; null = unknown.', '5')
  readonly value!: Decimal | null;
  @TextOrNull('Who told it; null = nobody.', SOURCES)
  readonly source!: string | null;
  @TextOrNull('The value as its source told it.', { example: '0.05' })
  readonly raw!: string | null;
  @TextOrNull('The unit it was told in.')
  readonly raw_unit!: string | null;
  @CountOrNull('Seconds since it was told; null = a setting, or nobody told it.')
  readonly age_sec!: number | null;
  @ExactOrNull('How much is used; null = unknown.', '1.25')
  readonly used!: Decimal | null;
  @TextOrNull('Why `used` is unknown, or, beside a number, why it is at least that much.')
  readonly used_reason!: string | null;
  @ExactOrNull('Used ÷ value × 100; null when unknown, or when the limit is 0.', '25')
  readonly used_pct!: Decimal | null;
  @ExactOrNull('Value − used; negative = beyond the limit; null when unknown.', '3.75')
  readonly distance!: Decimal | null;
  @ExactOrNull('100 − used_pct.', '75')
  readonly distance_pct!: Decimal | null;
  @ExactOrNull(
    'Money until the limit is reached; negative = beyond it; null when unknown or not a matter of money.',
  )
  readonly distance_money!: Decimal | null;
  @TextOrNull('What was announced of it and is not over: by portfolio.limit_approaching or _breached.', {
    enum: ['approaching', 'breached'],
  })
  readonly announced!: string | null;
  @MomentOrNull('When that was announced.')
  readonly announced_at!: string | null;
  @ApiProperty({
    type: [ToldLimitBody],
    description: 'All that was told of it; the strictest usable one counts.',
  })
  readonly told!: readonly ToldLimitBody[];
}

/** A system outside of this service that tells limits. */
export class LimitSourceBody {
  @Text('Its name.', SOURCES)
  readonly source!: string;
  @Flag('Whether this service is to read it.')
  readonly configured!: boolean;
  @Text('`known`: it was read and is not too old; else `unknown`.', { enum: ['known', 'unknown'] })
  readonly status!: string;
  @TextOrNull('Why it is unknown, or why the last asking failed, in whole or in part.', {
    example: 'http_404',
  })
  readonly reason!: string | null;
  @CountOrNull('Seconds since its last good answer; null = none yet.')
  readonly age_sec!: number | null;
  @MomentOrNull('When it was last asked.')
  readonly asked_at!: string | null;
  @TextOrNull('The version of the policy; null = not told.')
  readonly version!: string | null;
  @TextOrNull('The mode in force; null = not told.')
  readonly active_mode!: string | null;
  @ApiProperty({ type: 'boolean', nullable: true, description: 'null = not told.' })
  readonly emergency_mode!: boolean | null;
  @ApiProperty({ type: 'boolean', nullable: true, description: 'null = not told.' })
  readonly allow_new_trades!: boolean | null;
}

/** What the emergency stop says of itself. */
export class EmergencyStopBody {
  @Text('`known` or `unknown`.', { enum: ['known', 'unknown'] })
  readonly status!: string;
  @TextOrNull('Why it is unknown.')
  readonly reason!: string | null;
  @TextOrNull('Its state in its own words; null = unknown.', { example: 'ARMED' })
  readonly state!: string | null;
  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description: 'Whether orders may be executed; null = unknown.',
  })
  readonly can_execute!: boolean | null;
  @TextOrNull('When it tripped, in its own words; null = not told.')
  readonly trip_time!: string | null;
  @TextOrNull('Why it tripped; null = not told.')
  readonly trip_reason!: string | null;
  @ExactByName('What it measured; percents are percent.', '{"daily_drawdown_pct": 1.2}')
  readonly metrics!: ReadonlyMap<string, Decimal>;
  @CountOrNull('Seconds since it said so; null = never.')
  readonly age_sec!: number | null;
}

/** How far an account uses its limits. */
export class LimitsBody extends AccountBody {
  @Exact('From this share of a limit on it is approaching, percent.', '80')
  readonly approaching_from_pct!: Decimal;
  @Count('How many limits are breached now.')
  readonly breached!: number;
  @ApiProperty({ type: [LimitBody], description: 'Limits of symbols once for each symbol held.' })
  readonly limits!: readonly LimitBody[];
  @ApiProperty({
    type: [LimitSourceBody],
    description: 'The systems outside of this service that tell limits.',
  })
  readonly sources!: readonly LimitSourceBody[];
  @ApiProperty({ type: EmergencyStopBody, description: 'What the emergency stop says of itself.' })
  readonly ess!: EmergencyStopBody;
}
