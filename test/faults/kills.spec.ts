import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { allAcknowledged } from '../support/streams.js';
import { experiments, type Trial } from './support/experiment.js';
import type { Load } from './support/load.js';
import { START_LIMIT_MS } from './support/rig.js';
import { cycles } from './support/settings.js';

/** Small batches: more moments at which a process can be in the middle of something. */
const experiment = experiments({ env: { PORTFOLIO_BATCH_SIZE: '40' } });

/** Sends a day in parts of random size until no more than `rest` messages of it are left. */
async function trickle({ rig, random }: Trial, load: Load, rest = 0): Promise<void> {
  while (load.left > rest) {
    await load.send(rig.redis, Math.min(random.integer(1, 30), load.left - rest));
    await pause(random.integer(5, 40));
  }
}

experiment('kill -9 at random moments under load', async (trial) => {
  const { rig, random } = trial;
  const times = cycles(20, 500);
  const load = trial.load(times * 30);
  const all = load.left;
  for (let cycle = 0; cycle < times; cycle += 1) {
    const replica = await rig.launch();
    // Some die while they start, some in the middle of a batch: each life has its share of the day to be killed in.
    if (random.chance(0.85)) await replica.ready();
    const sending = trickle(trial, load, Math.floor((all * (times - cycle - 1)) / times));
    await pause(random.integer(0, 350));
    // Lives may be too short for a batch: now and then one works off what the others left, or there would soon be nothing but leftovers.
    if (cycle % 10 === 9) await eventually(() => allAcknowledged(rig.redis), { timeoutMs: 60_000 });
    await replica.kill9();
    await sending;
  }
  const since = Date.now();
  await rig.start();
  const recoveryMs = await rig.recovered(since, START_LIMIT_MS);
  await load.send(rig.redis);
  return recoveryMs;
});

for (const [moment, what] of [
  ['commit', 'kill before COMMIT'],
  ['xack', 'kill between COMMIT and XACK'],
  ['xadd', 'kill between COMMIT and the first XADD of the outbox'],
  ['mark', 'kill between XADD and marking the outbox published'],
] as const)
  experiment(what, async (trial) => {
    const { rig, random } = trial;
    const times = cycles(1, 10);
    const day = trial.load(60 + times * 60);
    await rig.quiet();
    for (let cycle = 0; cycle < times; cycle += 1) {
      // The moment comes several times in a life; which of them is the last one is drawn.
      const doomed = await rig.launch('a', { PORTFOLIO_FAULT: `${moment}:${random.integer(0, 4)}` });
      while (doomed.lives() && day.left > 0) {
        await day.send(rig.redis, random.integer(1, 8));
        await pause(random.integer(50, 250));
      }
      const exit = await Promise.race([doomed.exited, late()]);
      expect(exit.signal).toBe('SIGKILL');
    }
    const since = Date.now();
    await rig.start();
    const recoveryMs = await rig.recovered(since, START_LIMIT_MS);
    await day.send(rig.redis);
    return recoveryMs;
  });

async function late(): Promise<never> {
  await pause(15_000, undefined, { ref: false });
  throw new Error('the process did not come to the moment at which it was to die');
}

experiment('two replicas on the same streams and accounts, one killed', async (trial) => {
  const { rig, random } = trial;
  const [first, second] = [trial.load(150), trial.load(150)];
  await rig.quiet();
  const [a, b] = [await rig.start('a'), await rig.start('b')];
  const sending = Promise.all([trickle(trial, first), trickle(trial, second)]);
  await pause(random.integer(200, 500));
  await a.kill9();
  const since = Date.now();
  const recoveryMs = await rig.recovered(since, START_LIMIT_MS);
  await sending;
  const again = await rig.start('a');
  expect([again.lives(), b.lives()]).toEqual([true, true]);
  return recoveryMs;
});
