import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runNpm } from './install.mjs';
import { projectRoot } from './paths.mjs';
import { elapsed, say } from './say.mjs';

const SOURCES = ['src', 'migrations'];
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/bundle.mjs'];
const output = join(projectRoot, 'dist');
/** Written after a build: the hash of what it was made from. */
const stamp = join(output, '.built-from');

async function sourceFiles() {
  const files = [...SETTINGS];
  for (const folder of SOURCES.filter((name) => existsSync(join(projectRoot, name)))) {
    const entries = await readdir(join(projectRoot, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(projectRoot.length + 1));
    }
  }
  return files.sort();
}

/** A hash over names and contents: times tell nothing after a checkout. */
async function sourceHash() {
  const hash = createHash('sha256');
  for (const file of await sourceFiles()) {
    hash
      .update(`${file}\0`)
      .update(await readFile(join(projectRoot, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Builds dist/ when it was not made from the sources as they are. It starts clean, so that no deleted file lives on. */
export async function ensureBuilt({ signal } = {}) {
  const wanted = await sourceHash();
  const entry = join(output, 'main.js');
  if (existsSync(entry) && existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return;
  const since = Date.now();
  say('Building …');
  await rm(output, { recursive: true, force: true });
  await runNpm(['run', '--silent', 'build'], { signal });
  await writeFile(stamp, wanted);
  say(`Built in ${elapsed(since)}.`);
}
