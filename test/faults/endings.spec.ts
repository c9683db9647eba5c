import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { httpGet } from '../support/http.js';
import { runToEnd } from '../support/service.js';
import { allAcknowledged } from '../support/streams.js';
import { experiments } from './support/experiment.js';
import type { Replica } from './support/replica.js';
import { START_LIMIT_MS } from './support/rig.js';
import { cycles, inFull } from './support/settings.js';

const experiment = experiments({ env: { PORTFOLIO_BATCH_SIZE: '40' } });

/** What an orchestrator gives a process to end by itself. */
const GRACE_MS = 30_000;

/** Asks for a snapshot again and again, as somebody does who follows readiness: not once it said no. Returns what was answered. */
function reader(replica: Replica, account: string) {
  let over = false;
  const answers: (number | string)[] = [];
  const reading = (async () => {
    while (!over && (await isReady(replica))) {
      const answer = await httpGet(`${replica.url}/api/portfolio/snapshot?account=${account}`).catch(String);
      answers.push(typeof answer === 'string' ? answer : answer.status);
    }
  })();
  return { answers, stop: async () => ((over = true), await reading) };
}

async function isReady({ url }: Replica): Promise<boolean> {
  return httpGet(`${url}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

for (const [name, signals] of [
  ['SIGTERM under load', 1],
  ['SIGTERM twice under load', 2],
] as const)
  experiment(name, async (trial) => {
    const { rig, random } = trial;
    const day = trial.load(60 + cycles(2, 50) * 40);
    await rig.running();
    await day.send(rig.redis, 40);
    await rig.recovered(Date.now());
    let recoveryMs = 0;
    for (let cycle = 0; cycle < cycles(2, 50); cycle += 1) {
      const replica = rig.service;
      const readers = [reader(replica, day.account), reader(replica, day.account)];
      await day.send(rig.redis, 80);
      await pause(random.integer(0, 150));
      const since = Date.now();
      for (let signal = 0; signal < signals; signal += 1) replica.signal('SIGTERM');
      expect(await replica.exited).toEqual({ code: 0, signal: null });
      expect(Date.now() - since).toBeLessThan(GRACE_MS);
      for (const one of readers) await one.stop();
      const statuses = readers.flatMap(({ answers }) => answers);
      expect(statuses.filter((status) => status !== 200)).toEqual([]);
      // Nothing is in its hands: what it read is committed and acknowledged.
      await nothingPending(rig.redis);
      const start = Date.now();
      await rig.start();
      recoveryMs = Math.max(recoveryMs, await rig.recovered(start, START_LIMIT_MS));
    }
    await day.send(rig.redis);
    return recoveryMs;
  });

async function nothingPending(redis: Parameters<typeof allAcknowledged>[0]): Promise<void> {
  await allAcknowledged(redis).catch((failure: Error) => {
    if (failure.message.includes('pending')) throw failure;
  });
}

experiment('SIGTERM during start', async (trial) => {
  const { rig, random } = trial;
  const day = trial.load(60);
  await rig.quiet();
  await day.send(rig.redis);
  for (let cycle = 0; cycle < cycles(3, 50); cycle += 1) {
    const replica = await rig.launch();
    await eventually(() => expect(replica.logs()).toContain('listening'), { timeoutMs: 20_000, everyMs: 5 });
    await pause(random.integer(0, 250));
    const since = Date.now();
    replica.signal('SIGTERM');
    expect(await replica.exited).toEqual({ code: 0, signal: null });
    expect(Date.now() - since).toBeLessThan(GRACE_MS);
  }
  const since = Date.now();
  await rig.start();
  return rig.recovered(since, START_LIMIT_MS);
});

experiment('two replicas that migrate at once, and SIGTERM during a migration', async (trial) => {
  const { rig } = trial;
  await rig.quiet();
  let url = '';
  for (let i = 0; i < inFull(4, 20); i += 1) {
    const name = `fresh_${trial.seed}_${i}`;
    await rig.postgres.query(`CREATE DATABASE ${name}`);
    url = rig.addressOf(name);
    const doomed = await rig.launch('doomed', { PORTFOLIO_DATABASE_URL: url });
    await eventually(() => expect(doomed.logs()).toContain('listening'), { timeoutMs: 20_000, everyMs: 5 });
    await pause(trial.random.integer(0, 60));
    doomed.signal('SIGTERM');
    expect(await doomed.exited).toEqual({ code: 0, signal: null });
    expect(doomed.logs()).not.toContain('"level":"error"');
  }
  const pair = [
    await rig.launch('one', { PORTFOLIO_DATABASE_URL: url }),
    await rig.launch('two', { PORTFOLIO_DATABASE_URL: url }),
  ];
  const since = Date.now();
  for (const replica of pair) await replica.ready();
  const recoveryMs = Date.now() - since;
  for (const replica of pair) await replica.stop();
  const { code, logs } = await runToEnd({ PORTFOLIO_DATABASE_URL: url }, 'dist/migrate.js');
  expect([code, logs]).toEqual([0, 'the schema is up to date\n']);
  await rig.start();
  return recoveryMs;
});

experiment(
  'a backlog at start',
  async (trial) => {
    const { rig } = trial;
    await rig.quiet();
    const day = trial.load(inFull(1_500, 20_000));
    await day.send(rig.redis);
    // Mostly repeats: what they cost is what a backlog of that many messages costs.
    const wanted = inFull(6_000, 1_000_000);
    while (day.sent < wanted) await day.put(rig.redis, day.messages.slice(0, wanted - day.sent));
    const since = Date.now();
    await rig.start('a', { PORTFOLIO_BATCH_SIZE: '500' });
    const recoveryMs = await rig.recovered(since, inFull(120_000, 3_000_000));
    expect(rig.service.memoryMb()).toBeLessThan(900);
    return recoveryMs;
  },
  { timeoutMs: inFull(240_000, 3_600_000) },
);
