import type { Unit } from '../ledger/unit.js';
import { tradeKey } from './domain/changes.js';
import type { Trade } from './domain/trade.js';
import type { PositionsState } from './positions-state.js';
import { TRADES } from './positions-tables.js';

/** A trade that is not open, as this unit has it: staged, else as the database says; null = never heard of. */
export async function findTrade(
  unit: Unit,
  state: PositionsState,
  accountId: string,
  name: Pick<Trade, 'symbol' | 'tradeId'>,
): Promise<Trade | null> {
  const staged = state.changes.trades.find(tradeKey(name));
  if (staged) return staged.after;
  const condition = 'account_id = $1 AND symbol = $2 AND trade_id = $3';
  const rows = await TRADES.select(unit.tx, condition, [accountId, name.symbol, name.tradeId]);
  if (!rows[0]) return null;
  const { accountId: _owner, ...trade } = rows[0];
  return trade;
}
