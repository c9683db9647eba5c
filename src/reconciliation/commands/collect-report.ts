import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Transaction } from '../../database/database.js';
import type { BalanceReport, HoldingsReport, Micros, PositionReport } from '../../ledger/facts.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { MICROS_PER_SECOND, isoOf } from '../../shared/periods.js';
import { refuseAhead } from './refuse-ahead.js';
import { REPORTED_POSITIONS, noteReports, ownRow, reportsOf } from '../reconciliation-tables.js';
import type { ReportsRow } from '../reconciliation-tables.js';

/** Positions belong to a wallet's report when they were reported from this long before it to this long after it. */
const FRESH_BEFORE = 5 * MICROS_PER_SECOND;
const FRESH_AFTER = 30 * MICROS_PER_SECOND;
/** Where no wallet says how many there are, a position that was not told of for so long while others were is told of no more. */
const SILENT_AFTER = 60 * MICROS_PER_SECOND;

/**
 * Collects what comes in parts: the wallet says how many positions there are, each position comes by itself. Returns the sets that can be
 * judged now: a complete one as soon as as many fresh positions are there as were counted, an incomplete one when the next wallet comes,
 * and a position that belongs to no wallet by itself: also one that is told for the second time where no wallet ever was.
 */
export class CollectReport extends Command<readonly HoldingsReport[]> {
  constructor(readonly report: BalanceReport | PositionReport) {
    super();
  }
}

@CommandHandler(CollectReport)
export class CollectReportHandler implements ICommandHandler<CollectReport> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ report }: CollectReport): Promise<readonly HoldingsReport[]> {
    const unit = this.unitOfWork.current();
    const { tx } = unit;
    refuseAhead(unit, report.occurredAt);
    return report.kind === 'account.balance' ? this.balance(tx, report) : this.position(tx, report);
  }

  private async balance(tx: Transaction, report: BalanceReport): Promise<HoldingsReport[]> {
    const { accountId, occurredAt, positions } = report;
    const before = await reportsOf(tx, accountId);
    if (before.walletAt !== null && occurredAt < before.walletAt) return [];
    const left = before.judged ? null : await setOf(tx, accountId, before);
    await noteReports(tx, accountId, {
      walletAt: occurredAt,
      walletSource: report.source,
      wallet: report.walletBalance,
      walletReceivedAt: this.unitOfWork.current().now,
      expectedPositions: positions,
      // The same report once more says nothing new of its positions.
      judged: before.judged && before.walletAt === occurredAt,
    });
    const complete = await this.complete(tx, accountId);
    const isLeft = left !== null && left.positions.length > 0 && before.walletAt !== occurredAt;
    return [...(isLeft ? [left] : []), ...complete];
  }

  private async position(tx: Transaction, report: PositionReport): Promise<HoldingsReport[]> {
    const { accountId, symbol, side } = report;
    const at = isoOf(report.occurredAt);
    // Flat and held exclude each other: the newer of them counts.
    const isAgain = await this.isToldBefore(tx, report);
    await tx.query(
      `DELETE FROM reported_positions WHERE account_id = $1 AND symbol = $2 AND (side = 'FLAT') <> $3 AND occurred_at <= $4`,
      [accountId, symbol, side === 'FLAT', at],
    );
    const newer = await REPORTED_POSITIONS.select(
      tx,
      'account_id = $1 AND symbol = $2 AND side = $3 AND occurred_at > $4',
      [accountId, symbol, side, at],
    );
    if (newer.length > 0) return [];
    await REPORTED_POSITIONS.upsert(tx, [{ accountId, row: report }]);
    const { walletAt } = await reportsOf(tx, accountId);
    // It belongs to no set that is still to come together: what it says, it says alone.
    if (walletAt !== null && !isFresh(report.occurredAt, walletAt)) return [alone(report)];
    if (walletAt === null && isAgain) return [{ ...alone(report), silent: await silentBeside(tx, report) }];
    return this.complete(tx, accountId);
  }

  /** Whether its symbol was told so long before it that a wallet of that round would have come. */
  private async isToldBefore(
    tx: Transaction,
    { accountId, symbol, occurredAt }: PositionReport,
  ): Promise<boolean> {
    const before = isoOf(occurredAt - FRESH_BEFORE);
    const condition = 'account_id = $1 AND symbol = $2 AND occurred_at < $3';
    return (await REPORTED_POSITIONS.select(tx, condition, [accountId, symbol, before])).length > 0;
  }

  /** The set of the newest wallet, once, as soon as it is complete. */
  private async complete(tx: Transaction, accountId: string): Promise<HoldingsReport[]> {
    const reports = await reportsOf(tx, accountId);
    if (reports.judged || reports.walletAt === null) return [];
    const set = await setOf(tx, accountId, reports);
    if (!set.complete) return [];
    await noteReports(tx, accountId, { judged: true });
    return [set];
  }
}

function isFresh(at: Micros, walletAt: Micros): boolean {
  return at >= walletAt - FRESH_BEFORE && at <= walletAt + FRESH_AFTER;
}

function alone(report: PositionReport): HoldingsReport {
  const { accountId, occurredAt, source } = report;
  return { kind: 'holdings', accountId, occurredAt, source, positions: [report], complete: false };
}

/** What was held by the last that was told of it, long before this. */
async function silentBeside(tx: Transaction, { accountId, occurredAt }: PositionReport): Promise<string[]> {
  const rows = await REPORTED_POSITIONS.select(
    tx,
    `account_id = $1 AND side <> 'FLAT' AND occurred_at < $2`,
    [accountId, isoOf(occurredAt - SILENT_AFTER)],
  );
  return [...new Set(rows.map(({ symbol }) => symbol))];
}

/** What was reported of positions around a wallet's report. */
async function setOf(tx: Transaction, accountId: string, reports: ReportsRow): Promise<HoldingsReport> {
  const at: Micros = reports.walletAt!;
  const rows = await REPORTED_POSITIONS.select(
    tx,
    'account_id = $1 AND occurred_at BETWEEN $2 AND $3 ORDER BY reported_positions.symbol, reported_positions.side',
    [accountId, isoOf(at - FRESH_BEFORE), isoOf(at + FRESH_AFTER)],
  );
  const positions = rows.map((row): PositionReport => ({
    kind: 'position.snapshot',
    accountId,
    ...ownRow(row),
  }));
  const held = positions.filter(({ side }) => side !== 'FLAT');
  return {
    kind: 'holdings',
    accountId,
    // What the last of them says may not be older than what the set says.
    occurredAt: Math.max(at, ...positions.map(({ occurredAt }) => occurredAt)),
    source: reports.walletSource ?? positions[0]?.source ?? null,
    positions,
    complete: reports.expectedPositions !== null && held.length === reports.expectedPositions,
  };
}
