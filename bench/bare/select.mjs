import pg from 'pg';

/** Reads a whole ledger in its order, page by page, and does nothing with it. In the order of the column: `version` alone would be the text that is selected under that name. */
const PAGE = 2_000;
const PAGE_SQL = `SELECT version::text, role, received_at::text, fact FROM ledger
  WHERE account_id = 'main' AND version > $1 ORDER BY ledger.version LIMIT ${PAGE}`;

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
for (let after = '0', rows = []; rows !== null;) {
  ({ rows } = await client.query({ name: 'page', text: PAGE_SQL, values: [after] }));
  if (rows.length < PAGE) break;
  after = rows.at(-1).version;
}
await client.end();
