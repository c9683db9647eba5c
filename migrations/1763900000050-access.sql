-- Keys of the API: what is stored lets nobody in. The hash is a plain SHA-256 of 256 random bits, which have no dictionary.
CREATE TABLE api_keys (
  key_id text PRIMARY KEY,
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'admin'] AND cardinality(scopes) > 0),
  -- NULL = every account.
  accounts text[] CHECK (cardinality(accounts) > 0),
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz
);

-- Three roles that log nobody in by themselves: users are put into them. `portfolio_owner` owns the schema and migrates,
-- `portfolio_writer` is what the service needs and cannot change what was accepted, `portfolio_reader` looks.
-- Makes what is missing and may be run again, by hand and by whoever has the right; who has not leaves things as they are.
CREATE FUNCTION portfolio_grant_roles() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  role text;
  item record;
BEGIN
  FOREACH role IN ARRAY ARRAY['portfolio_owner', 'portfolio_writer', 'portfolio_reader'] LOOP
    BEGIN
      IF to_regrole(role) IS NULL THEN EXECUTE format('CREATE ROLE %I NOLOGIN', role); END IF;
    EXCEPTION
      -- Roles belong to the whole server: another database may be making the same one right now.
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
  GRANT USAGE ON SCHEMA public TO portfolio_owner, portfolio_writer, portfolio_reader;
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO portfolio_writer, portfolio_reader;
  GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portfolio_writer;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portfolio_writer;
  -- Tables of later migrations, as far as the same user makes them.
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO portfolio_writer, portfolio_reader;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT, UPDATE, DELETE ON TABLES TO portfolio_writer;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO portfolio_writer;
  -- What was accepted is accepted, by every key it claimed; keys of the API and the schema's history are not the service's to change.
  REVOKE UPDATE, DELETE, TRUNCATE ON ledger, ledger_keys FROM portfolio_writer;
  REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON api_keys, migrations FROM portfolio_writer;
  REVOKE ALL ON api_keys FROM portfolio_reader;
  IF NOT pg_has_role(current_user, 'portfolio_owner', 'USAGE') THEN
    RETURN 'granted; everything still belongs to ' || current_user;
  END IF;
  GRANT CREATE ON SCHEMA public TO portfolio_owner;
  FOR item IN SELECT c.oid::regclass AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner <> 'portfolio_owner'::regrole LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO portfolio_owner', item.name);
  END LOOP;
  ALTER DOMAIN exact OWNER TO portfolio_owner;
  ALTER FUNCTION portfolio_grant_roles() OWNER TO portfolio_owner;
  RETURN 'granted; everything belongs to portfolio_owner';
EXCEPTION
  -- All of it or nothing; the schema works without roles, too.
  WHEN insufficient_privilege THEN RETURN 'nothing was granted: ' || current_user || ' has no right to: ' || SQLERRM;
END $$;

SELECT portfolio_grant_roles();
