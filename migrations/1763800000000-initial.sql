-- Money, prices and quantities are plain numeric: products are kept unrounded. `CHECK (x > 0)` accepts NaN, hence the
-- domain. Every key starts with account_id, so that each growing table can be hash-partitioned by it.
CREATE DOMAIN exact AS numeric CHECK (VALUE <> 'NaN' AND VALUE <> 'Infinity' AND VALUE <> '-Infinity');

CREATE TABLE accounts (
  account_id text PRIMARY KEY,
  version bigint NOT NULL DEFAULT 0,
  -- Counts rebuilds that changed something: a book that is older must be loaded anew although its version is the same.
  repairs bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX accounts_changed_at ON accounts (changed_at);

-- The append-only truth: one row a fact, in the order the account accepted them.
CREATE TABLE ledger (
  account_id text NOT NULL,
  version bigint NOT NULL,
  kind text NOT NULL,
  role text NOT NULL CHECK (role IN ('fact', 'supplement')),
  symbol text,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  event_id text,
  source text,
  -- What an execution may bring a price to: the trade it names, and its order.
  trade_ref text,
  order_ref text,
  fact text NOT NULL,
  PRIMARY KEY (account_id, version)
);
CREATE INDEX ledger_symbol ON ledger (account_id, symbol, version);
CREATE INDEX ledger_executions_trade ON ledger (account_id, trade_ref) WHERE kind = 'order.executed';
CREATE INDEX ledger_executions_order ON ledger (account_id, order_ref) WHERE kind = 'order.executed';

-- The inbox rule: every key a fact claims, for ever.
CREATE TABLE ledger_keys (
  account_id text NOT NULL,
  key text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (account_id, key)
);

-- Messages that can never succeed, and facts that contradict an accepted one. `stream`/`entry_id` make a repeat harmless.
CREATE TABLE quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text,
  code text NOT NULL,
  message text NOT NULL,
  stream text NOT NULL,
  entry_id text NOT NULL,
  fields bytea NOT NULL,
  first_version bigint,
  received_at timestamptz NOT NULL,
  UNIQUE (stream, entry_id)
);
CREATE INDEX quarantine_account ON quarantine (account_id, id);

-- How far each inbound stream was taken into the database: ids going backwards mean that the stream lost its past.
CREATE TABLE source_positions (
  stream text PRIMARY KEY,
  entry_id text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL,
  version bigint NOT NULL,
  event_type text NOT NULL,
  event_id uuid NOT NULL,
  payload text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE trades (
  account_id text NOT NULL,
  trade_id text NOT NULL,
  symbol text NOT NULL,
  side text CHECK (side IN ('LONG', 'SHORT')),
  status text NOT NULL CHECK (status IN ('OPEN', 'CLOSED', 'ORPHAN')),
  quantity exact,
  remaining exact NOT NULL CHECK (remaining >= 0),
  cost_basis exact CHECK (cost_basis >= 0),
  entry_price exact,
  entry_from text CHECK (entry_from IN ('open', 'execution', 'close')),
  exit_price exact,
  opened_at timestamptz,
  opened_version bigint,
  closed_at timestamptz,
  leverage exact,
  stop_loss exact,
  take_profit exact,
  fee exact,
  fee_attributed exact NOT NULL,
  category text,
  model text,
  close_reason text,
  realized_pnl exact NOT NULL,
  reported_pnl exact,
  pnl_unknown boolean NOT NULL,
  exit_notional exact NOT NULL,
  last_close_at timestamptz,
  last_close_key text,
  closes int NOT NULL,
  PRIMARY KEY (account_id, symbol, trade_id)
);
CREATE INDEX trades_open ON trades (account_id) WHERE status = 'OPEN';
CREATE INDEX trades_place ON trades (account_id, COALESCE(opened_at, closed_at), symbol, trade_id);
CREATE INDEX trades_closed ON trades (account_id, closed_at, symbol, trade_id) WHERE status <> 'OPEN';
CREATE INDEX trades_pnl ON trades (account_id, realized_pnl) WHERE status <> 'OPEN' AND NOT pnl_unknown;

-- One row for each amount that a fact realized on a trade (or, with an empty trade_id, on the account).
CREATE TABLE bookings (
  account_id text NOT NULL,
  version bigint NOT NULL,
  trade_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('opening_fee', 'close', 'fee', 'funding', 'reconciliation')),
  symbol text,
  occurred_at timestamptz NOT NULL,
  quantity exact,
  quantity_derived boolean NOT NULL,
  entry_price exact,
  exit_price exact,
  fee exact,
  opening_fee exact,
  reported exact,
  computed exact,
  amount exact,
  PRIMARY KEY (account_id, version, trade_id)
);
CREATE INDEX bookings_symbol ON bookings (account_id, symbol, trade_id);
CREATE INDEX bookings_time ON bookings (account_id, occurred_at);

CREATE TABLE symbol_books (
  account_id text NOT NULL,
  symbol text NOT NULL,
  last_at timestamptz,
  last_unnamed_at timestamptz,
  last_fill_id text,
  awaited text,
  PRIMARY KEY (account_id, symbol)
);

CREATE TABLE positions (
  account_id text NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('LONG', 'SHORT')),
  quantity exact NOT NULL CHECK (quantity > 0),
  cost_basis exact NOT NULL,
  open_trades int NOT NULL,
  PRIMARY KEY (account_id, symbol, side)
);

-- Closes that wait for their open: booked ones carry enough by themselves, parked ones do not.
CREATE TABLE unmatched_closes (
  account_id text NOT NULL,
  version bigint NOT NULL,
  symbol text NOT NULL,
  trade_id text,
  side text,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  booked boolean NOT NULL,
  PRIMARY KEY (account_id, version)
);

CREATE TABLE discrepancies (
  account_id text NOT NULL,
  version bigint NOT NULL,
  trade_id text NOT NULL,
  kind text NOT NULL,
  symbol text,
  reported exact,
  computed exact,
  size exact,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, version, trade_id, kind)
);
CREATE INDEX discrepancies_trade ON discrepancies (account_id, trade_id);

CREATE TABLE cash_flows (
  account_id text NOT NULL,
  version bigint NOT NULL,
  type text NOT NULL,
  amount exact NOT NULL,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, version)
);
CREATE INDEX cash_flows_time ON cash_flows (account_id, occurred_at);

CREATE TABLE pnl_totals (
  account_id text PRIMARY KEY,
  net_deposits exact NOT NULL,
  deposits_known boolean NOT NULL,
  realized exact NOT NULL,
  closed_trades bigint NOT NULL,
  winning_trades bigint NOT NULL,
  losing_trades bigint NOT NULL,
  gross_profit exact NOT NULL,
  gross_loss exact NOT NULL,
  best_trade exact,
  worst_trade exact,
  unknown_bookings bigint NOT NULL,
  reconciled_at timestamptz
);

CREATE TABLE pnl_days (
  account_id text NOT NULL,
  day date NOT NULL,
  realized exact NOT NULL,
  closed_trades bigint NOT NULL,
  winning_trades bigint NOT NULL,
  PRIMARY KEY (account_id, day)
);

-- Records of what was seen. A rebuild leaves them.
CREATE TABLE marks (
  symbol text PRIMARY KEY,
  price exact NOT NULL CHECK (price > 0),
  observed_at timestamptz NOT NULL,
  source text NOT NULL
);

CREATE TABLE stand_in_prices (
  account_id text NOT NULL,
  trade_id text NOT NULL,
  price exact NOT NULL CHECK (price > 0),
  observed_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, trade_id)
);

-- What an open trade was seen to be worth, by the marks it saw; see docs/accounting.md.
CREATE TABLE trade_excursions (
  account_id text NOT NULL,
  symbol text NOT NULL,
  trade_id text NOT NULL,
  side text NOT NULL CHECK (side IN ('LONG', 'SHORT')),
  entry_price exact,
  low exact,
  high exact,
  adverse_price exact,
  adverse_quantity exact,
  adverse_cost exact,
  favourable_price exact,
  favourable_quantity exact,
  favourable_cost exact,
  first_mark_at timestamptz,
  PRIMARY KEY (account_id, symbol, trade_id)
);

CREATE TABLE equity_candles (
  account_id text NOT NULL,
  minute timestamptz NOT NULL,
  equity_open exact NOT NULL,
  equity_high exact NOT NULL,
  equity_low exact NOT NULL,
  equity_close exact NOT NULL,
  index_open exact NOT NULL,
  index_high exact NOT NULL,
  index_low exact NOT NULL,
  index_close exact NOT NULL,
  growth_close exact NOT NULL,
  drawdown_high exact NOT NULL,
  drawdown_low exact NOT NULL,
  series int NOT NULL,
  ruins int NOT NULL,
  PRIMARY KEY (account_id, minute)
);

CREATE TABLE equity_curves (
  account_id text PRIMARY KEY,
  curve text NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- What the projections were computed with, so that a changed setting is noticed.
CREATE TABLE projection_settings (
  name text PRIMARY KEY,
  value text NOT NULL
);

CREATE TABLE sectors (
  base text PRIMARY KEY,
  sector text NOT NULL
);

CREATE TABLE categories (
  base text PRIMARY KEY,
  category text NOT NULL CHECK (category IN ('CORE', 'EXPANSION', 'MONITORING', 'TOXIC'))
);
