import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';
import { say } from './say.mjs';

/** Where a root user's database lives when the project's own folder is closed to everybody else. */
const SHARED_HOME = '/var/lib/portfolio-intelligence-service';

async function idsOf(user) {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, user])));
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Who the database server runs as. It refuses to run as root, so there it is the owner of existing data, else the
 * system user `postgres`, which is created when there is none. Anybody else runs it as himself ({}).
 */
export async function serverAccount(directory) {
  if (process.getuid?.() !== 0) return {};
  const data = await stat(directory).catch(() => null);
  if (data && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  try {
    return await idsOf('postgres');
  } catch {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
    say('Created the system user postgres: a Postgres server does not run as root.');
    return idsOf('postgres');
  }
}

/** The first folder on the way to `path` that the account may not enter; null when it can be reached. */
async function closedFolder(path, account) {
  if (account.uid === undefined) return null;
  const above = dirname(path);
  const closed = above === path ? null : await closedFolder(above, account);
  if (closed) return closed;
  const folder = await stat(path).catch(() => null);
  if (!folder?.isDirectory()) return null;
  const bit = folder.uid === account.uid ? 0o100 : folder.gid === account.gid ? 0o010 : 0o001;
  return folder.mode & bit ? null : path;
}

/**
 * `wanted`, or a folder beside the system's other databases when the account cannot get to the wanted one. Its name is
 * remembered in the project, so that another clone never finds this one's data.
 */
export async function reachableData(wanted, account) {
  const closed = await closedFolder(dirname(wanted), account);
  if (!closed) return wanted;
  const note = `${wanted}.place`;
  const remembered = (await readFile(note, 'utf8').catch(() => '')).trim();
  const place = remembered || join(SHARED_HOME, `data-${randomBytes(6).toString('hex')}`);
  say(`Postgres does not run as root, and ${closed} is closed to its user: its data is kept in ${place}.`);
  await mkdir(SHARED_HOME, { recursive: true, mode: 0o755 });
  await writeFile(note, `${place}\n`);
  return place;
}

/** The server's programs, copied once to where the account can reach them if the project is closed to it. */
export async function reachablePrograms(native, account) {
  if (!(await closedFolder(native, account))) return native;
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const copy = join(SHARED_HOME, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  await mkdir(SHARED_HOME, { recursive: true, mode: 0o755 });
  await chmod(SHARED_HOME, 0o755);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', draft]);
  await rename(draft, copy).catch(() => rm(draft, { recursive: true, force: true }));
  return copy;
}

/** An empty folder that belongs to the account. */
export async function freshFolder(path, account) {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account.uid !== undefined) await chown(path, account.uid, account.gid);
}
