import { readFileSync } from 'node:fs';
import { setting } from './settings.mjs';

/** Parameters of the URL that a CA file overrules, as in the service. */
const OVERRULED = ['ssl', 'sslmode', 'sslrootcert'];

/** Connects to a database as the service does: with a CA file the server's certificate is checked, whatever the URL says. */
export async function connect(url) {
  const { default: pg } = await import('pg');
  const file = setting('DATABASE_CA_FILE');
  const ssl = file ? { ssl: { ca: readFileSync(file, 'utf8'), rejectUnauthorized: true } } : {};
  const client = new pg.Client({ connectionString: file ? withoutTls(url) : url, ...ssl });
  await client.connect();
  return client;
}

/**
 * How a program of Postgres is told of a database. The password goes into its environment: an argument is seen by every user of the
 * machine, and is told when the program fails.
 */
export function forPrograms(url) {
  const file = setting('DATABASE_CA_FILE');
  const shown = new URL(file ? withoutTls(url) : url);
  const password = decodeURIComponent(shown.password);
  shown.password = '';
  const env = {
    ...process.env,
    ...(password && { PGPASSWORD: password }),
    ...(file && { PGSSLMODE: 'verify-full', PGSSLROOTCERT: file }),
  };
  return { url: shown.href, env };
}

function withoutTls(url) {
  const plain = new URL(url);
  for (const name of OVERRULED) plain.searchParams.delete(name);
  return plain.href;
}
