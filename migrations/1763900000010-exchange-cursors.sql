-- How far an exchange's history was taken into the ledger, saved in the transaction of the facts it covers. Milliseconds since the
-- epoch by the exchange's clock. What happened before `began_ms` is inside the opening wallet report.
CREATE TABLE exchange_cursors (
  account_id text NOT NULL,
  venue text NOT NULL,
  began_ms bigint NOT NULL,
  covered_ms bigint NOT NULL CHECK (covered_ms >= began_ms),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (account_id, venue)
);
