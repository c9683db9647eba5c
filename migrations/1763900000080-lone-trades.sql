-- What ties trades of a symbol together, by time: closes that name no trade, and statements of the exchange. An import asks for them.
CREATE INDEX ledger_ties ON ledger (account_id, symbol, occurred_at)
  WHERE kind = 'position.reconciliation' OR (kind = 'trade.closed' AND position('"tradeId":' in fact) = 0);
-- A correction may make either of any close.
CREATE INDEX ledger_corrections ON ledger (account_id, symbol) WHERE kind = 'trade.corrected';
