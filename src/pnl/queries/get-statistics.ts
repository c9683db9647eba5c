import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Transaction } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Committed } from '../../ledger/committed.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { TradeSummary, TradeTotals } from '../domain/statistics/trade-summary.js';
import { summaryOf } from '../domain/statistics/trade-summary.js';
import type { Grouping } from '../statistics-sql.js';
import { GROUPINGS, feesSql, mediansSql, streaksSql, totalsSql } from '../statistics-sql.js';

export type { Grouping };
export const GROUPING_NAMES = Object.keys(GROUPINGS) as Grouping[];

/** Which closed trades: those closed at or after `from` and before `to`; null = without that end. */
export interface StatisticsAsked {
  readonly accountId: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly by: Grouping | null;
}

/** The statistics of some trades; see TradeSummary and TradeTotals for units, signs and null cases. */
export interface GroupStatistics extends TradeSummary {
  /** What they have in common; null = they told none, or it is all of them. */
  readonly key: string | null;
  readonly totals: TradeTotals;
  /** Closed trades that are left out because what they earned is not known. */
  readonly unknown: number;
  /** Fees that were told, ≥ 0. */
  readonly fees: Decimal;
}

export interface Statistics {
  readonly all: GroupStatistics;
  /** Those with most trades first; empty when no grouping was asked for. */
  readonly groups: readonly GroupStatistics[];
  /** True when there are more groups than are listed. */
  readonly groupsCut: boolean;
  readonly version: number;
  readonly now: number;
}

/** How closed trades went. Throws UnknownAccountError. */
export class GetStatistics extends Query<Statistics> {
  constructor(readonly asked: StatisticsAsked) {
    super();
  }
}

export const MAX_GROUPS = 1_000;
/** Postgres has no end of time that a text of ours could not spell. */
const [EVER, NEVER] = ['-infinity', 'infinity'];

type Keyed = { readonly key: string | null };
type StreaksRow = Keyed & TradeTotals['streaks'];
type MedianRow = Keyed & { readonly middle: string };
type FeesRow = Keyed & { readonly fees: string };
type TotalsRow = Keyed &
  Readonly<Record<'closed' | 'unknown' | 'wins' | 'losses' | 'timed' | 'seen', number>> &
  Readonly<Record<'pnl' | 'squares' | 'gross_profit' | 'gross_loss' | 'held' | 'mae' | 'mfe', string>> &
  Readonly<Record<'best' | 'worst', string | null>>;

@QueryHandler(GetStatistics)
export class GetStatisticsHandler implements IQueryHandler<GetStatistics> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly committed: Committed,
  ) {}

  execute({ asked }: GetStatistics): Promise<Statistics> {
    return this.committed.read(asked.accountId, async (tx, { version }) => {
      const [all] = await groupsOf(tx, { ...asked, by: null });
      const groups = asked.by ? await groupsOf(tx, asked) : [];
      return {
        all: all ?? emptyGroup(),
        groups: groups.slice(0, MAX_GROUPS),
        groupsCut: groups.length > MAX_GROUPS,
        version,
        now: this.accounts.now(),
      };
    });
  }
}

async function groupsOf(
  tx: Transaction,
  { accountId, from, to, by }: StatisticsAsked,
): Promise<GroupStatistics[]> {
  const range = [accountId, from === null ? EVER : isoOf(from), to === null ? NEVER : isoOf(to)];
  const rows = await tx.query<TotalsRow>(totalsSql(by), [...range, MAX_GROUPS + 1]);
  const streaks = byKey(await tx.query<StreaksRow>(streaksSql(by), range));
  const medians = byKey(await tx.query<MedianRow>(mediansSql(by), range));
  const fees = byKey(await tx.query<FeesRow>(feesSql(by), range));
  return rows.map((row) => ({
    ...groupOf(row, streaks.get(row.key), medians.get(row.key)),
    fees: Decimal.stored(fees.get(row.key)?.fees ?? '0'),
  }));
}

function byKey<Row extends Keyed>(rows: readonly Row[]): ReadonlyMap<string | null, Row> {
  return new Map(rows.map((row) => [row.key, row]));
}

const NO_STREAKS = { wins: 0, losses: 0, current: 0 };
const NO_TRADES: TotalsRow = {
  ...{ key: null, closed: 0, unknown: 0, wins: 0, losses: 0, timed: 0, seen: 0 },
  ...{ pnl: '0', squares: '0', gross_profit: '0', gross_loss: '0', held: '0', mae: '0', mfe: '0' },
  ...{ best: null, worst: null },
};

const emptyGroup = () => ({ ...groupOf(NO_TRADES, undefined, undefined), fees: Decimal.ZERO });

function groupOf(
  row: TotalsRow,
  streaks: StreaksRow | undefined,
  median: MedianRow | undefined,
): Omit<GroupStatistics, 'fees'> {
  const exact = (text: string) => Decimal.stored(text);
  const exactOrNull = (text: string | null) => (text === null ? null : exact(text));
  const { closed, wins, losses, timed, seen } = row;
  const { wins: longestWins, losses: longestLosses, current } = streaks ?? NO_STREAKS;
  const totals: TradeTotals = {
    ...{ closed, wins, losses, timed, seen },
    pnl: exact(row.pnl),
    squares: exact(row.squares),
    grossProfit: exact(row.gross_profit),
    grossLoss: exact(row.gross_loss),
    best: exactOrNull(row.best),
    worst: exactOrNull(row.worst),
    streaks: { wins: longestWins, losses: longestLosses, current },
    held: exact(row.held),
    middle: exactOrNull(median?.middle ?? null),
    mae: exact(row.mae),
    mfe: exact(row.mfe),
  };
  const unknown = row.unknown;
  return { key: row.key, totals, unknown, ...summaryOf(totals) };
}
