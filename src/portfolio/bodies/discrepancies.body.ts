import { ApiProperty } from '@nestjs/swagger';
import { DISCREPANCY_KINDS } from '../../positions/domain/discrepancy-kinds.js';
import type { DiscrepanciesPage, ListedDiscrepancy } from '../../positions/queries/get-discrepancies.js';
import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Count, ExactOrNull, Moment, Text, TextOrNull } from './fields.js';

/** Something that does not fit together and that a person should see. Money in the account's currency. */
export class ListedDiscrepancyBody {
  @Text('What does not fit. `close_without_open`: no open came within five minutes; `conflict`: set aside.', {
    enum: [...DISCREPANCY_KINDS],
  })
  readonly kind!: string;
  @TextOrNull('The trade it is about; null when none is named.')
  readonly trade_id!: string | null;
  @TextOrNull('The venue symbol; null when it is about none.', { example: 'BTCUSDT' })
  readonly symbol!: string | null;
  @ExactOrNull('What the message said; null when it said nothing.')
  readonly reported!: Decimal | null;
  @ExactOrNull('What was computed; null when it could not be.')
  readonly computed!: Decimal | null;
  @ExactOrNull(
    'How much: money for a PnL, quantity for a close of more than was open or of nothing; else null.',
  )
  readonly size!: Decimal | null;
  @Count('Whole seconds since it came in.')
  readonly age_sec!: number;
  @Moment('When the fact it is about happened; for a contradiction the accepted one.')
  readonly occurred_at!: string;
  @Moment('When it came in.')
  readonly received_at!: string;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    nullable: true,
    description: 'The version of the fact it is about; null when no accepted fact is.',
  })
  readonly version!: number | null;
  @TextOrNull('Why a message was set aside; null for the others.')
  readonly message!: string | null;
}

/** A page of what does not fit, the newest first. */
export class DiscrepanciesBody extends AccountBody {
  @ApiProperty({ type: [ListedDiscrepancyBody], description: 'By when it came in, the newest first.' })
  readonly discrepancies!: readonly ListedDiscrepancyBody[];
  @TextOrNull('Pass it as `cursor` for the next page; null = this is the last one.')
  readonly next_cursor!: string | null;
}

export function discrepanciesBody(accountId: string, page: DiscrepanciesPage) {
  return {
    account_id: accountId,
    version: page.version,
    discrepancies: page.discrepancies.map(listedBody),
    next_cursor: page.nextCursor,
    timestamp: isoOf(page.now),
  } satisfies DiscrepanciesBody;
}

function listedBody({ tradeId, ageSec, occurredAt, receivedAt, ...listed }: ListedDiscrepancy) {
  return {
    ...listed,
    trade_id: tradeId,
    age_sec: ageSec,
    occurred_at: isoOf(occurredAt),
    received_at: isoOf(receivedAt),
  } satisfies ListedDiscrepancyBody;
}
