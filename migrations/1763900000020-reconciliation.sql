-- What the exchange holds may be adopted as a level inside a symbol's fold.
ALTER TABLE trades DROP CONSTRAINT trades_entry_from_check;
ALTER TABLE trades ADD CONSTRAINT trades_entry_from_check
  CHECK (entry_from IN ('open', 'execution', 'close', 'reconciliation'));
ALTER TABLE symbol_books ADD COLUMN last_level_at timestamptz;
-- When the wallet that is an account's opening balance was reported.
ALTER TABLE pnl_totals ADD COLUMN opening_at timestamptz;
UPDATE pnl_totals SET opening_at = (SELECT min(occurred_at) FROM cash_flows
  WHERE cash_flows.account_id = pnl_totals.account_id AND type = 'OPENING');
-- Finds the adopted wallet that a late amount was already in.
CREATE INDEX bookings_reconciliation ON bookings (account_id, occurred_at) WHERE kind = 'reconciliation' AND trade_id = '';

-- What the exchange last reported of an account: a record of what was seen, which a rebuild leaves.
CREATE TABLE reconciliation_reports (
  account_id text PRIMARY KEY,
  wallet_at timestamptz,
  wallet_source text,
  wallet exact,
  wallet_received_at timestamptz,
  -- How many positions the wallet's report counted, and whether its set was judged already.
  expected_positions bigint,
  judged boolean NOT NULL,
  holdings_at timestamptz,
  holdings_source text,
  holdings_received_at timestamptz,
  holdings_positions bigint,
  holdings_complete boolean,
  revision bigint NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX reconciliation_reports_changed_at ON reconciliation_reports (changed_at);

-- The newest report of each position that came one by one; a set of them is as good as a report of all.
CREATE TABLE reported_positions (
  account_id text NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL CHECK (side IN ('LONG', 'SHORT', 'FLAT')),
  quantity exact NOT NULL,
  entry_price exact,
  mark_price exact,
  unrealized_pnl exact,
  leverage exact,
  source text,
  occurred_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, symbol, side)
);

-- Where ours and theirs differ, and how it ended.
CREATE TABLE reconciliation_breaks (
  account_id text NOT NULL,
  opened_at timestamptz NOT NULL,
  kind text NOT NULL,
  symbol text NOT NULL,
  side text NOT NULL,
  ours exact,
  theirs exact,
  difference exact,
  money exact,
  severity text NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
  cause text NOT NULL,
  last_seen_at timestamptz NOT NULL,
  reports bigint NOT NULL,
  closed_at timestamptz,
  ended text CHECK (ended IN ('healed', 'adopted')),
  version bigint,
  CHECK ((closed_at IS NULL) = (ended IS NULL)),
  PRIMARY KEY (account_id, opened_at, kind, symbol, side)
);
CREATE UNIQUE INDEX reconciliation_breaks_open ON reconciliation_breaks (account_id, kind, symbol, side) WHERE closed_at IS NULL;
CREATE INDEX reconciliation_breaks_closed ON reconciliation_breaks (account_id, closed_at) WHERE closed_at IS NOT NULL;
