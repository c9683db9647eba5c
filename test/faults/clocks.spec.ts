import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { streamOf } from '../support/streams.js';
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
    const service = await rig.start('a', { PORTFOLIO_FAULT_CLOCK_FILE: file, PORTFOLIO_HEARTBEAT_SEC: '1' });
    const day = trial.load(100);
    day.aside = null;
    await day.send(rig.redis, 80);
    await writeFile(file, String(hours * HOUR_MS));
    // Facts of the last hour are the future of a clock that runs behind: none of them may be lost to that.
    await day.send(rig.redis, 80);
    await pause(1_000);
    const heard = await newestBeat(rig.redis);
    // Consumers see by the heartbeat that we live, whatever the clock does.
    await eventually(async () => expect(await newestBeat(rig.redis)).not.toBe(heard), { timeoutMs: 5_000 });
    expect((await service.get('/health/live')).status).toBe(200);
    await writeFile(file, '0');
    // The process looks at its clock file ten times a second.
    await pause(300);
    const recoveryMs = await rig.recovered(Date.now());
    // What a wrong clock refused its producers send again.
    await day.sendAgain(rig.redis);
    await day.send(rig.redis);
    return recoveryMs;
  });

async function newestBeat(redis: Redis): Promise<string> {
  const [newest] = await redis.xrevrange(streamOf('portfolio.snapshot_updated'), '+', '-', 'COUNT', 1);
  return newest?.[0] ?? 'none';
}
