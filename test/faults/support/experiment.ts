import { Random } from '../../support/generate-random.js';
import { verifyInvariants } from './invariants.js';
import type { Load } from './load.js';
import { Rig, type RigOptions } from './rig.js';
import { LIMIT_MS, seed as firstSeed } from './settings.js';

const LOG_TAIL_CHARACTERS = 4_000;

/** What an experiment works with. */
export interface Trial {
  readonly rig: Rig;
  readonly seed: number;
  readonly random: Random;
  /** A trading day for an account of its own. */
  load(trades: number): Load;
}

/** Milliseconds until everything was as before, where something had to recover. */
type Work = (trial: Trial) => Promise<number | void>;

export interface ExperimentOptions {
  /** Why it cannot be done here; null = it can. */
  readonly impossible?: string | null;
  readonly timeoutMs?: number;
}

export type Experiment = ReturnType<typeof experiments>;

/**
 * The experiments of one file, on one rig: each on an account of its own, and after each everything that must always hold is looked at. One that
 * fails takes the rig with it.
 */
export function experiments(options: RigOptions = {}) {
  let rig: Rig | null = null;
  let number = 0;
  afterAll(async () => {
    await rig?.stop();
  }, 60_000);

  return (
    name: string,
    work: Work,
    { impossible = null, timeoutMs = LIMIT_MS }: ExperimentOptions = {},
  ): void => {
    if (impossible !== null) {
      say(`SKIPPED ${name}: ${impossible}`);
      test.skip(name, () => undefined);
      return;
    }
    const account = `x${(number += 1)}`;
    test(
      name,
      async () => {
        rig ??= await Rig.start(options);
        const started = rig;
        await attempt(started, name, account, work).catch(async (failure: unknown) => {
          rig = null;
          const logs = [...started.replicas.values()].map(
            (replica) => `--- ${replica.name}\n${replica.logs().slice(-LOG_TAIL_CHARACTERS)}`,
          );
          await started.discard();
          say(`FAILED ${name}\n${logs.join('\n')}`);
          throw failure;
        });
      },
      timeoutMs,
    );
  };
}

async function attempt(rig: Rig, name: string, account: string, work: Work): Promise<void> {
  const since = Date.now();
  const seed = firstSeed + Number(account.slice(1));
  const loads: Load[] = [];
  const load = (trades: number): Load => {
    const made = rig.load(`${account}${'abcdefgh'[loads.length]}`, {
      seed: seed * 10 + loads.length,
      trades,
    });
    loads.push(made);
    return made;
  };
  const random = new Random(seed);
  const recoveryMs = await work({ rig, seed, random, load });
  await verifyInvariants(rig, [...loads, ...rig.loads.filter((one) => one.account === 'probe')], random);
  const sent = loads.reduce((sum, one) => sum + one.sent, 0);
  const recovery =
    typeof recoveryMs === 'number'
      ? `recovery ${(recoveryMs / 1000).toFixed(2)} s`
      : 'nothing to recover from';
  say(`${name} · n=${sent} seed=${seed} · ${recovery} · ${((Date.now() - since) / 1000).toFixed(1)} s`);
}

/** One line for the person who waits: Jest's own console would add where it was said. */
function say(line: string): void {
  process.stdout.write(`fault: ${line}\n`);
}
