import { ApiProperty } from '@nestjs/swagger';
import type { Statistic } from '../../pnl/domain/statistics/statistic.js';
import { UNDEFINED_REASONS } from '../../pnl/domain/statistics/statistic.js';
import type { Decimal } from '../../shared/decimal.js';
import { ExactOrNull } from './fields.js';

/** A number that may be undefined: null, and then beside it, in `<name>_reason`, why. */
export function Reasoned(description: string): PropertyDecorator {
  return (target, property) => {
    ExactOrNull(description)(target, property);
    const name = String(property);
    ApiProperty({
      type: 'string',
      enum: [...UNDEFINED_REASONS],
      nullable: true,
      description: `Why \`${name}\` is null; null when it is not.`,
    })(target, `${name}_reason`);
  };
}

type Values<Names extends string> = { readonly [Name in Names]: Decimal | null };
type Reasons<Names extends string> = { readonly [Name in Names as `${Name}_reason`]: string | null };

/** Statistics as members of a body: each value, and beside it the reason why there is none. */
export function reasoned<Names extends string>(
  statistics: Readonly<Record<Names, Statistic<Decimal>>>,
): Values<Names> & Reasons<Names> {
  const members = Object.entries<Statistic<Decimal>>(statistics).flatMap(([name, { value, reason }]) => [
    [name, value],
    [`${name}_reason`, reason],
  ]);
  return Object.fromEntries(members) as Values<Names> & Reasons<Names>;
}
