import type { OwnedRow } from '../database/table.js';
import { Table } from '../database/table.js';
import type { Transaction } from '../database/database.js';
import type { Micros, PositionReport } from '../ledger/facts.js';
import type { FollowedBreak } from './domain/break.js';

export const BREAKS = new Table<FollowedBreak>({
  name: 'reconciliation_breaks',
  key: ['opened_at', 'kind', 'symbol', 'side'],
  columns: {
    opened_at: 'micros',
    kind: 'text',
    symbol: 'text',
    side: 'text',
    ours: 'decimal',
    theirs: 'decimal',
    difference: 'decimal',
    money: 'decimal',
    severity: 'text',
    cause: 'text',
    last_seen_at: 'micros',
    reports: 'integer',
    closed_at: 'micros',
    ended: 'text',
    version: 'integer',
  },
});

/** The newest report of a position that came by itself. */
export type ReportedPosition = Omit<PositionReport, 'kind' | 'accountId'>;

export const REPORTED_POSITIONS = new Table<ReportedPosition>({
  name: 'reported_positions',
  key: ['symbol', 'side'],
  columns: {
    symbol: 'text',
    side: 'text',
    quantity: 'decimal',
    entry_price: 'decimal',
    mark_price: 'decimal',
    unrealized_pnl: 'decimal',
    leverage: 'decimal',
    source: 'text',
    occurred_at: 'micros',
  },
});

/** What the exchange last reported of an account. Times `…At` are the reports' own, `…ReceivedAt` by our clock. */
export interface ReportsRow {
  readonly walletAt: Micros | null;
  readonly walletSource: string | null;
  readonly wallet: PositionReport['entryPrice'];
  readonly walletReceivedAt: Micros | null;
  /** How many positions the wallet's report counted; null when it did not tell. */
  readonly expectedPositions: number | null;
  /** Whether the set of positions that belongs to the wallet's report was compared already. */
  readonly judged: boolean;
  readonly holdingsAt: Micros | null;
  readonly holdingsSource: string | null;
  readonly holdingsReceivedAt: Micros | null;
  readonly holdingsPositions: number | null;
  readonly holdingsComplete: boolean | null;
  /** When a complete set was last compared; single positions that came after it say nothing of the others. */
  readonly completeReceivedAt: Micros | null;
  /** Grows with each change, so that replicas know which standing is the newer one. */
  readonly revision: number;
}

export const REPORTS = new Table<ReportsRow>({
  name: 'reconciliation_reports',
  key: [],
  columns: {
    wallet_at: 'micros',
    wallet_source: 'text',
    wallet: 'decimal',
    wallet_received_at: 'micros',
    expected_positions: 'integer',
    judged: 'flag',
    holdings_at: 'micros',
    holdings_source: 'text',
    holdings_received_at: 'micros',
    holdings_positions: 'integer',
    holdings_complete: 'flag',
    complete_received_at: 'micros',
    revision: 'integer',
  },
});

export const NOTHING_REPORTED: ReportsRow = {
  walletAt: null,
  walletSource: null,
  wallet: null,
  walletReceivedAt: null,
  expectedPositions: null,
  judged: true,
  holdingsAt: null,
  holdingsSource: null,
  holdingsReceivedAt: null,
  holdingsPositions: null,
  holdingsComplete: null,
  completeReceivedAt: null,
  revision: 0,
};

export async function reportsOf(tx: Pick<Transaction, 'query'>, accountId: string): Promise<ReportsRow> {
  const [row] = await REPORTS.select(tx, 'account_id = $1', [accountId]);
  return row ? ownRow(row) : NOTHING_REPORTED;
}

/** Changes what is known of an account's reports, under its lock. */
export async function noteReports(
  tx: Transaction,
  accountId: string,
  changed: Partial<ReportsRow>,
): Promise<void> {
  const known = await reportsOf(tx, accountId);
  await REPORTS.upsert(tx, [{ accountId, row: { ...known, ...changed, revision: known.revision + 1 } }]);
}

export async function openBreaks(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
): Promise<FollowedBreak[]> {
  const rows = await BREAKS.select(
    tx,
    'account_id = $1 AND closed_at IS NULL ORDER BY reconciliation_breaks.kind, reconciliation_breaks.symbol, reconciliation_breaks.side',
    [accountId],
  );
  return rows.map(ownRow);
}

export function writeBreaks(
  tx: Transaction,
  accountId: string,
  rows: readonly FollowedBreak[],
): Promise<void> {
  return BREAKS.upsert(
    tx,
    rows.map((row): OwnedRow<FollowedBreak> => ({ accountId, row })),
  );
}

export function ownRow<Row extends object>({
  accountId: _owner,
  ...row
}: Row & { readonly accountId: string }): Omit<Row, 'accountId'> & Row {
  return row as unknown as Omit<Row, 'accountId'> & Row;
}
