-- The integrity job asks for the moments of adopted wallets at every look at a symbol.
CREATE INDEX ledger_adopted ON ledger (account_id, occurred_at) INCLUDE (version) WHERE kind = 'account.reconciliation';
