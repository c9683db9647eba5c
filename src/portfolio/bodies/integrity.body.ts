import { ApiProperty } from '@nestjs/swagger';
import type { Integrity, ListedDifference } from '../../integrity/queries/get-integrity.js';
import type { ShownRow } from '../../integrity/domain/differences.js';
import { isoOf } from '../../shared/periods.js';
import { AccountBody } from './account.body.js';
import { Count, CountOrNull, Moment, MomentOrNull, Text, TextOrNull } from './fields.js';

const Row = (description: string): PropertyDecorator =>
  ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description });

/** A row that is not what the ledger says. */
export class IntegrityDifferenceBody {
  @Text(
    'The table. `book` is the memory of this replica; `ledger`, `ledger_keys` and `accounts` no rebuild repairs.',
  )
  readonly table!: string;
  @Text('The row: its primary key after the account, or the account itself.')
  readonly key!: string;
  @Text('`surplus` = the database has a row that the ledger does not.', {
    enum: ['changed', 'missing', 'surplus'],
  })
  readonly kind!: string;
  @TextOrNull('The venue symbol; null when it is of the account as a whole.', { example: 'BTCUSDT' })
  readonly symbol!: string | null;
  @Row('What is stored, exact numbers as text: of a changed row the columns that differ; null = no row.')
  readonly stored!: ShownRow | null;
  @Row('What the ledger says, in the same form.')
  readonly expected!: ShownRow | null;
  @Moment('When it was found.')
  readonly found_at!: string;
}

/** How far the round over all accounts is. */
export class IntegrityCycleBody {
  @MomentOrNull('When the last round began; null = none did yet.')
  readonly started_at!: string | null;
  @Count('Looks it took so far.')
  readonly slices_done!: number;
  @Count('Accounts it has finished.')
  readonly accounts_done!: number;
  @Count('Accounts there are.')
  readonly accounts_total!: number;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'What the last whole round took; null = none yet.',
  })
  readonly last_duration_sec!: number | null;
}

/** Whether an account's rows are what its ledger says. */
export class IntegrityBody extends AccountBody {
  @Text(
    '`verifying`: the first look is under way; `unknown`: nobody looks, or there is nothing to look at.',
    {
      enum: ['verified', 'verifying', 'differs', 'unknown'],
    },
  )
  readonly state!: string;
  @TextOrNull('Why the state is unknown: `no_facts` or `not_running`; else null.')
  readonly state_reason!: string | null;
  @CountOrNull('The version at which every row was last found to be what the ledger says; null = never yet.')
  readonly verified_version!: number | null;
  @TextOrNull(
    'SHA-256 of the rows at that version in canonical order; null while there is none, or when facts came all the while.',
  )
  readonly digest!: string | null;
  @MomentOrNull('When that was.')
  readonly verified_at!: string | null;
  @CountOrNull('Whole seconds since then.')
  readonly age_sec!: number | null;
  @ApiProperty({ type: IntegrityCycleBody, description: 'How far the round that is under way has come.' })
  readonly cycle!: IntegrityCycleBody;
  @ApiProperty({ type: [String], description: 'Tables of projections that are not verified.' })
  readonly uncovered_tables!: readonly string[];
  @ApiProperty({
    type: [IntegrityDifferenceBody],
    description: 'The first of them, by symbol, table and key.',
  })
  readonly differences!: readonly IntegrityDifferenceBody[];
  @Count('How many there are.')
  readonly differences_total!: number;
}

export function integrityBody(integrity: Integrity) {
  const { round } = integrity;
  return {
    account_id: integrity.accountId,
    version: integrity.version,
    state: integrity.state,
    state_reason: integrity.reason,
    verified_version: integrity.verifiedVersion,
    digest: integrity.digest,
    verified_at: momentOrNull(integrity.verifiedAt),
    age_sec: integrity.ageSec,
    cycle: {
      started_at: momentOrNull(round.startedAt),
      slices_done: round.slices,
      accounts_done: round.accountsDone,
      accounts_total: round.accountsTotal,
      last_duration_sec: round.lastSeconds,
    },
    uncovered_tables: integrity.uncovered,
    differences: integrity.differences.map(differenceBody),
    differences_total: integrity.total,
    timestamp: isoOf(integrity.now),
  } satisfies IntegrityBody;
}

const momentOrNull = (at: number | null) => (at === null ? null : isoOf(at));

function differenceBody({ foundAt, ...difference }: ListedDifference) {
  return { ...difference, found_at: isoOf(foundAt) } satisfies IntegrityDifferenceBody;
}
