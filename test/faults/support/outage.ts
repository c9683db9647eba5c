import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import type { Load } from './load.js';
import type { Rig } from './rig.js';

/** More than the service has at rest, less than what a leak takes within a minute of load. */
export const MEMORY_LIMIT_MB = 700;

export interface Outage {
  readonly begin: () => unknown;
  readonly end: () => unknown;
  /** How long it stays. */
  readonly holdMs: number;
  /** What is done while it lasts. */
  readonly meanwhile?: () => Promise<unknown>;
  /** Whether readiness has to say no; a fault that does not keep it from its work need not. */
  readonly unready?: boolean;
  readonly limitMs?: number;
}

/**
 * Takes something away for a while and gives it back: reads go on from memory and say that they are stale, liveness says yes, readiness says no,
 * memory stays bounded. Returns the milliseconds it took to be back at work.
 */
export async function outage(
  rig: Rig,
  load: Load,
  { begin, end, holdMs, meanwhile, unready = true, limitMs }: Outage,
): Promise<number> {
  const before = await answer(rig, load);
  const since = Date.now();
  await begin();
  await meanwhile?.();
  if (unready) {
    await eventually(async () => expect((await rig.service.get('/health/ready')).status).toBe(503), {
      timeoutMs: 8_000,
    });
    await eventually(
      async () =>
        expect((await answer(rig, load))['warnings']).toContainEqual(expect.stringMatching(/^stale:/)),
      { timeoutMs: 12_000 },
    );
  }
  while (Date.now() - since < holdMs) {
    expect((await rig.service.get('/health/live')).status).toBe(200);
    const during = await answer(rig, load);
    if (!meanwhile) expect(during['cash_balance']).toBe(before['cash_balance']);
    expect(rig.service.memoryMb()).toBeLessThan(MEMORY_LIMIT_MB);
    await pause(100);
  }
  await end();
  const recoveryMs = await rig.recovered(Date.now(), limitMs);
  await eventually(async () =>
    expect((await answer(rig, load))['warnings']).not.toContainEqual(expect.stringMatching(/^stale:/)),
  );
  return recoveryMs;
}

async function answer(rig: Rig, { account }: Load): Promise<Record<string, unknown>> {
  const { status, text, json } = await rig.service.get(`/api/portfolio/snapshot?account=${account}`);
  if (status !== 200) throw new Error(`snapshot of ${account}: ${status} ${text}`);
  return json();
}

/** Returns when everything that was sent so far is in the book. */
export async function applied(rig: Rig, { account }: Load): Promise<void> {
  await eventually(async () =>
    expect((await rig.service.get(`/api/portfolio/snapshot?account=${account}`)).status).toBe(200),
  );
}
