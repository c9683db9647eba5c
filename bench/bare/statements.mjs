/** The statements of the bare consumer of trades: the same tables and columns as the service writes, prepared once. */
const column = (rows, pick) => rows.map((row) => pick(row) ?? null);

const TRADE_COLUMNS = [
  ['trade_id', 'text', (trade) => trade.trade_id],
  ['symbol', 'text', (trade) => trade.symbol],
  ['side', 'text', (trade) => trade.side],
  ['status', 'text', (trade) => (trade.closed_at ? 'CLOSED' : 'OPEN')],
  ['quantity', 'numeric', (trade) => trade.quantity],
  ['remaining', 'numeric', (trade) => (trade.closed_at ? 0 : trade.quantity)],
  ['cost_basis', 'numeric', (trade) => (trade.closed_at ? 0 : trade.quantity * trade.entry_price)],
  ['entry_price', 'numeric', (trade) => trade.entry_price],
  ['entry_from', 'text', () => 'open'],
  ['exit_price', 'numeric', (trade) => trade.exit_price],
  ['exit_notional', 'numeric', (trade) => (trade.exit_price ?? 0) * trade.quantity],
  ['opened_at', 'timestamptz', (trade) => trade.opened_at],
  ['opened_version', 'bigint', () => 1],
  ['closed_at', 'timestamptz', (trade) => trade.closed_at],
  ['leverage', 'numeric', (trade) => trade.leverage],
  ['stop_loss', 'numeric', (trade) => trade.stop_loss],
  ['take_profit', 'numeric', (trade) => trade.take_profit],
  ['fee', 'numeric', (trade) => trade.fee],
  ['fee_attributed', 'numeric', () => 0],
  ['category', 'text', (trade) => trade.category],
  ['model', 'text', (trade) => trade.model],
  ['close_reason', 'text', (trade) => trade.reason],
  ['realized_pnl', 'numeric', (trade) => trade.realized_pnl ?? 0],
  ['reported_pnl', 'numeric', (trade) => trade.realized_pnl],
  ['pnl_unknown', 'boolean', () => false],
  ['last_close_at', 'timestamptz', (trade) => trade.closed_at],
  ['last_close_key', 'text', (trade) => (trade.closed_at ? trade.trade_id : null)],
  ['closes', 'bigint', (trade) => (trade.closed_at ? 1 : 0)],
];
const TRADE_NAMES = TRADE_COLUMNS.map(([name]) => name);
const TRADE_KEY = ['symbol', 'trade_id'];
const TRADES_SQL = `INSERT INTO trades (account_id, ${TRADE_NAMES.join(', ')})
  SELECT $1::text, * FROM unnest(${TRADE_COLUMNS.map(([, type], i) => `$${i + 2}::${type}[]`).join(', ')})
  ON CONFLICT (account_id, symbol, trade_id) DO UPDATE SET ${TRADE_NAMES.filter(
    (name) => !TRADE_KEY.includes(name),
  )
    .map((name) => `${name} = EXCLUDED.${name}`)
    .join(', ')}`;

const LEDGER_SQL = `INSERT INTO ledger (account_id, version, kind, role, symbol, occurred_at, received_at, event_id, source, trade_ref, order_ref, fact)
  SELECT $1, version, kind, 'fact', symbol, occurred_at, $2, NULL, 'execution', NULL, NULL, fact
  FROM unnest($3::bigint[], $4::text[], $5::text[], $6::timestamptz[], $7::text[]) AS t(version, kind, symbol, occurred_at, fact)`;

const POSITIONS_SQL = `INSERT INTO positions (account_id, symbol, side, quantity, cost_basis, open_trades)
  SELECT $1::text, * FROM unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::bigint[])
  ON CONFLICT (account_id, symbol, side) DO UPDATE SET quantity = EXCLUDED.quantity, cost_basis = EXCLUDED.cost_basis,
    open_trades = EXCLUDED.open_trades`;

const OUTBOX_SQL = `INSERT INTO outbox (account_id, version, event_type, event_id, payload)
  SELECT $1, $2::bigint, * FROM unnest($3::text[], $4::uuid[], $5::text[])`;

const ACCOUNT_SQL = 'UPDATE accounts SET version = $2, changed_at = clock_timestamp() WHERE account_id = $1';

/** Each gives one statement with its values, ready for `query`. */
export const writes = {
  ledger: (messages, version, at, account) => ({
    name: 'ledger',
    text: LEDGER_SQL,
    values: [
      account,
      at,
      messages.map((_, i) => version + i + 1),
      messages.map(({ exit_price }) => (exit_price === undefined ? 'trade.opened' : 'trade.closed')),
      ...['symbol', 'timestamp', 'text'].map((name) => column(messages, (message) => message[name])),
    ],
  }),
  trades: (trades, account) => ({
    name: 'trades',
    text: TRADES_SQL,
    values: [account, ...TRADE_COLUMNS.map(([, , pick]) => column(trades, pick))],
  }),
  positions: (positions, account) => ({
    name: 'positions',
    text: POSITIONS_SQL,
    values: [
      account,
      column(positions, ({ symbol }) => symbol),
      column(positions, ({ side }) => side),
      // Sums of doubles are not exact, and the table wants more than zero: the bare part does not care.
      column(positions, ({ quantity }) => Math.max(quantity, 1e-9)),
      column(positions, ({ cost }) => cost),
      column(positions, ({ trades }) => trades),
    ],
  }),
  outbox: (events, version, newId, account) => ({
    name: 'outbox',
    text: OUTBOX_SQL,
    values: [
      account,
      version,
      column(events, ({ type }) => type),
      events.map(newId),
      column(events, ({ payload }) => payload),
    ],
  }),
  account: (version, account) => ({ name: 'account', text: ACCOUNT_SQL, values: [account, version] }),
};
