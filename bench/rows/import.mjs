import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GIVES_BACK, ROOM_FOR_THE_YOUNG } from '../../scripts/lib/node-flags.mjs';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import { run } from '../../scripts/lib/processes.mjs';
import { tradeHash } from '../lib/messages.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atLeast, row } from '../lib/results.mjs';
import { migrate } from '../lib/seed.mjs';
import { connectRedis, createDatabase, query, redisUrlOf } from '../lib/servers.mjs';
import { now } from '../lib/streams.mjs';

const IMPORT = { id: 'import', unit: 'trades/s', target: atLeast(0.3) };
const PROGRAM = 'dist/import-trades.js';
/** The Redis database of the trade store; the others belong to services. */
const STORE = 3;
const OURS = 'imported';
const BARE = 'copied';

/** There is nothing to measure where the service has no such command. */
export const ids = existsSync(join(projectRoot, 'src', 'import-trades.ts')) ? [IMPORT.id] : [];

export async function measure(bench) {
  const trades = bench.quick ? 10_000 : 200_000;
  await fillStore(bench, trades);
  await oneImport(bench);
  await tookAll(bench, trades);
  const files = await copyOut(bench);
  const { ours, baseline } = await takeTurns(bench.rounds, {
    ours: async () => (trades * 1000) / (await oneImport(bench)),
    baseline: async () => (trades * 1000) / (await oneCopy(bench, files)),
  });
  const what = `npm run import:trades of ${trades.toLocaleString('en')} closed trades, start of the process included | bare COPY of the rows that it writes`;
  return [row({ ...IMPORT, what }, ours, baseline)];
}

/** A trade store as the service before this one kept it: one hash a trade. */
async function fillStore(bench, trades) {
  const redis = connectRedis(bench, bench.started, STORE);
  await redis.flushdb();
  for (let at = 0; at < trades; at += 5_000) {
    const pipeline = redis.pipeline();
    for (let i = at; i < Math.min(trades, at + 5_000); i += 1)
      pipeline.hset(`trade:store-${i}`, tradeHash(i, trades));
    await pipeline.exec();
  }
}

async function emptyDatabase(bench, name) {
  const databaseUrl = await createDatabase(bench, name);
  await migrate(databaseUrl);
  await query(bench, 'CHECKPOINT');
  return databaseUrl;
}

/** Milliseconds of one import into an empty database. */
async function oneImport(bench) {
  const env = {
    PATH: process.env.PATH,
    ...GIVES_BACK,
    PORTFOLIO_DATABASE_URL: await emptyDatabase(bench, OURS),
    PORTFOLIO_REDIS_URL: redisUrlOf(bench, 0),
  };
  const since = now();
  await run(process.execPath, [ROOM_FOR_THE_YOUNG, PROGRAM, '--redis', redisUrlOf(bench, STORE)], {
    cwd: projectRoot,
    env,
  });
  return now() - since;
}

/** A fast import of half of them would be no result. */
async function tookAll(bench, trades) {
  const [{ n }] = await query(
    bench,
    `SELECT count(*)::int AS n FROM trades WHERE status = 'CLOSED'`,
    [],
    OURS,
  );
  if (n !== trades) throw new Error(`${n} of ${trades} trades were imported`);
}

/** Every row that the import wrote, a file a table, where the server itself may write. */
async function copyOut(bench) {
  const tables = await query(
    bench,
    `SELECT table_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'account_id' AND is_generated = 'NEVER' ORDER BY 1`,
    [],
    OURS,
  );
  const files = tables.map(({ name }) => ({
    name,
    file: join(bench.postgres.directory, `bench-${name}.copy`),
  }));
  for (const { name, file } of files) await query(bench, `COPY ${name} TO '${file}'`, [], OURS);
  return files;
}

/** Milliseconds of one COPY of all of it, in one transaction. */
async function oneCopy(bench, files) {
  await emptyDatabase(bench, BARE);
  const statements = files.map(({ name, file }) => `COPY ${name} FROM '${file}'`);
  const since = now();
  await query(bench, `BEGIN; ${statements.join('; ')}; COMMIT`, [], BARE);
  return now() - since;
}
