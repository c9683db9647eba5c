import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { say } from '../../scripts/lib/say.mjs';
import { providePostgres, provideRedis } from '../../scripts/provision.mjs';

/** Database numbers in the one Redis: the service's, and the one in which the bare parts find the same messages. */
export const OURS = 0;
export const BARE = 1;

/** A Postgres and a Redis of the bench alone, with the settings that `npm start` gives them: what is durable there is durable here. */
export async function provideServers(started) {
  const folder = await mkdtemp(join(tmpdir(), 'portfolio-bench-'));
  await chmod(folder, 0o711);
  started.add(folder, { stop: () => rm(folder, { recursive: true, force: true }) });
  const postgres = await providePostgres({ dataDir: folder });
  started.add(postgres.directory, { stop: () => rm(postgres.directory, { recursive: true, force: true }) });
  started.add('Postgres', postgres);
  const redisServer = await provideRedis({ dataDir: folder });
  started.add('Redis', redisServer);
  return { folder, postgres, redisServer };
}

/** A client of one database of the Redis, closed at the end. */
export function connectRedis(servers, started, db) {
  // A connection that breaks is a broken measurement: nothing is tried again.
  const client = new Redis(redisUrlOf(servers, db), { retryStrategy: null, maxRetriesPerRequest: 0 });
  client.on('error', (error) => say(`Redis: ${error.message}`));
  started.add('a Redis client', { stop: () => client.disconnect() });
  return client;
}

export const redisUrlOf = ({ redisServer }, db) => `${redisServer.url}/${db}`;

/**
 * The name of the service's own connections: who has another is watched by a trigger on every row of a projection, which makes a bare COPY
 * of them four times as expensive.
 */
export const OWN_NAME = 'portfolio_intelligence';

/** Runs one statement as the superuser, or in the database named. */
export async function query({ postgres }, statement, values = [], database = 'postgres') {
  const connectionString = urlOfDatabase({ postgres }, database);
  const client = new pg.Client({ connectionString, application_name: OWN_NAME });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}

export function urlOfDatabase({ postgres }, name) {
  const url = new URL(postgres.adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** An empty database; an old one of that name goes. */
export async function createDatabase(servers, name) {
  await query(servers, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await query(servers, `CREATE DATABASE ${name}`);
  return urlOfDatabase(servers, name);
}
