-- What the check of projections against the ledger found last, one row an account. A digest is null when facts came all the while.
CREATE TABLE integrity_accounts (
  account_id text PRIMARY KEY,
  version bigint NOT NULL,
  digest text,
  verified_at timestamptz NOT NULL,
  slices int NOT NULL
);

-- The parts of an account in which rows are not what the ledger says; an empty symbol = the account as a whole.
CREATE TABLE integrity_findings (
  account_id text NOT NULL,
  symbol text NOT NULL,
  total bigint NOT NULL,
  differences text NOT NULL,
  found_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, symbol)
);

-- How far the check is in its round; the row is never gone.
CREATE TABLE integrity_progress (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  round_started_at timestamptz,
  slices_done bigint NOT NULL DEFAULT 0,
  accounts_done bigint NOT NULL DEFAULT 0,
  accounts_total bigint NOT NULL DEFAULT 0,
  last_round_seconds double precision,
  seen_at timestamptz
);
INSERT INTO integrity_progress DEFAULT VALUES;

-- Parts of accounts that something else than the service wrote to: they are verified first.
CREATE TABLE integrity_foreign_writes (
  account_id text NOT NULL,
  symbol text NOT NULL,
  table_name text NOT NULL,
  written_by text NOT NULL,
  PRIMARY KEY (account_id, symbol, table_name)
);

CREATE FUNCTION note_foreign_write() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
  EXECUTE format(
    'INSERT INTO %I.integrity_foreign_writes
       SELECT DISTINCT r->>''account_id'', coalesce(r->>''symbol'', ''''), $1, $2 FROM unnest($3::jsonb[]) AS r WHERE r IS NOT NULL
       ON CONFLICT DO NOTHING', TG_TABLE_SCHEMA)
    USING TG_TABLE_NAME::text, session_user || ' (' || current_setting('application_name') || ')', ARRAY[old_row, new_row];
  RETURN NULL;
END $$;

-- Every connection of the service's pool has its application name, so that its own writes cost one comparison a row.
CREATE FUNCTION watch_for_foreign_writes(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'CREATE TRIGGER foreign_write AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW
       WHEN (current_setting(''application_name'') <> ''portfolio_intelligence'') EXECUTE FUNCTION note_foreign_write()', watched);
END $$;

SELECT watch_for_foreign_writes(name::regclass) FROM unnest(ARRAY[
  'trades', 'bookings', 'discrepancies', 'unmatched_closes', 'positions', 'symbol_books', 'pnl_totals', 'pnl_days', 'cash_flows'
]) AS name;

-- Facts are never changed: only what changes or removes one is worth a look, and appending costs nothing.
CREATE TRIGGER foreign_write AFTER UPDATE OR DELETE ON ledger FOR EACH ROW
  WHEN (current_setting('application_name') <> 'portfolio_intelligence') EXECUTE FUNCTION note_foreign_write();
CREATE TRIGGER foreign_write AFTER UPDATE OR DELETE ON ledger_keys FOR EACH ROW
  WHEN (current_setting('application_name') <> 'portfolio_intelligence') EXECUTE FUNCTION note_foreign_write();
