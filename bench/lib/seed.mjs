import { run } from '../../scripts/lib/processes.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { createDatabase, query } from './servers.mjs';

/**
 * The ledger of an account that closed very many trades in the last 300 days, and all that follows from it, as the service would have
 * written it: made in SQL, because sending a million trades takes longer than what is measured after. `npm run rebuild` finds
 * the projections equal to the ledger; the row `rebuild` asks it each time.
 */
const SYMBOLS = 200;
const DAYS = 300;
const DEPOSIT = 100_000_000;
/** Keys of closes hold the hash of what they say, as src/ledger/identity.ts makes it. */
const HASH = `translate(rtrim(encode(sha256(convert_to(concat('["trade.closed",', closed_us, ',"', trade_id, '","', symbol, '","', side,
  '","', entry, '","', exit, '","', quantity, '","', pnl, '","0.5",null,null,null,null,null]'), 'UTF8')), 'base64'), '='), '+/', '-_')`;
const at = (micros) => `(timestamptz 'epoch' + ${micros} * interval '1 microsecond')`;

const PLAN = (trades) => `
  CREATE TABLE seed AS
  WITH numbered AS (
    SELECT i, 'A' || lpad((i % ${SYMBOLS})::text, 3, '0') || 'USDT' AS symbol,
           CASE WHEN i % 3 = 0 THEN 'SHORT' ELSE 'LONG' END AS side,
           2000 + (i % ${SYMBOLS}) * 1000 + (i * 37) % 997 AS entry_cents, 2000 + (i % ${SYMBOLS}) * 1000 + (i * 37 + 407) % 997 AS exit_cents,
           5 + i % 1500 AS thousandths,
           (extract(epoch FROM date_trunc('day', now()))::bigint - ${DAYS} * 86400) * 1000000 + (i * ${DAYS - 1}::numeric * 86400000000 / ${trades})::bigint AS opened_us
    FROM generate_series(1, ${trades}::bigint) AS i
  ), priced AS (
    SELECT *, trim_scale(entry_cents / 100.0) AS entry, trim_scale(exit_cents / 100.0) AS exit, trim_scale(thousandths / 1000.0) AS quantity,
           opened_us + 1 AS closed_us, concat('S_', symbol, '_', i) AS trade_id,
           CASE side WHEN 'LONG' THEN 1 ELSE -1 END * (exit_cents - entry_cents) * thousandths / 100000.0 AS gain
    FROM numbered
  ), whole AS (SELECT *, trim_scale(gain) AS pnl FROM priced)
  SELECT *, 2 * i AS opened_version, 2 * i + 1 AS closed_version, concat('closed:', trade_id, ':hash:', ${HASH}) AS close_key FROM whole`;

const ROWS = (trades) => [
  `INSERT INTO accounts (account_id, version) VALUES ('main', 2 * ${trades} + 1)`,
  `INSERT INTO ledger (account_id, version, kind, role, symbol, occurred_at, received_at, event_id, source, fact)
   SELECT 'main', 1, 'account.cash_flow', 'fact', NULL, ${at('us')}, ${at('us')}, 'seed', 'execution',
          concat('{"kind":"account.cash_flow","occurredAt":', us, ',"accountId":"main","eventId":"seed","source":"execution","type":"DEPOSIT","amount":"${DEPOSIT}"}')
   FROM (SELECT min(opened_us) - 1 AS us FROM seed) AS first`,
  `INSERT INTO ledger (account_id, version, kind, role, symbol, occurred_at, received_at, source, fact)
   SELECT 'main', opened_version, 'trade.opened', 'fact', symbol, ${at('opened_us')}, ${at('opened_us')}, 'execution',
          concat('{"kind":"trade.opened","occurredAt":', opened_us, ',"accountId":"main","source":"execution","tradeId":"', trade_id, '","symbol":"', symbol,
                 '","side":"', side, '","entryPrice":"', entry, '","quantity":"', quantity, '","leverage":"5"}')
   FROM seed UNION ALL
   SELECT 'main', closed_version, 'trade.closed', 'fact', symbol, ${at('closed_us')}, ${at('closed_us')}, 'execution',
          concat('{"kind":"trade.closed","occurredAt":', closed_us, ',"accountId":"main","source":"execution","tradeId":"', trade_id, '","symbol":"', symbol,
                 '","side":"', side, '","entryPrice":"', entry, '","exitPrice":"', exit, '","quantity":"', quantity,
                 '","reportedPnl":"', pnl, '","reportedPnlPct":"0.5"}')
   FROM seed ORDER BY 2`,
  `INSERT INTO ledger_keys (account_id, key, version)
   SELECT 'main', 'event:seed', 1 UNION ALL SELECT 'main', 'opened:' || trade_id, opened_version FROM seed
   UNION ALL SELECT 'main', close_key, closed_version FROM seed`,
  `INSERT INTO trades (account_id, trade_id, symbol, side, status, quantity, remaining, entry_price, entry_from, exit_price, exit_notional, opened_at,
     opened_version, closed_at, leverage, fee_attributed, realized_pnl, reported_pnl, pnl_unknown, last_close_at, last_close_key, closes)
   SELECT 'main', trade_id, symbol, side, 'CLOSED', quantity, 0, entry, 'open', exit, trim_scale(exit * quantity), ${at('opened_us')},
     opened_version, ${at('closed_us')}, 5, 0, pnl, pnl, false, ${at('closed_us')}, close_key, 1 FROM seed`,
  `INSERT INTO bookings (account_id, version, trade_id, kind, symbol, occurred_at, quantity, quantity_derived, entry_price, exit_price, fee,
     opening_fee, reported, computed, amount)
   SELECT 'main', closed_version, trade_id, 'close', symbol, ${at('closed_us')}, quantity, false, entry, exit, 0, 0, pnl, pnl, pnl FROM seed`,
  `INSERT INTO symbol_books (account_id, symbol, last_at) SELECT 'main', symbol, max(${at('closed_us')}) FROM seed GROUP BY symbol`,
  `INSERT INTO cash_flows (account_id, version, type, amount, occurred_at) SELECT 'main', 1, 'DEPOSIT', ${DEPOSIT}, occurred_at FROM ledger WHERE version = 1`,
  `INSERT INTO pnl_totals (account_id, net_deposits, deposits_known, realized, closed_trades, winning_trades, losing_trades, gross_profit, gross_loss,
     best_trade, worst_trade, unknown_bookings)
   SELECT 'main', ${DEPOSIT}, true, trim_scale(sum(pnl)), count(*), count(*) FILTER (WHERE pnl > 0), count(*) FILTER (WHERE pnl < 0),
     trim_scale(coalesce(sum(pnl) FILTER (WHERE pnl > 0), 0)), trim_scale(coalesce(-sum(pnl) FILTER (WHERE pnl < 0), 0)), max(pnl), min(pnl), 0 FROM seed`,
  `INSERT INTO pnl_days (account_id, day, realized, closed_trades, winning_trades)
   SELECT 'main', (${at('closed_us')} AT TIME ZONE 'UTC')::date, trim_scale(sum(pnl)), count(*), count(*) FILTER (WHERE pnl > 0) FROM seed GROUP BY 2`,
  `INSERT INTO trade_excursions (account_id, symbol, trade_id, side, entry_price) SELECT 'main', symbol, trade_id, side, entry FROM seed`,
];

/** A database of `main` with so many closed trades, made once in a run. Resolves to its name. */
export async function seededDatabase(bench, trades) {
  const name = `seeded_${trades}`;
  if (bench.seeds.has(name)) return name;
  const databaseUrl = await createDatabase(bench, name);
  await migrate(databaseUrl);
  const statements = [PLAN(trades), ...ROWS(trades), 'DROP TABLE seed', 'VACUUM ANALYZE', 'CHECKPOINT'];
  for (const statement of statements) await query(bench, statement, [], name);
  bench.seeds.add(name);
  return name;
}

/** Brings the schema up in an empty database, as `npm run migrate` does. */
export function migrate(databaseUrl) {
  const env = { PATH: process.env.PATH, PORTFOLIO_DATABASE_URL: databaseUrl };
  return run(process.execPath, ['dist/migrate.js'], { cwd: projectRoot, env });
}
