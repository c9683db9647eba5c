import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, writePrivateJson } from './files.mjs';
import { dataDirectory, projectRoot, runFile } from './paths.mjs';
import { commandOf, stopLeftover } from './processes.mjs';
import { say, Sentence } from './say.mjs';

/** Refuses a second start over the same data, and ends the service that a killed start left behind. */
export async function takeOver() {
  await mkdir(dataDirectory, { recursive: true });
  const earlier = await readJson(runFile);
  if (!earlier) return;
  if (earlier.pid !== process.pid && commandOf(earlier.pid).includes('start.mjs')) {
    throw new Sentence(
      `It already runs here (process ${earlier.pid}) at ${earlier.serviceUrl}: stop that one first.`,
    );
  }
  if (await stopLeftover(earlier.servicePid, join(projectRoot, 'dist', 'main.js'), 'SIGTERM'))
    say('Stopped the service of an earlier, killed run.');
  await rm(runFile, { force: true });
}

/** What runs, for `npm run replay` and for the next start. It holds passwords: only the owner may read it. */
export function recordRun(run) {
  return writePrivateJson(runFile, { pid: process.pid, ...run });
}

export async function forgetRun() {
  const recorded = await readJson(runFile);
  if (recorded?.pid === process.pid) await rm(runFile, { force: true });
}
