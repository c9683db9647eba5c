import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { streamOf } from '../support/streams.js';
import { begun } from './support/begun.js';
import { disturbances, lostReplies } from './support/disturbance.js';
import { experiments } from './support/experiment.js';
import { outages } from './support/outage.js';
import type { Rig } from './support/rig.js';
import { inFull } from './support/settings.js';

/** Small batches, so that there is something to read while something happens. */
const experiment = experiments({ env: { PORTFOLIO_BATCH_SIZE: '40' } });
const outage = outages(experiment);
const disturbance = disturbances(experiment);
const lostReply = lostReplies(experiment);

outage('Redis is killed and comes back with what it had', (rig) => ({
  begin: () => rig.redisServer.kill9(),
  end: () => rig.redisServer.restart(),
  holdMs: inFull(3_000, 30_000),
  factsCome: false,
}));

outage('Redis is frozen', (rig) => ({
  begin: () => rig.redisServer.freeze(),
  end: () => rig.redisServer.thaw(),
  holdMs: inFull(7_000, 30_000),
  factsCome: false,
}));

outage('the network to Redis is cut', (rig) => ({
  begin: () => rig.toRedis.cut(),
  end: () => rig.toRedis.heal(),
  holdMs: inFull(5_000, 60_000),
}));

outage('the network to Redis is half-open', (rig) => ({
  begin: () => rig.toRedis.halfOpen(),
  end: () => rig.toRedis.heal(),
  holdMs: inFull(7_000, 60_000),
}));

outage('the connections to Redis are dead for good, new ones are not', (rig) => ({
  begin: () => rig.toRedis.halfOpen(),
  end: () => rig.toRedis.forget(),
  holdMs: 2_000,
}));

outage('Redis is slow', (rig) => ({
  begin: () => rig.toRedis.slow(700),
  end: () => rig.toRedis.heal(),
  holdMs: inFull(4_000, 60_000),
  unready: false,
}));

disturbance('Redis is out of memory', async ({ rig }, day) => {
  await day.send(rig.redis, 100);
  await rig.redis.config('SET', 'maxmemory-policy', 'noeviction');
  await rig.redis.config('SET', 'maxmemory', '1');
  await pause(inFull(3_000, 20_000));
  await rig.redis.config('SET', 'maxmemory', '0');
});

/** What Redis lost its producers send again: the service says on which stream. */
function loss(name: string, lose: (rig: Rig) => Promise<unknown>): void {
  experiment(name, async (trial) => {
    const { rig } = trial;
    const day = await begun(trial, 200);
    await day.send(rig.redis, 250);
    await lose(rig);
    const recoveryMs = await rig.recovered(Date.now());
    await eventually(async () => {
      const { warnings } = (await rig.service.get('/api/portfolio/snapshot')).json<{ warnings: string[] }>();
      expect(warnings).toContainEqual(expect.stringMatching(/^source_gap:trade\.(opened|closed)$/));
    });
    await day.sendAgain(rig.redis);
    await day.send(rig.redis);
    return recoveryMs;
  });
}

loss('Redis comes back empty', async (rig) => {
  await rig.redisServer.kill9();
  await pause(1_000);
  await rig.redisServer.restart({ empty: true });
});

loss('everything is flushed while it is read', (rig) => rig.redis.flushall());

loss('a stream is deleted', (rig) => rig.redis.del(streamOf('trade.opened')));

loss('streams are trimmed under us', async (rig) => {
  rig.service.freeze();
  await pause(100);
  const unread = rig.loads.at(-1)!;
  await unread.send(rig.redis, 100);
  for (const type of ['trade.opened', 'trade.closed']) await rig.redis.xtrim(streamOf(type), 'MAXLEN', 1);
  rig.service.thaw();
});

for (const [what, pattern] of [
  ['XACK', 'xack'],
  ['an XADD of the outbox', 'xadd'],
  ['XREADGROUP', 'XREADGROUP'],
] as const)
  lostReply(`the reply to ${what} is lost`, (rig) => rig.toRedis, pattern, 3);

/** A key of ours is something else than a stream: what does not need it goes on. */
function wrongType(
  name: string,
  key: string,
  meanwhile: (rig: Rig) => Promise<unknown> = () => Promise.resolve(),
): void {
  disturbance(
    name,
    async ({ rig }) => {
      await rig.publications.catchUp();
      const { repeats } = rig.publications;
      await rig.redis.del(key);
      await rig.redis.set(key, 'not a stream');
      await meanwhile(rig);
      await rig.recovered(Date.now());
      await pause(1_500);
      await rig.publications.catchUp();
      // What could leave has left once.
      expect(rig.publications.repeats).toBe(repeats);
      await rig.redis.del(key);
    },
    { again: true },
  );
}

wrongType('a fact stream is no stream', streamOf('position.snapshot'));
wrongType('a stream of ours is no stream', streamOf('portfolio.pnl_updated'));
wrongType('the stream of prices is no stream', streamOf('market.tick'));
wrongType('the dead letters are no stream', 'quantum:dlq:trade.opened', (rig) =>
  rig.redis.xadd(streamOf('trade.opened'), '*', 'payload', 'not json'),
);
