import type { TradeClosed, TradeOpened } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import { messageOf } from '../../shared/errors.js';
import type { RowFacts, Telling } from './row-facts.js';
import { factsOf } from './row-facts.js';
import type { RowResult } from './row-result.js';
import type { Found } from './source.js';

/** A row that says something happened. */
export interface TradeRow extends RowFacts {
  readonly row: Found;
}

/** One that says how it ended, too. */
export type WholeRow = TradeRow & { readonly closed: TradeClosed };

export function isWhole(row: TradeRow): row is WholeRow {
  return row.closed !== null;
}

/** What a row says happened, in its order. */
export function factsIn({ opened, closed }: TradeRow): (TradeOpened | TradeClosed)[] {
  return closed ? [opened, closed] : [opened];
}

/** A row that makes no fact, with what becomes of it. */
export interface Settled {
  readonly row: Found;
  readonly result: RowResult;
}

/** Reads what was found. Never throws: whatever a row holds, the rows behind it go on. */
export function readRow(row: Found, telling: Telling): TradeRow | Settled {
  if ('foreign' in row) return settled(row, 'foreign', row.foreign, null);
  try {
    const facts = factsOf(row, telling);
    return 'nothing' in facts ? settled(row, 'nothing', facts.nothing, null) : { row, ...facts };
  } catch (error) {
    const { code, message } =
      error instanceof Refusal ? error : { code: 'internal_error', message: messageOf(error) };
    return settled(row, 'refused', code, message);
  }
}

/** A row with what becomes of it. */
export function settled(
  row: Found,
  outcome: RowResult['outcome'],
  code: string | null,
  message: string | null,
): Settled {
  return { row, result: { key: row.key, outcome, code, message, version: null, remarks: [] } };
}
