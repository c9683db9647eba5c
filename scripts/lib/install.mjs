import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readJson } from './files.mjs';
import { projectRoot } from './paths.mjs';
import { run } from './processes.mjs';
import { elapsed, say, Sentence } from './say.mjs';

/** Refuses a Node that is too old, in words, before anything fails in a stranger way. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Sentence(`This needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
}

/** Packages of the lock file that every platform installs. */
function required(lock) {
  return Object.entries(lock.packages).filter(
    ([path, entry]) => path && !entry.optional && !entry.extraneous && !entry.os && !entry.cpu,
  );
}

/** Whether node_modules holds what the lock file says: npm notes there what it installed. */
async function isInstalled() {
  const installed = await readJson(join(projectRoot, 'node_modules', '.package-lock.json'));
  const wanted = await readJson(join(projectRoot, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return required(wanted).every(([path, entry]) => installed.packages[path]?.version === entry.version);
}

/** npm as it was called, else the one on PATH. */
export function runNpm(args, options) {
  const cli = process.env.npm_execpath;
  const known = cli && basename(cli) === 'npm-cli.js' && existsSync(cli);
  const [command, first] = known ? [process.execPath, [cli]] : ['npm', []];
  return run(command, [...first, ...args], { cwd: projectRoot, ...options });
}

/** Installs the dependencies when they are missing or the lock file has changed. The build needs the dev ones too. */
export async function ensureInstalled({ signal } = {}) {
  if (await isInstalled()) return;
  const since = Date.now();
  say('Installing dependencies (npm ci); the first time takes a minute …');
  await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { signal });
  say(`Dependencies installed in ${elapsed(since)}.`);
}
