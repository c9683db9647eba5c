import { execFileSync } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { experiments } from './support/experiment.js';

const DISK = '220m';

/** A small disk of memory for Postgres alone; null when this user may not mount one. */
function smallDisk(): string | null {
  const place = mkdtempSync(join(tmpdir(), 'portfolio-faults-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0711`, 'tmpfs', place], {
      stdio: 'ignore',
    });
    return place;
  } catch {
    rmdirSync(place);
    return null;
  }
}

const disk = smallDisk();
const experiment = experiments({ ...(disk !== null && { postgresDirectory: disk }) });

afterAll(() => {
  if (disk === null) return;
  execFileSync('umount', [disk]);
  rmdirSync(disk);
});

experiment(
  'the disk of Postgres is full',
  async (trial) => {
    const { rig } = trial;
    await rig.running();
    const day = trial.load(150);
    await day.send(rig.redis, 60);
    await rig.recovered(Date.now());
    const filler = join(disk!, 'filler');
    await fill(filler);
    await day.send(rig.redis, 200);
    await eventually(
      () => expect(rig.service.logs()).toMatch(/No space left on device|the database system is/),
      { timeoutMs: 20_000 },
    );
    expect((await rig.service.get('/health/live')).status).toBe(200);
    expect((await rig.service.get(`/api/portfolio/snapshot?account=${day.account}`)).status).toBe(200);
    await rm(filler);
    // Postgres itself ends when it cannot write its log; whoever looks after it starts it again.
    if (!rig.postgres.lives()) await rig.postgres.startAgain();
    const recoveryMs = await rig.recovered(Date.now());
    await day.send(rig.redis);
    return recoveryMs;
  },
  { impossible: disk === null ? 'this user may not mount a small disk' : null },
);

/** Writes until there is no room for one page more. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const size of [1 << 20, 4096]) {
      const bytes = Buffer.alloc(size);
      for (;;) if ((await file.write(bytes).catch(() => null)) === null) break;
    }
  } finally {
    await file.close();
  }
}
