import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { experiments } from './support/experiment.js';

const experiment = experiments();
const HOUR_MS = 3_600_000;

for (const [name, hours] of [
  ['the clock jumps an hour ahead and back', 1],
  ['the clock jumps an hour back and ahead', -1],
] as const)
  experiment(name, async (trial) => {
    const { rig } = trial;
    await rig.quiet();
    const file = join(await mkdtemp(join(tmpdir(), 'portfolio-faults-clock-')), 'offset');
    await writeFile(file, '0');
    const service = await rig.start('a', { PORTFOLIO_FAULT_CLOCK_FILE: file });
    const day = trial.load(100);
    await day.send(rig.redis, 80);
    await writeFile(file, String(hours * HOUR_MS));
    // Facts of the last hour are the future of a clock that runs behind: none of them may be lost to that.
    await day.send(rig.redis, 80);
    await pause(1_500);
    expect((await service.get('/health/live')).status).toBe(200);
    await writeFile(file, '0');
    const recoveryMs = await rig.recovered(Date.now());
    // What a wrong clock refused its producers send again.
    await day.sendAgain(rig.redis);
    await day.send(rig.redis);
    return recoveryMs;
  });
