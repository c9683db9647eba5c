import { join } from 'node:path';
import { providePostgres, provideRedis } from '../../scripts/provision.mjs';
import { startHello } from '../lib/hello.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atMost, row } from '../lib/results.mjs';
import { migrate, seededDatabase } from '../lib/seed.mjs';
import { createDatabase, urlOfDatabase } from '../lib/servers.mjs';
import { startService } from '../lib/service.mjs';
import { now } from '../lib/streams.mjs';
import { largeLedger } from './growth.mjs';

const AGAINST = 'Nest + Fastify + TypeORM "hello"';
const EMBEDDED = {
  id: 'start-embedded',
  what: `start of Postgres, Redis and the service, data there from before → ready | the same with ${AGAINST} for the service`,
};
const WARM = {
  id: 'start-warm',
  what: `start of the process, Postgres and Redis running → ready | ${AGAINST}`,
};
const LARGE = { id: 'start-1m', what: `the same with 1 000 000 closed trades in the ledger | ${AGAINST}` };
const CASES = [
  { ...EMBEDDED, target: atMost(1.5), measure: embedded },
  { ...WARM, target: atMost(1.5), measure: warm },
  { ...LARGE, target: atMost(2), measure: large },
].map((one) => ({ ...one, unit: 'ms' }));

export const ids = CASES.map(({ id }) => id);

export async function measure(bench, isWanted) {
  const rows = [];
  for (const one of CASES.filter(({ id }) => isWanted(id))) {
    const { ours, baseline } = await one.measure(bench);
    rows.push(row({ ...one, what: withSize(bench, one) }, ours, baseline));
  }
  return rows;
}

/** A quick run has a smaller ledger, and says so. */
function withSize(bench, { what }) {
  return what.replace('1 000 000', largeLedger(bench).toLocaleString('en').replaceAll(',', ' '));
}

/** Milliseconds until what `start` starts answers that it is ready; it is stopped again. */
async function timed(start) {
  const since = now();
  const program = await start();
  try {
    await program.untilReady('/health/ready');
    return now() - since;
  } finally {
    await program.stop();
  }
}

function pairsOn(bench, databaseUrl) {
  return takeTurns(bench.rounds, {
    ours: () => timed(() => startService(bench, { databaseUrl })),
    baseline: () => timed(() => startHello(bench, databaseUrl)),
  });
}

async function warm(bench) {
  const databaseUrl = await createDatabase(bench, 'warm');
  await migrate(databaseUrl);
  return pairsOn(bench, databaseUrl);
}

async function large(bench) {
  return pairsOn(bench, urlOfDatabase(bench, await seededDatabase(bench, largeLedger(bench))));
}

/** Each time with servers of their own, started from what they left on disk. */
async function embedded(bench) {
  const dataDir = join(bench.folder, 'embedded');
  const measureWith = (start) => async () => {
    const since = now();
    const postgres = await providePostgres({ dataDir });
    const redisServer = await provideRedis({ dataDir }).catch((error) =>
      postgres.stop().finally(() => Promise.reject(error)),
    );
    const servers = now() - since;
    try {
      return servers + (await timed(() => start({ ...bench, postgres, redisServer }, postgres.url)));
    } finally {
      await redisServer.stop();
      await postgres.stop();
    }
  };
  return takeTurns(bench.rounds, {
    ours: measureWith((own, databaseUrl) => startService(own, { databaseUrl })),
    baseline: measureWith(startHello),
  });
}
