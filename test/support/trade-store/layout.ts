/** The table of a trade store as the service before this one made it. */
export const CREATE_TRADES = `CREATE TABLE IF NOT EXISTS trades (
  trade_id TEXT PRIMARY KEY, symbol TEXT NOT NULL, side TEXT NOT NULL, status TEXT NOT NULL,
  quantity REAL NOT NULL, leverage REAL NOT NULL, margin_usd REAL NOT NULL,
  entry_price REAL NOT NULL, entry_time TEXT NOT NULL,
  sl_price REAL, tp_price REAL, trail_percent REAL,
  exit_price REAL, exit_time TEXT, close_reason TEXT,
  pnl_usd REAL, pnl_pct REAL, r_multiple REAL,
  entry_fee_usd REAL DEFAULT 0.0, exit_fee_usd REAL DEFAULT 0.0, funding_fees_usd REAL DEFAULT 0.0,
  model TEXT, confidence REAL, meta_strategy_id TEXT, regime TEXT,
  rl_state_key TEXT, rl_action_key TEXT, rl_leverage_original REAL,
  exchange_order_id TEXT, sl_order_id TEXT, tp_order_id TEXT,
  metadata TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL)`;

export const COLUMNS = [
  ...[
    'trade_id',
    'symbol',
    'side',
    'status',
    'quantity',
    'leverage',
    'margin_usd',
    'entry_price',
    'entry_time',
  ],
  ...[
    'sl_price',
    'tp_price',
    'trail_percent',
    'exit_price',
    'exit_time',
    'close_reason',
    'pnl_usd',
    'pnl_pct',
  ],
  ...[
    'r_multiple',
    'entry_fee_usd',
    'exit_fee_usd',
    'funding_fees_usd',
    'model',
    'confidence',
    'meta_strategy_id',
  ],
  ...['regime', 'rl_state_key', 'rl_action_key', 'rl_leverage_original', 'exchange_order_id', 'sl_order_id'],
  ...['tp_order_id', 'metadata', 'created_at', 'updated_at'],
] as const;

export type Column = (typeof COLUMNS)[number];
export type StoredTrade = { readonly [column in Column]: string | number | null };

const USUAL: StoredTrade = {
  trade_id: 't',
  symbol: 'BTCUSDT',
  side: 'LONG',
  status: 'OPEN',
  quantity: 1,
  leverage: 10,
  margin_usd: 100,
  entry_price: 100,
  entry_time: '2026-01-10T08:00:00.123456',
  sl_price: null,
  tp_price: null,
  trail_percent: null,
  exit_price: null,
  exit_time: null,
  close_reason: null,
  pnl_usd: null,
  pnl_pct: null,
  r_multiple: null,
  entry_fee_usd: 0,
  exit_fee_usd: 0,
  funding_fees_usd: 0,
  model: 'ensemble_v2',
  confidence: 0.71,
  meta_strategy_id: 'trend_following',
  regime: 'BULL',
  rl_state_key: null,
  rl_action_key: null,
  rl_leverage_original: null,
  exchange_order_id: '8389765519',
  sl_order_id: null,
  tp_order_id: null,
  metadata: '{"signal_category": "CORE"}',
  created_at: '2026-01-10T08:00:00.000001',
  updated_at: '2026-01-10T08:00:00.123456',
};

/** A row of the store: what is given, on top of an ordinary open long. */
export function storedTrade(values: Partial<StoredTrade>): StoredTrade {
  return { ...USUAL, ...values };
}
