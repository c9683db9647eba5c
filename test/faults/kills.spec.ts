import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { experiments, type Trial } from './support/experiment.js';
import type { Load } from './support/load.js';
import { START_LIMIT_MS } from './support/rig.js';
import { cycles, inFull } from './support/settings.js';

/** Small batches: more moments at which a process can be in the middle of something. */
const experiment = experiments({ env: { PORTFOLIO_BATCH_SIZE: '40' } });

/** Sends the day in parts of random size until it is over or `stopped` says so. */
async function trickle({ rig, random }: Trial, load: Load, stopped: () => boolean): Promise<void> {
  while (load.left > 0 && !stopped()) {
    await load.send(rig.redis, random.integer(5, 60));
    await pause(random.integer(5, 40));
  }
}

experiment(
  'kill -9 at random moments under load',
  async (trial) => {
    const { rig, random } = trial;
    const times = cycles(20, 500);
    const load = trial.load(times * 30);
    let over = false;
    const sending = trickle(trial, load, () => over);
    for (let cycle = 0; cycle < times; cycle += 1) {
      const replica = await rig.launch();
      // Some die while they start, some in the middle of a batch.
      if (random.chance(0.85)) await replica.ready();
      await pause(random.integer(0, 350));
      await replica.kill9();
    }
    over = true;
    await sending;
    const since = Date.now();
    await rig.start();
    const recoveryMs = await rig.recovered(since, START_LIMIT_MS);
    await load.send(rig.redis);
    return recoveryMs;
  },
  { timeoutMs: inFull(240_000, 3_600_000) },
);

for (const [moment, what] of [
  ['commit', 'kill before COMMIT'],
  ['xack', 'kill between COMMIT and XACK'],
  ['xadd', 'kill between COMMIT and the first XADD of the outbox'],
  ['mark', 'kill between XADD and marking the outbox published'],
] as const)
  experiment(what, async ({ rig, load }) => {
    const day = load(120);
    await rig.quiet();
    const times = cycles(1, 10);
    for (let cycle = 0; cycle < times; cycle += 1) {
      const doomed = await rig.launch('a', { PORTFOLIO_FAULT: `${moment}:${cycle}` });
      await day.send(rig.redis, Math.ceil(day.messages.length / times / 2));
      await day.send(rig.redis, Math.ceil(day.messages.length / times / 2));
      const exit = await eventually(() => Promise.race([doomed.exited, late()]), { timeoutMs: 20_000 });
      expect(exit.signal).toBe('SIGKILL');
    }
    const since = Date.now();
    await rig.start();
    const recoveryMs = await rig.recovered(since, START_LIMIT_MS);
    await day.send(rig.redis);
    return recoveryMs;
  });

async function late(): Promise<never> {
  await pause(15_000);
  throw new Error('the process did not come to the moment at which it was to die');
}

experiment('two replicas on the same streams and accounts, one killed', async (trial) => {
  const { rig, random } = trial;
  const [first, second] = [trial.load(150), trial.load(150)];
  await rig.quiet();
  const [a, b] = [await rig.start('a'), await rig.start('b')];
  const sending = Promise.all([trickle(trial, first, () => false), trickle(trial, second, () => false)]);
  await pause(random.integer(200, 500));
  await a.kill9();
  const since = Date.now();
  const recoveryMs = await rig.recovered(since, START_LIMIT_MS);
  await sending;
  const again = await rig.start('a');
  expect([again.lives(), b.lives()]).toEqual([true, true]);
  return recoveryMs;
});
