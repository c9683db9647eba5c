import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { begun } from './begun.js';
import type { Experiment, Trial } from './experiment.js';
import type { Load } from './load.js';
import type { Rig } from './rig.js';

/** More than the service has at rest, less than what a leak takes within a minute of load. */
export const MEMORY_LIMIT_MB = 700;

export interface Outage {
  readonly begin: () => unknown;
  readonly end: () => unknown;
  /** How long it stays. */
  readonly holdMs: number;
  /** Whether facts go on coming, and wait on their streams; where the streams themselves are away they cannot. */
  readonly factsCome?: boolean;
  /** Whether readiness has to say no; a fault that does not keep it from its work need not. */
  readonly unready?: boolean;
}

/** Experiments in which something is taken away in the middle of a day and given back. */
export function outages(experiment: Experiment) {
  return (name: string, of: (rig: Rig) => Outage): void =>
    experiment(name, async (trial) => {
      const day = await begun(trial);
      const recoveryMs = await outage(trial, day, of(trial.rig));
      await day.send(trial.rig.redis);
      return recoveryMs;
    });
}

/**
 * Takes something away for a while and gives it back: reads go on from memory and say that they are stale, liveness says yes, readiness says no,
 * memory stays bounded. Returns the milliseconds it took to be back at work.
 */
async function outage(
  { rig, random }: Trial,
  day: Load,
  { begin, end, holdMs, factsCome = true, unready = true }: Outage,
): Promise<number> {
  const before = await answer(rig, day);
  const since = Date.now();
  await begin();
  if (factsCome) await day.send(rig.redis, random.integer(20, 80));
  if (unready) await saysThatItIsAway(rig, day);
  while (Date.now() - since < holdMs) {
    expect((await rig.service.get('/health/live')).status).toBe(200);
    const during = await answer(rig, day);
    if (!factsCome) expect(during['cash_balance']).toBe(before['cash_balance']);
    expect(rig.service.memoryMb()).toBeLessThan(MEMORY_LIMIT_MB);
    await pause(100);
  }
  await end();
  const recoveryMs = await rig.recovered(Date.now());
  await eventually(async () =>
    expect((await answer(rig, day))['warnings']).not.toContainEqual(expect.stringMatching(/^stale:/)),
  );
  return recoveryMs;
}

async function saysThatItIsAway(rig: Rig, day: Load): Promise<void> {
  await eventually(async () => expect((await rig.service.get('/health/ready')).status).toBe(503), {
    timeoutMs: 8_000,
  });
  await eventually(
    async () => expect((await answer(rig, day))['warnings']).toContainEqual(expect.stringMatching(/^stale:/)),
    { timeoutMs: 12_000 },
  );
}

async function answer(rig: Rig, { account }: Load): Promise<Record<string, unknown>> {
  const { status, text, json } = await rig.service.get(`/api/portfolio/snapshot?account=${account}`);
  if (status !== 200) throw new Error(`snapshot of ${account}: ${status} ${text}`);
  return json();
}
