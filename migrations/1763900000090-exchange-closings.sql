-- Until when an exchange does not want to be asked, so that a replica that takes over leaves it alone as well.
CREATE TABLE exchange_closings (
  venue text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('rate_limited', 'banned')),
  until timestamptz NOT NULL
);

-- When a complete set of positions was last compared, by our clock: single positions that come after it say nothing of the others.
ALTER TABLE reconciliation_reports ADD COLUMN complete_received_at timestamptz;
UPDATE reconciliation_reports SET complete_received_at = holdings_received_at WHERE holdings_complete;
