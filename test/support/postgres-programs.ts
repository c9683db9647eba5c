import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

const PASSWORD = 'sentinel-drill-51c2';

/** A Postgres with all its programs, as a distribution installs it: the one that comes from npm has no pg_dump and no pg_restore. */
export interface InstalledPostgres {
  readonly bin: string;
  /** A fresh server with the database `postgres` and a superuser with a password. */
  start(): Promise<{ readonly url: string; readonly password: string; stop(): Promise<void> }>;
}

/** The Postgres that this machine has, by `pg_config`; null when it has none, or none with a server. */
export function installedPostgres(): InstalledPostgres | null {
  try {
    const bin = execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim();
    for (const program of ['initdb', 'postgres', 'pg_dump', 'pg_restore'])
      execFileSync(join(bin, program), ['--version'], { stdio: 'pipe' });
    return { bin, start: () => start(bin) };
  } catch (error) {
    // Not there, or not whole: whoever asks says that he did without.
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

async function start(bin: string) {
  const [folder, port] = [mkdtempSync(join(tmpdir(), 'portfolio-postgres-')), await freePort()];
  const account = ownerOf(folder);
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'desk', '--auth=trust', '-E', 'UTF8', '--no-locale'], {
    ...account,
    stdio: 'pipe',
  });
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((flag) => [
    '-c',
    flag,
  ]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...account,
    stdio: 'ignore',
  });
  const url = `postgres://desk:${PASSWORD}@127.0.0.1:${port}/postgres`;
  await eventually(async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.end();
  });
  return {
    url,
    password: PASSWORD,
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill('SIGINT');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Postgres refuses to run as root, so there its folder and its processes are the system user's. */
function ownerOf(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
  );
  chownSync(folder, uid!, gid!);
  chmodSync(folder, 0o700);
  return { uid: uid!, gid: gid! };
}
