import { setTimeout as delay } from 'node:timers/promises';
import { Started } from '../../scripts/lib/ending.mjs';
import { deposit, Desk, symbolsFrom, tick } from './messages.mjs';
import { BARE, connectRedis, createDatabase, OURS, query, urlOfDatabase } from './servers.mjs';
import { startService } from './service.mjs';
import { send, untilAcknowledged } from './streams.mjs';

const PATIENCE_MS = 300_000;
const WAREHOUSE = 100_000_000;

/**
 * A running service on an empty database (or on one that is there) and an empty Redis database, with what a group of rows needs; `use` gets it and
 * everything is stopped when it ends, however it ends.
 */
export async function withStack(bench, use, { env = {}, database, redisDb = OURS, nodeFlags } = {}) {
  const started = new Started();
  bench.started.add('what some rows used', { stop: () => started.stopAll() });
  try {
    const redis = connectRedis(bench, started, redisDb);
    const bareRedis = connectRedis(bench, started, BARE);
    await Promise.all([redis.flushdb(), bareRedis.flushdb()]);
    const name = database ?? 'ours';
    const databaseUrl = database ? urlOfDatabase(bench, name) : await createDatabase(bench, name);
    const service = await startService(bench, { databaseUrl, env, redisDb, nodeFlags });
    started.add('the service', service);
    await service.untilReady('/health/ready');
    const ask = (statement, values) => query(bench, statement, values, name);
    const result = await use({ ...bench, started, redis, bareRedis, service, databaseUrl, ask });
    await refusedNothing(ask);
    return result;
  } finally {
    await started.stopAll();
  }
}

/** A message that was set aside was acknowledged too, and faster: numbers made of such ones are worth nothing. */
async function refusedNothing(ask) {
  const refused = await ask(
    'SELECT code, count(*)::int AS n, min(message) AS example FROM quarantine GROUP BY code',
  );
  if (refused.length > 0) throw new Error(`the service refused messages: ${JSON.stringify(refused)}`);
}

/** Waits until a question is answered with true. */
export async function until(what, question, everyMs = 20) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(everyMs))
    if (await question()) return;
  throw new Error(`${what} did not come about in ${PATIENCE_MS} ms`);
}

/** Money and one open trade in each symbol (and on each side) for an account, every symbol with a mark. Resolves to its desk. */
export async function openAccount({ redis, service }, { accountId, first = 0, count, bothSides = false }) {
  const desk = new Desk({
    symbols: symbolsFrom(first, count),
    accountId,
    bothSides,
    name: accountId ?? 'main',
  });
  await send(redis, [deposit(WAREHOUSE, accountId), ...desk.openAll()]);
  await send(
    redis,
    desk.symbols.map((symbol, step) => tick(symbol, step)),
  );
  await untilAcknowledged(redis, ['account.cash_flow', 'trade.opened']);
  const wanted = count * (bothSides ? 2 : 1);
  const hasAll = async () => {
    const { positions } = await service.json(snapshotPath(accountId));
    return positions.length === wanted && positions.every(({ price_source }) => price_source !== 'entry');
  };
  await until(`${wanted} positions with marks`, hasAll, 100);
  return desk;
}

export const snapshotPath = (accountId) =>
  `/api/portfolio/snapshot${accountId ? `?account=${accountId}` : ''}`;

/** Waits until everything durable has left the outbox: what follows is not slowed by what was. */
export function untilQuiet({ ask }) {
  return until('an empty outbox', async () => {
    const [{ n }] = await ask('SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL');
    return n === 0;
  });
}
