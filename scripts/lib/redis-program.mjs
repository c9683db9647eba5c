import { accessSync, constants, existsSync } from 'node:fs';
import { mkdir, realpath, rm, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './processes.mjs';
import { elapsed, say, Sentence } from './say.mjs';

const NEEDED = 'Redis 7.0 or newer';
const ADVICE = `install ${NEEDED} (Debian: apt-get install redis-server) or set PORTFOLIO_REDIS_URL`;

/**
 * Debian's redis-server package brings a service that starts by itself; redis-tools holds the same program under the
 * name of its file checker and no service, and the program decides by its name what it is.
 */
const MANAGERS = [
  {
    program: 'apt-get',
    before: ['update', '-q'],
    install: ['install', '-y', '-q', '--no-install-recommends', 'redis-tools'],
  },
  { program: 'dnf', install: ['install', '-y', '-q', 'redis'] },
  { program: 'apk', install: ['add', '--quiet', 'redis'] },
  { program: 'brew', install: ['install', '--quiet', 'redis'], asUser: true },
];

function onPath(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  return null;
}

/** A redis-server on PATH, else the same program as redis-check-rdb by a link in `dataDir` that has the right name. */
async function findProgram(dataDir) {
  const server = onPath('redis-server');
  const checker = server ? null : onPath('redis-check-rdb');
  if (!checker) return server;
  const link = join(dataDir, 'bin', 'redis-server');
  await mkdir(join(dataDir, 'bin'), { recursive: true });
  await rm(link, { force: true });
  await symlink(await realpath(checker), link);
  return link;
}

async function versionOf(program) {
  const [, version] = /v=(\d+\.\d+\.\d+)/.exec(await run(program, ['--version'])) ?? [];
  return version;
}

/** Root, or somebody who may become root without a password; null when neither. Homebrew refuses root. */
async function privilege(manager) {
  if (manager.asUser || process.getuid?.() === 0) return [];
  if (!onPath('sudo')) return null;
  return run('sudo', ['-n', 'true']).then(
    () => ['sudo', '-n'],
    () => null,
  );
}

async function install() {
  const manager = MANAGERS.find(({ program }) => onPath(program));
  const prefix = manager ? await privilege(manager) : null;
  if (!prefix)
    throw new Sentence(`There is no redis-server on PATH and this user may not install one: ${ADVICE}.`);
  const since = Date.now();
  say(`Installing Redis with ${manager.program} …`);
  for (const args of [manager.before, manager.install].filter(Boolean))
    await runManager(manager, prefix, args);
  say(`Redis installed in ${elapsed(since)}; no system service was started.`);
}

async function runManager({ program, before, install: last }, prefix, args) {
  // Another package manager may be at work: wait for its lock rather than fail.
  const patience = program === 'apt-get' ? ['-o', 'DPkg::Lock::Timeout=180'] : [];
  const [command, ...rest] = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    program,
    ...patience,
    ...args,
  ];
  try {
    await run(command, rest);
  } catch (error) {
    // One unreachable package source must not stop an installation that does not need it.
    if (args === before && args !== last) return;
    throw new Sentence(`${error.message}\nRedis could not be installed: ${ADVICE}.`);
  }
}

/** The path of a redis-server that is new enough, installed first when there is none. */
export async function redisProgram(dataDir) {
  let program = await findProgram(dataDir);
  if (!program) {
    await install();
    program = await findProgram(dataDir);
  }
  if (!program || !existsSync(program))
    throw new Sentence(`No redis-server was found after installing it: ${ADVICE}.`);
  const version = await versionOf(program);
  if (!version) throw new Sentence(`${program} is not a Redis server: ${ADVICE}.`);
  if (Number(version.split('.')[0]) < 7)
    throw new Sentence(`${program} is Redis ${version}, too old: ${ADVICE}.`);
  return { program, version };
}
