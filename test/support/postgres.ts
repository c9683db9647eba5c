import { randomBytes } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement in this database and gives its rows. */
  query<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Ends every connection to the database and removes it. */
  drop(): Promise<void>;
}

/** A fresh, empty database with a name of its own on the Postgres that the test runner provides. */
export async function createDatabase(): Promise<TestDatabase> {
  const admin = adminUrl();
  const name = `e2e_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    query: (sql, values) => queryOnce(url.href, sql, values),
    drop: () => onServer(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function adminUrl(): string {
  const url = process.env['PORTFOLIO_TEST_DATABASE_URL'];
  if (!url) throw new Error('PORTFOLIO_TEST_DATABASE_URL is not set; run the tests with `npm test`');
  return url;
}

async function onServer(url: string, sql: string): Promise<void> {
  await queryOnce(url, sql);
}

/** One connection a statement: a test asks seldom, and an idle connection would outlive a dropped database. */
async function queryOnce<Row extends QueryResultRow>(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Row>(sql, values);
    return result.rows;
  } finally {
    await client.end();
  }
}
