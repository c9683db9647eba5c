-- What a trade store's own rule says a trade earned: shown and compared, never booked.
ALTER TABLE trades ADD COLUMN claimed_pnl exact;

-- The latest import of each trade store into an account, for health and for people: what was read, and what became of it.
CREATE TABLE trade_store_imports (
  account_id text NOT NULL,
  store text NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  rows_read bigint NOT NULL,
  rows_taken bigint NOT NULL,
  rows_refused bigint NOT NULL,
  error text,
  PRIMARY KEY (account_id, store)
);
