import { bookingsOfTrade } from './bookings.js';
import type { ExplainedNode } from '../domain/explain/node.js';
import { chosen, leaf, shownAs } from '../domain/explain/node.js';
import { tradeTree } from '../domain/explain/realized-tree.js';
import type { Moment } from './moment.js';

const NAMES = { maximum: 'best_trade_pnl', minimum: 'worst_trade_pnl' } as const;

/** The best or the worst closed trade with everything that was booked on it; among equals the one that closed first. */
export async function extremeTree(
  { tx, state }: Moment,
  operation: 'maximum' | 'minimum',
): Promise<ExplainedNode> {
  const name = NAMES[operation];
  const formula = `The ${operation === 'maximum' ? 'largest' : 'smallest'} net PnL of a closed trade`;
  const value = operation === 'maximum' ? state.pnl.bestTrade : state.pnl.worstTrade;
  const [trade] = await tx.query<{ symbol: string; trade_id: string }>(
    `SELECT symbol, trade_id FROM trades WHERE account_id = $1 AND status <> 'OPEN' AND NOT pnl_unknown
     ORDER BY realized_pnl ${operation === 'maximum' ? 'DESC' : 'ASC'}, closed_at, symbol, trade_id LIMIT 1`,
    [state.accountId],
  );
  if (!trade) return leaf({ name, formula, operation: 'observation', value, evidence: { closed_trades: 0 } });
  const bookings = await bookingsOfTrade(tx, state.accountId, trade.symbol, trade.trade_id);
  return shownAs(chosen(name, formula, operation, tradeTree(trade.symbol, trade.trade_id, bookings)), value);
}
