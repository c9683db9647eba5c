import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { allAcknowledged } from '../support/streams.js';
import { begun } from './support/begun.js';
import { disturbances } from './support/disturbance.js';
import { experiments } from './support/experiment.js';
import { outages } from './support/outage.js';
import { RECOVERY_LIMIT_MS } from './support/rig.js';
import { inFull } from './support/settings.js';

/** Connections that die and say nothing, with the limits that the service has by default: a statement may take a minute. */
const experiment = experiments({ env: { PORTFOLIO_BATCH_SIZE: '40' } });
const CUT = 'connections to Postgres were dead';

outages(experiment)('every connection to Postgres is dead for good, with limits as they are', (rig) => ({
  begin: () => rig.toPostgres.halfOpen(),
  end: () => rig.toPostgres.forget(),
  holdMs: inFull(2_000, 60_000),
}));

for (const [what, pattern] of [
  ['with accounts locked', 'accounts-lock'],
  ['with a COMMIT that was done', 'COMMIT'],
] as const)
  disturbances(experiment)(
    `a connection dies silently ${what}`,
    async ({ rig }, day) => {
      const { lost } = rig.toPostgres.deaden(pattern);
      await day.send(rig.redis, 40);
      // The session that nobody hears any more holds its locks: whoever comes next would wait for the server to notice.
      await eventually(() => expect(lost()).toBe(1));
    },
    { trades: 200 },
  );

experiment('a statement that takes long is not taken for a dead connection', async (trial) => {
  const { rig } = trial;
  const day = await begun(trial);
  const seconds = inFull(7, 40);
  await rig.postgres.query(
    `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(${seconds}); RETURN NULL; END $$;
     CREATE TRIGGER slow AFTER INSERT ON trades FOR EACH STATEMENT EXECUTE FUNCTION slow()`,
  );
  // One that the experiment before left dead is found within seconds, and is no finding of this one.
  await eventually(() => expect(rig.toPostgres.dead).toBe(0));
  const said = rig.service.logs().split(CUT).length;
  const since = Date.now();
  await day.send(rig.redis, 20);
  await eventually(() => allAcknowledged(rig.redis), { timeoutMs: 6 * seconds * 1_000 });
  expect(Date.now() - since).toBeGreaterThan(seconds * 1_000);
  expect(rig.service.logs().split(CUT)).toHaveLength(said);
  await rig.postgres.query('DROP TRIGGER slow ON trades; DROP FUNCTION slow()');
  await day.send(rig.redis);
});

experiment('SIGTERM while Postgres does not answer', async (trial) => {
  const { rig } = trial;
  const day = await begun(trial);
  rig.toPostgres.halfOpen();
  await day.send(rig.redis, 60);
  await pause(500);
  const replica = rig.service;
  const since = Date.now();
  replica.signal('SIGTERM');
  expect(await replica.exited).toEqual({ code: 0, signal: null });
  const endedMs = Date.now() - since;
  // What Kubernetes gives by default.
  expect(endedMs).toBeLessThan(30_000);
  rig.toPostgres.heal();
  await rig.start();
  await day.send(rig.redis);
  return endedMs;
});

experiment('the connection on which peers are heard is dead for good', async (trial) => {
  const { rig } = trial;
  const day = await begun(trial);
  rig.toRedis.halfOpen();
  await pause(inFull(1_000, 30_000));
  rig.toRedis.forget();
  const since = Date.now();
  const at = since - 60_000;
  const deposit = { event_id: 'heard', type: 'DEPOSIT', amount: '1', account_id: day.account };
  const data = { ...deposit, timestamp: new Date(at).toISOString() };
  await eventually(
    async () => {
      // Pub/sub is at most once: a peer repeats until it sees the effect, and a repeat harms nothing.
      await rig.redis.publish('account.cash_flow', JSON.stringify({ pattern: 'account.cash_flow', data }));
      const found = await rig.postgres.query(
        "SELECT 1 FROM ledger WHERE account_id = $1 AND event_id = 'heard'",
        [day.account],
      );
      expect(found).toHaveLength(1);
    },
    { timeoutMs: RECOVERY_LIMIT_MS, everyMs: 200 },
  );
  const recoveryMs = Date.now() - since;
  day.more.push({ kind: 'flow', type: 'DEPOSIT', amount: '1', at });
  await day.send(rig.redis);
  return recoveryMs;
});
