import type { TestDatabase } from '../postgres.js';

const TABLES = [
  'trades',
  'bookings',
  'positions',
  'pnl_totals',
  'pnl_days',
  'discrepancies',
  'symbol_books',
  'ledger_keys',
];

/** Everything that follows from the facts, as text; two equal states are equal texts. The sources of facts are left out. */
export async function storedState(database: TestDatabase): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const table of [...TABLES, 'accounts']) {
    const columns = table === 'accounts' ? 'account_id, version' : '*';
    const rows = await database.query<{ row: string }>(
      `SELECT row::text FROM (SELECT ${columns} FROM ${table}) AS row ORDER BY 1`,
    );
    state[table] = rows.map(({ row }) => row).join('\n');
  }
  return state;
}

/** The same without versions, for states that were reached in another order. */
export async function shownState(database: TestDatabase): Promise<Record<string, unknown>> {
  const [totals] = await database.query('SELECT * FROM pnl_totals');
  const trades = await database.query(
    `SELECT symbol, trade_id, side, status, quantity, remaining, entry_price, exit_price, opened_at, closed_at, leverage, fee,
            category, model, close_reason, realized_pnl, claimed_pnl FROM trades ORDER BY symbol, trade_id`,
  );
  const positions = await database.query('SELECT * FROM positions ORDER BY symbol, side');
  const days = await database.query('SELECT * FROM pnl_days ORDER BY day');
  return { totals, trades, positions, days };
}
