import { ApiProperty } from '@nestjs/swagger';
import type { Decimal } from '../../shared/decimal.js';
import { Count, Exact, Moment, Text } from './fields.js';

/** An account in the list: only what changes with facts, so that a list without new facts is the same list. */
export class ListedAccountBody {
  @Text('The account.', { example: 'main' })
  readonly account_id!: string;
  @Count('How many facts it has accepted.')
  readonly version!: number;
  @Exact('Wallet balance: deposits − withdrawals + net realized PnL, in its currency.')
  readonly cash_balance!: Decimal;
  @Count('How many positions it holds.')
  readonly num_positions!: number;
}

/** Every account that came into being, by its id. */
export class AccountsBody {
  @ApiProperty({ type: [ListedAccountBody], description: 'By id.' })
  readonly accounts!: readonly ListedAccountBody[];
  @Moment('When the answer was made.')
  readonly timestamp!: string;
}
