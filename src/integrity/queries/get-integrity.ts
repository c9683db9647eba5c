import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Auditors } from '../../ledger/audit.js';
import { Book } from '../../ledger/book.js';
import { MICROS_PER_SECOND, microsOf } from '../../shared/periods.js';
import { IntegrityBoard } from '../integrity-board.js';
import type { Difference } from '../domain/differences.js';
import type { IntegrityState, UnknownReason } from '../domain/integrity-state.js';
import { integrityState } from '../domain/integrity-state.js';

const MOST_LISTED = 100;

/** A difference, the symbol it is of (null = of the account), and when it was found. */
export interface ListedDifference extends Difference {
  readonly symbol: string | null;
  readonly foundAt: number;
}

/** What is known of an account's integrity. Moments in microseconds. */
export interface Integrity {
  readonly accountId: string;
  readonly version: number;
  readonly state: IntegrityState;
  readonly reason: UnknownReason;
  /** The version at which all of it was last verified; null = never yet. */
  readonly verifiedVersion: number | null;
  readonly digest: string | null;
  readonly verifiedAt: number | null;
  readonly ageSec: number | null;
  readonly round: {
    readonly startedAt: number | null;
    readonly slices: number;
    readonly accountsDone: number;
    readonly accountsTotal: number;
    readonly lastSeconds: number | null;
  };
  /** Tables that a rebuild fills and that no auditor answers for. */
  readonly uncovered: readonly string[];
  readonly differences: readonly ListedDifference[];
  readonly total: number;
  readonly now: number;
}

/** Whether an account's rows are what its ledger says. Throws UnknownAccountError. */
export class GetIntegrity extends Query<Integrity> {
  constructor(readonly accountId: string) {
    super();
  }
}

@QueryHandler(GetIntegrity)
export class GetIntegrityHandler implements IQueryHandler<GetIntegrity> {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountReader,
    private readonly book: Book,
    private readonly auditors: Auditors,
    private readonly board: IntegrityBoard,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ accountId }: GetIntegrity): Promise<Integrity> {
    const { version } = this.accounts.read(accountId);
    const { verified, progress } = await this.report(accountId);
    const found = await this.found(accountId);
    const now = this.accounts.now();
    const inMemory = this.board.bookDifferencesOf(accountId);
    const total = found.reduce((sum, part) => sum + Number(part.total), inMemory.length);
    const verifiedAt = microsOrNull(verified?.at);
    const { state, reason } = integrityState(
      {
        ...{ version, differences: total, verifiedAt },
        ...{ seenAt: microsOrNull(progress?.seen), intervalSec: this.config.INTEGRITY_SEC },
      },
      now,
    );
    return {
      ...{ accountId, version, state, reason, total, now },
      verifiedVersion: verified ? Number(verified.version) : null,
      digest: verified?.digest ?? null,
      verifiedAt,
      ageSec: verifiedAt === null ? null : Math.max(0, Math.floor((now - verifiedAt) / MICROS_PER_SECOND)),
      round: {
        startedAt: microsOrNull(progress?.started),
        slices: Number(progress?.slices ?? 0),
        accountsDone: Number(progress?.done ?? 0),
        accountsTotal: Number(progress?.total ?? 0),
        lastSeconds: progress?.seconds ?? null,
      },
      uncovered: this.uncovered(),
      differences: [...found.flatMap(listed), ...inMemory.map(ofBook(now))].slice(0, MOST_LISTED),
    };
  }

  private uncovered(): string[] {
    const covered = new Set(this.auditors.all.flatMap(({ tables }) => tables));
    return this.book.projections.flatMap(({ tables }) => tables).filter((table) => !covered.has(table));
  }

  private async report(accountId: string) {
    const [verified] = await this.database.query<{ version: string; digest: string | null; at: string }>(
      `SELECT version::text, digest, ${iso('verified_at')} AS at FROM integrity_accounts WHERE account_id = $1`,
      [accountId],
    );
    const [progress] = await this.database.query<ProgressRow>(
      `SELECT ${iso('round_started_at')} AS started, ${iso('seen_at')} AS seen, slices_done::text AS slices,
         accounts_done::text AS done, accounts_total::text AS total, last_round_seconds AS seconds FROM integrity_progress`,
    );
    return { verified, progress };
  }

  private found(accountId: string): Promise<FoundRow[]> {
    return this.database.query<FoundRow>(
      `SELECT symbol, total::text, differences, ${iso('found_at')} AS at
       FROM integrity_findings WHERE account_id = $1 ORDER BY symbol`,
      [accountId],
    );
  }
}

type ProgressRow = Record<'slices' | 'done' | 'total', string> &
  Record<'started' | 'seen', string | null> & { readonly seconds: number | null };
type FoundRow = Record<'symbol' | 'total' | 'differences' | 'at', string>;

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const microsOrNull = (text: string | null | undefined) => (text ? microsOf(text) : null);

const ofBook = (now: number) => (difference: Difference) => ({ ...difference, symbol: null, foundAt: now });

function listed({ symbol, differences, at }: FoundRow): ListedDifference[] {
  return (JSON.parse(differences) as Difference[]).map((difference) => ({
    ...difference,
    symbol: symbol === '' ? null : symbol,
    foundAt: microsOf(at),
  }));
}
