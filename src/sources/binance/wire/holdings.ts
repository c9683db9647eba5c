import type { HoldingsReport, PositionReport } from '../../../ledger/facts.js';
import { MICROS_PER_MS } from '../../../shared/periods.js';
import type { Json } from '../../../transport/wire/json.js';
import type { ReportedAt } from './account.js';
import type { Body } from './reading.js';
import { decimalIn, listOf, objectOf, positiveIn, symbolIn, textIn } from './reading.js';
import { symbolNameOf } from './symbol-name.js';

/** What is held, and what is held besides. */
export interface Held {
  readonly report: HoldingsReport;
  /** How many positions are in symbols that can have no name with us. */
  readonly unnamed: number;
}

/**
 * What `GET /fapi/v2/positionRisk` says is held. It lists every symbol there is, so what it does not show with an amount is flat and
 * the report is complete: of what it leaves out because it can have no name we hold nothing. Throws Trouble `bad_answer`.
 */
export function holdingsReport(json: Json, { accountId, atMs }: ReportedAt): Held {
  const occurredAt = atMs * MICROS_PER_MS;
  const rows = listOf(json, 'the positions').map((row) => objectOf(row, 'a position'));
  const held = rows.filter((row) => !decimalIn(row, 'positionAmt').isZero());
  const named = held.filter((row) => symbolNameOf(textIn(row, 'symbol')) !== null);
  const positions = named.map((row) => positionReport(row, accountId, occurredAt));
  const about = { kind: 'holdings', accountId, occurredAt, source: 'binance' } as const;
  return { report: { ...about, positions, complete: true }, unnamed: held.length - named.length };
}

function positionReport(row: Body, accountId: string, occurredAt: number): PositionReport {
  const amount = decimalIn(row, 'positionAmt');
  return {
    kind: 'position.snapshot',
    accountId,
    occurredAt,
    source: 'binance',
    symbol: symbolIn(row, 'symbol'),
    side: amount.isNegative() ? 'SHORT' : 'LONG',
    quantity: amount.abs(),
    entryPrice: positiveIn(row, 'entryPrice'),
    markPrice: positiveIn(row, 'markPrice'),
    unrealizedPnl: decimalIn(row, 'unRealizedProfit'),
    leverage: positiveIn(row, 'leverage'),
  };
}
