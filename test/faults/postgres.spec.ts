import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { begun } from './support/begun.js';
import { disturbances, lostReplies } from './support/disturbance.js';
import { experiments } from './support/experiment.js';
import { outages } from './support/outage.js';
import { inFull } from './support/settings.js';

/** Limits that are reached within an experiment; the rules are the same with those of production. */
const LIMITS = {
  PORTFOLIO_DATABASE_STATEMENT_TIMEOUT_MS: '3000',
  PORTFOLIO_DATABASE_LOCK_TIMEOUT_MS: '1000',
};
const experiment = experiments({ env: { PORTFOLIO_BATCH_SIZE: '40', ...LIMITS } });
const outage = outages(experiment);
const disturbance = disturbances(experiment);
const lostReply = lostReplies(experiment);

outage('Postgres is restarted fast', (rig) => ({
  begin: () => rig.postgres.end('SIGINT'),
  end: () => rig.postgres.startAgain(),
  holdMs: inFull(2_000, 30_000),
}));

outage('Postgres is killed with -9', (rig) => ({
  begin: () => rig.postgres.end('SIGKILL'),
  end: () => rig.postgres.startAgain(),
  holdMs: inFull(2_000, 30_000),
}));

outage('the network to Postgres is cut', (rig) => ({
  begin: () => rig.toPostgres.cut(),
  end: () => rig.toPostgres.heal(),
  holdMs: inFull(5_000, 60_000),
}));

outage('the network to Postgres is half-open', (rig) => ({
  begin: () => rig.toPostgres.halfOpen(),
  end: () => rig.toPostgres.heal(),
  holdMs: inFull(5_000, 60_000),
}));

outage('Postgres is slow', (rig) => ({
  begin: () => rig.toPostgres.slow(inFull(700, 2_000)),
  end: () => rig.toPostgres.heal(),
  holdMs: inFull(5_000, 60_000),
  unready: false,
}));

lostReply('the reply to COMMIT is lost', (rig) => rig.toPostgres, 'COMMIT', 5);

disturbance('every slot of Postgres is taken', async ({ rig }, day) => {
  const others = await takeEverySlot(rig.postgres.connect);
  try {
    // The service's own connections end, and there is no room for new ones.
    await others[0]!.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'portfolio_intelligence'",
    );
    others.push(...(await takeEverySlot(rig.postgres.connect)));
    await day.send(rig.redis, 60);
    await eventually(async () => expect((await rig.service.get('/health/ready')).status).toBe(503));
    expect((await rig.service.get(`/api/portfolio/snapshot?account=${day.account}`)).status).toBe(200);
    await pause(inFull(1_000, 30_000));
  } finally {
    for (const other of others) await other.end();
  }
});

async function takeEverySlot(connect: () => Promise<Client>): Promise<Client[]> {
  const clients: Client[] = [];
  for (;;) {
    const client = await connect().catch(() => null);
    if (client === null) return clients;
    clients.push(client);
  }
}

experiment('the pool of the service is exhausted', async (trial) => {
  const { rig } = trial;
  await rig.quiet();
  const service = await rig.start('a', { PORTFOLIO_DATABASE_POOL: '2' });
  const day = await begun(trial);
  const asked = Array.from({ length: 60 }, () =>
    service.get(`/api/portfolio/history?account=${day.account}`),
  );
  await day.send(rig.redis);
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
  const recoveryMs = await rig.recovered(Date.now());
  await rig.quiet();
  await rig.start();
  return recoveryMs;
});

function locked(name: string, sql: (account: string) => string): void {
  disturbance(name, async ({ rig }, day) => {
    const other = await rig.postgres.connect();
    await other.query('BEGIN');
    await other.query(sql(day.account));
    await day.send(rig.redis, 100);
    await pause(inFull(3_000, 60_000));
    expect((await rig.service.get(`/api/portfolio/snapshot?account=${day.account}`)).status).toBe(200);
    await other.query('COMMIT');
    await other.end();
  });
}

locked('a lock on every account is held', () => 'LOCK TABLE accounts IN EXCLUSIVE MODE');
locked(
  'a transaction holds one account and does nothing',
  (account) => `SELECT * FROM accounts WHERE account_id = '${account}' FOR UPDATE`,
);

experiment('a long transaction that only reads', async (trial) => {
  const { rig } = trial;
  const day = await begun(trial);
  const other = await rig.postgres.connect();
  await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await other.query('SELECT count(*) FROM ledger');
  await day.send(rig.redis);
  const recoveryMs = await rig.recovered(Date.now());
  await pause(inFull(500, 60_000));
  await other.query('COMMIT');
  await other.end();
  return recoveryMs;
});
