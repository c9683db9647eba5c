import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { AccountReader } from '../../ledger/account-reader.js';
import { AccountLimits } from '../account-limits.js';
import type { Assessment } from '../domain/assessment.js';
import type { EmergencyStopStatus, PolicyReading, PolicySource } from '../domain/policy-reading.js';
import type { AnnouncedLimit } from '../limit-states.js';
import { LimitStates, limitKey } from '../limit-states.js';
import { PolicyBoard } from '../policy-board.js';

/** How an outside source of limits is; see PolicyReading. */
export interface SourceState {
  readonly source: PolicySource;
  readonly isConfigured: boolean;
  /** null = it was never read. */
  readonly reading: PolicyReading | null;
  /** It answered, and that is not too old to count. */
  readonly isKnown: boolean;
  /** What the emergency stop said, unless that is too old. */
  readonly emergencyStop: EmergencyStopStatus | null;
}

/** Why nothing is known of a source, or what was wrong with its last answer; null = nothing. */
export function doubtOf({ isConfigured, reading, isKnown }: SourceState): string | null {
  if (!isConfigured) return 'not_configured';
  if (!reading) return 'not_read_yet';
  return reading.problem ?? (isKnown ? null : 'too_old');
}

/** Every limit of an account, now. */
export interface LimitsState {
  readonly accountId: string;
  readonly version: number;
  readonly now: number;
  readonly limits: readonly (Assessment & { readonly announced: AnnouncedLimit | null })[];
  readonly sources: readonly SourceState[];
}

/** How far an account uses its limits. Throws UnknownAccountError. */
export class GetLimits extends Query<LimitsState> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetLimits)
export class GetLimitsHandler implements IQueryHandler<GetLimits> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly limits: AccountLimits,
    private readonly states: LimitStates,
    private readonly board: PolicyBoard,
  ) {}

  execute({ accountId }: GetLimits): Promise<LimitsState> {
    const account = this.accounts.read(accountId);
    const now = this.accounts.now();
    const announced = this.states.of(accountId);
    return Promise.resolve({
      accountId,
      version: account.version,
      now,
      limits: this.limits
        .assessmentsOf(account, now)
        .map((assessment) => ({ ...assessment, announced: announced.get(limitKey(assessment)) ?? null })),
      sources: this.sourcesAt(now),
    });
  }

  /** The sources outside of this service. */
  sourcesAt(now: number): SourceState[] {
    const oldest = this.board.oldestAt(now);
    const isFresh = (at: number | null | undefined) => at !== null && at !== undefined && at >= oldest;
    return (['risk_safety', 'redis_policy'] as const).map((source) => {
      const reading = this.board.readingOf(source);
      const stop = reading?.emergencyStop ?? null;
      return {
        source,
        isConfigured: this.board.isConfigured(source),
        reading,
        isKnown: isFresh(reading?.readAt),
        emergencyStop: stop && isFresh(stop.readAt) ? stop : null,
      };
    });
  }
}
