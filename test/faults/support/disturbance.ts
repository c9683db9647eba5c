import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { begun } from './begun.js';
import type { Experiment, Trial } from './experiment.js';
import type { Load } from './load.js';
import type { FaultProxy } from './proxy.js';
import type { Rig } from './rig.js';

export interface Disturbance {
  /** Trades of the day in whose middle it comes. */
  readonly trades?: number;
  /** Whether the producers send everything again, because something was lost that only they have. */
  readonly again?: boolean;
}

/** Experiments in which something is done in the middle of a day: the service recovers, and takes the rest of the day. */
export function disturbances(experiment: Experiment) {
  return (
    name: string,
    disturb: (trial: Trial, day: Load) => Promise<unknown>,
    { trades = 100, again = false }: Disturbance = {},
  ): void =>
    experiment(name, async (trial) => {
      const { rig } = trial;
      const day = await begun(trial, trades);
      await disturb(trial, day);
      const recoveryMs = await rig.recovered(Date.now());
      if (again) await day.sendAgain(rig.redis);
      await day.send(rig.redis);
      return recoveryMs;
    });
}

/** Experiments in which the service is not told, `times` times, what became of what has `pattern` in it: it was done. */
export function lostReplies(experiment: Experiment) {
  const disturbance = disturbances(experiment);
  return (name: string, proxyOf: (rig: Rig) => FaultProxy, pattern: string, times: number): void =>
    disturbance(
      name,
      async ({ rig }, day) => {
        const proxy = proxyOf(rig);
        const { lost } = proxy.loseReply(pattern, times);
        for (let part = 0; part < 6; part += 1) {
          await day.send(rig.redis, 40);
          await pause(300);
        }
        await eventually(() => expect(lost()).toBe(times), { timeoutMs: 20_000 });
        proxy.heal();
      },
      { trades: 200 },
    );
}
