import { Count, Moment, Text } from './fields.js';

/** What every answer about an account carries. */
export class AccountBody {
  @Text('The account it is about.')
  readonly account_id!: string;

  @Count('How many facts the account had accepted. It grows by one with each, and not with prices.')
  readonly version!: number;

  @Moment('When the answer was made.')
  readonly timestamp!: string;
}
