import type { HoldingsReport, PositionReport } from '../../../ledger/facts.js';
import { MICROS_PER_MS } from '../../../shared/periods.js';
import type { Json } from '../../../transport/wire/json.js';
import type { ReportedAt } from './account.js';
import type { Body } from './reading.js';
import { decimalIn, listOf, objectOf, positiveIn, symbolIn } from './reading.js';

/**
 * What `GET /fapi/v2/positionRisk` says is held. It lists every symbol there is, so what it does not show with an amount is flat and
 * the report is complete. Throws Trouble `bad_answer`.
 */
export function holdingsReport(json: Json, { accountId, atMs }: ReportedAt): HoldingsReport {
  const occurredAt = atMs * MICROS_PER_MS;
  const rows = listOf(json, 'the positions').map((row) => objectOf(row, 'a position'));
  const positions = rows
    .filter((row) => !decimalIn(row, 'positionAmt').isZero())
    .map((row) => positionReport(row, accountId, occurredAt));
  return { kind: 'holdings', accountId, occurredAt, source: 'binance', positions, complete: true };
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
