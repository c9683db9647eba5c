-- What outside systems told of policy, one row a source: a level with its age, shared by all replicas and kept over a restart.
CREATE TABLE policy_readings (
  source text PRIMARY KEY CHECK (source IN ('risk_safety', 'redis_policy')),
  revision bigint NOT NULL,
  reading text NOT NULL
);

-- Counts the messages that said that policy changed. Whoever reads policy compares; the row is never gone.
CREATE TABLE policy_refresh (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  asked bigint NOT NULL DEFAULT 0
);
INSERT INTO policy_refresh DEFAULT VALUES;

-- What was announced of each limit and is not over yet; no row = nothing. An empty symbol = the limit is not one of a symbol.
CREATE TABLE limit_states (
  account_id text NOT NULL,
  limit_name text NOT NULL,
  symbol text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('approaching', 'breached')),
  since timestamptz NOT NULL,
  PRIMARY KEY (account_id, limit_name, symbol)
);

-- The default map beside the one that counts, so that a replaced one can be put back.
CREATE TABLE default_sectors (
  base text PRIMARY KEY,
  sector text NOT NULL
);
CREATE TABLE default_categories (
  base text PRIMARY KEY,
  category text NOT NULL CHECK (category IN ('CORE', 'EXPANSION', 'MONITORING', 'TOXIC'))
);

INSERT INTO default_sectors (sector, base)
  SELECT sector, unnest(string_to_array(bases, ' ')) FROM (VALUES
    ('L1', 'BTC ETH BNB SOL ADA AVAX DOT ATOM NEAR ALGO ICP APT SUI SEI INJ FTM HBAR VET QNT TON TRX XRP LTC BCH ETC XLM XMR EOS ZEC DASH ZEN TAO'),
    ('L2', 'MATIC POL ARB OP METIS MANTA STRK IMX'),
    ('DEFI', 'UNI AAVE LINK MKR CRV LDO SNX COMP SUSHI YFI BAL PERP GMX GNS PENDLE RUNE 1INCH MAV RESOLV HYPE'),
    ('INFRA', 'FIL AR GRT OCEAN RENDER RNDR BAND API3'),
    ('AI', 'FET AGIX WLD'),
    ('MEME', 'DOGE SHIB PEPE WIF BONK FLOKI'),
    ('GAMING', 'AXS SAND MANA APE GALA'),
    ('STABLE', 'DAI USDC FDUSD')
  ) AS map(sector, bases);

INSERT INTO default_categories (category, base)
  SELECT category, unnest(string_to_array(bases, ' ')) FROM (VALUES
    ('CORE', 'BTC ETH BNB SOL LINK LTC AVAX MATIC RNDR HYPE ICP ZEN BCH TAO PAXG AAVE ZEC DASH AGIX GIGGLE EOS ETC FTM NEAR RESOLV'),
    ('EXPANSION', 'UNI MAV INJ ORDI'),
    ('TOXIC', 'ZIL BLUR PYTH DYM PORTAL ALT XAI 1000PEPE PUMP SOON JCT TRUMP TRX WLFI DUSK PENGU ALPHA UXLINK STRK'),
    ('MONITORING', 'DOGE')
  ) AS map(category, bases);

-- Which map counts now. Replicas follow `revision`; `file_digest` is the content of the settings' file that was taken last.
CREATE TABLE classification_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  revision bigint NOT NULL DEFAULT 1,
  origin text NOT NULL DEFAULT 'default',
  file_digest text,
  changed_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO classification_state DEFAULT VALUES;
