-- Until when an exchange does not want to be asked, so that a replica that takes over leaves it alone as well.
CREATE TABLE exchange_closings (
  venue text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('rate_limited', 'banned')),
  until timestamptz NOT NULL
);

-- When a complete set of positions was last compared, by our clock: single positions that come after it say nothing of the others.
ALTER TABLE reconciliation_reports ADD COLUMN complete_received_at timestamptz;
UPDATE reconciliation_reports SET complete_received_at = holdings_received_at WHERE holdings_complete;

-- What positions cost whose entry prices are stood in for by marks that came after they were written: as a rebuild has it.
UPDATE positions p SET cost_basis = c.cost
  FROM (SELECT t.account_id, t.symbol, t.side,
               trim_scale(sum(CASE WHEN coalesce(t.entry_price, i.price) IS NULL THEN 0
                                   ELSE coalesce(t.cost_basis, t.remaining * coalesce(t.entry_price, i.price)) END)) AS cost
          FROM trades t LEFT JOIN stand_in_prices i USING (account_id, trade_id)
         WHERE t.status = 'OPEN'
         GROUP BY t.account_id, t.symbol, t.side
        HAVING bool_or(t.entry_price IS NULL)) c
 WHERE p.account_id = c.account_id AND p.symbol = c.symbol AND p.side = c.side AND p.cost_basis <> c.cost;
