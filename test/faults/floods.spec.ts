import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { allAcknowledged, streamOf } from '../support/streams.js';
import { metricsOf } from '../support/metrics.js';
import { experiments } from './support/experiment.js';
import { MEMORY_LIMIT_MB } from './support/outage.js';
import { floodPeers } from './support/peers.js';
import { inFull } from './support/settings.js';

const experiment = experiments();

/** Every write of trades takes longer than three times what a statement may. */
const SLOW = `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.6); RETURN NULL; END $$;
  CREATE TRIGGER slow AFTER INSERT ON trades FOR EACH STATEMENT EXECUTE FUNCTION slow()`;

experiment('ticks flood while trades must pass', async (trial) => {
  const { rig, random } = trial;
  await rig.running();
  const day = trial.load(80);
  await day.send(rig.redis, 60);
  let over = false;
  let ticks = 0;
  const flooding = (async () => {
    while (!over) {
      const pipeline = rig.redis.pipeline();
      for (let one = 0; one < 500; one += 1) {
        const price = random.decimal(60_000, 70_000, 2);
        pipeline.xadd(
          streamOf('market.tick'),
          'MAXLEN',
          '~',
          50_000,
          '*',
          'symbol',
          'BTCUSDT',
          'price',
          price,
          'timestamp',
          String(Date.now() - 1_000),
        );
      }
      await pipeline.exec();
      ticks += 500;
      await pause(5);
    }
  })();
  let slowest = 0;
  for (const since = Date.now(); Date.now() - since < inFull(5_000, 120_000);) {
    await day.send(rig.redis, 10);
    slowest = Math.max(slowest, await rig.recovered(Date.now()));
    expect(rig.service.memoryMb()).toBeLessThan(MEMORY_LIMIT_MB);
  }
  over = true;
  await flooding;
  expect(ticks).toBeGreaterThan(10_000);
  await day.send(rig.redis);
  return slowest;
});

experiment('events of peers flood while trades must pass', async (trial) => {
  const { rig } = trial;
  await rig.running();
  const day = trial.load(150);
  const told = await day.send(rig.redis, 60);
  const opens = told.filter(({ fact }) => fact.kind === 'open');
  await rig.recovered(Date.now());
  // More of one type at once than may wait, then without an end.
  rig.service.freeze();
  await floodPeers(rig.redis, day, opens, Math.ceil(15_000 / opens.length));
  rig.service.thaw();
  let slowest = await rig.recovered(Date.now());
  for (const since = Date.now(); Date.now() - since < inFull(5_000, 120_000);) {
    await floodPeers(rig.redis, day, opens, Math.ceil(1_000 / opens.length));
    await day.send(rig.redis, 10);
    slowest = Math.max(slowest, await rig.recovered(Date.now()));
    expect(rig.service.memoryMb()).toBeLessThan(MEMORY_LIMIT_MB);
  }
  const refused = (await metricsOf(rig.service)).find(
    ({ name, labels }) => name === 'portfolio_turned_away_total' && labels['code'] === 'too_many_events',
  );
  expect(refused?.value).toBeGreaterThan(1_000);
  await day.send(rig.redis);
  return slowest;
});

experiment('a restatement that takes longer than a statement may', async (trial) => {
  const { rig } = trial;
  await rig.quiet();
  const day = trial.load(0);
  await day.send(rig.redis);
  const at = Date.now() - 3_600_000;
  const count = inFull(600, 60_000);
  const trade = { symbol: 'SOLUSDT', side: 'LONG', fee: null } as const;
  const opens = Array.from({ length: count }, (_nothing, index) => ({
    ...({
      kind: 'open',
      tradeId: `T-${index}`,
      entryPrice: '80',
      quantity: '1',
      at: at + 10 * index,
      ...trade,
    } as const),
  }));
  // Each takes the thirty oldest: one more trade at the beginning, and all of them take others.
  const nothing = { tradeId: null, entryPrice: null, reportedPnl: null, reportedPct: null };
  const closes = Array.from(
    { length: count / 30 },
    (_nothing, index) =>
      ({
        ...trade,
        ...nothing,
        kind: 'close',
        quantity: '30',
        exitPrice: '90',
        at: at + 300 * (index + 1) - 5,
      }) as const,
  );
  await rig.start();
  await day.say(rig.redis, ...opens, ...closes);
  await rig.recovered(Date.now(), inFull(30_000, 600_000));
  await rig.quiet();
  // The first trade of all comes last: everything behind it is folded anew. A slow table stands for the millions that it would take.
  await rig.start('a', { PORTFOLIO_DATABASE_STATEMENT_TIMEOUT_MS: '500' });
  await rig.postgres.query(SLOW);
  const since = Date.now();
  await day.say(rig.redis, { ...opens[0]!, tradeId: 'T-first', entryPrice: '70', at: at - 1_000 });
  await eventually(() => allAcknowledged(rig.redis), { timeoutMs: inFull(40_000, 900_000) });
  const recoveryMs = Date.now() - since;
  await rig.postgres.query('DROP TRIGGER slow ON trades; DROP FUNCTION slow()');
  expect(rig.service.logs()).toContain('statement timeout');
  await rig.quiet();
  await rig.start();
  return recoveryMs;
});
