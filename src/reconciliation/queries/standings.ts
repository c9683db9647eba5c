import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { Database } from '../../database/database.js';
import type { Transaction } from '../../database/database.js';
import type { Account } from '../../ledger/account.js';
import type { Unit } from '../../ledger/unit.js';
import { Decimal } from '../../shared/decimal.js';
import { MICROS_PER_SECOND, microsOf } from '../../shared/periods.js';
import type { Compared, Score } from '../domain/score.js';
import { reconciliationScore, staleParts } from '../domain/score.js';
import type { OpenBreaks } from '../domain/severity.js';

/** How far back changes are asked for: a commit may become visible a while after the time it carries. */
const OVERLAP_SECONDS = 60;

/** What is open of an account's breaks, as of its newest report. */
export interface Standing extends OpenBreaks, Compared {
  readonly revision: number;
  /** Of the wallet's open break: theirs − ours; null = it does not differ. */
  readonly walletDifference: Decimal | null;
}

interface StandingRow {
  readonly account_id: string;
  readonly revision: string;
  readonly count: string;
  readonly unsized: boolean | null;
  readonly money: string;
  readonly wallet: string | null;
  readonly wallet_received_at: string | null;
  readonly complete_received_at: string | null;
}

const instant = (column: string) =>
  `to_char(r.${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS ${column}`;

const SQL = `
  SELECT r.account_id, r.revision::text, count(b.kind)::text AS count, bool_or(b.kind IS NOT NULL AND b.money IS NULL) AS unsized,
         coalesce(sum(b.money), 0)::text AS money, max(b.difference) FILTER (WHERE b.kind = 'wallet')::text AS wallet,
         ${instant('wallet_received_at')}, ${instant('complete_received_at')}
    FROM reconciliation_reports r
    LEFT JOIN reconciliation_breaks b ON b.account_id = r.account_id AND b.closed_at IS NULL`;

/**
 * The standings of all accounts in memory, for answers that may not ask the database: followed as other replicas change them, and staged
 * with the account in a unit of work, so that what it publishes says how it ends.
 */
@Injectable()
export class Standings {
  private readonly known = new Map<string, Standing>();
  private readonly staged = new WeakMap<Account, Standing>();
  private since: string | null = null;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** null = nothing was ever reported of the account. */
  of(account: Account): Standing | null {
    const staged = this.staged.get(account) ?? null;
    const known = this.known.get(account.accountId) ?? null;
    if (!staged || !known) return staged ?? known;
    return staged.revision > known.revision ? staged : known;
  }

  /** How well an account agrees with the exchange. `equity` is ours, now. */
  scoreOf(account: Account, equity: Decimal, now: number): Score {
    return reconciliationScore(this.of(account), equity, this.oldestAt(now));
  }

  /** What of an account was compared once, and not for `PORTFOLIO_RECONCILE_MAX_AGE_SEC`. */
  staleOf(account: Account, now: number): readonly string[] {
    const standing = this.of(account);
    return standing ? staleParts(standing, this.oldestAt(now)) : [];
  }

  private oldestAt(now: number): number {
    return now - this.config.RECONCILE_MAX_AGE_SEC * MICROS_PER_SECOND;
  }

  /** Remembers how an account stands at this point of its unit of work. */
  async stage(unit: Unit, accountId: string): Promise<void> {
    const [row] = await this.read(unit.tx, 'WHERE r.account_id = $1', [accountId]);
    if (row) this.staged.set(unit.account(accountId), standingOf(row));
  }

  /** Reads what changed since the last time. */
  async follow(): Promise<void> {
    const [moment] = await this.database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const rows = await this.read(
      this.database,
      `WHERE $1::timestamptz IS NULL OR r.changed_at > $1::timestamptz - make_interval(secs => ${OVERLAP_SECONDS})`,
      [this.since],
    );
    for (const row of rows) {
      const known = this.known.get(row.account_id);
      if (!known || Number(row.revision) > known.revision) this.known.set(row.account_id, standingOf(row));
    }
    this.since = moment!.now;
  }

  private read(tx: Pick<Transaction, 'query'>, condition: string, values: unknown[]): Promise<StandingRow[]> {
    return tx.query<StandingRow>(`${SQL} ${condition} GROUP BY r.account_id`, values);
  }
}

function standingOf(row: StandingRow): Standing {
  return {
    revision: Number(row.revision),
    count: Number(row.count),
    money: row.unsized === true ? null : Decimal.stored(row.money),
    walletDifference: row.wallet === null ? null : Decimal.stored(row.wallet),
    walletReceivedAt: row.wallet_received_at === null ? null : microsOf(row.wallet_received_at),
    completeReceivedAt: row.complete_received_at === null ? null : microsOf(row.complete_received_at),
  };
}
