import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { installedPostgres, type InstalledPostgres } from '../support/postgres-programs.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { fillBook } from '../support/sample-book.js';
import { startService } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

const execute = promisify(execFile);

describe('the drill', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack();
    await fillBook(stack);
    await settled(stack.service, stack.redis);
  });
  afterAll(() => stack.stop());

  const drill = () =>
    execute(process.execPath, ['scripts/drill.mjs'], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORTFOLIO_DATABASE_URL: stack.database.url,
      },
    });
  const databases = async () =>
    stack.database.query("SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'");

  test('brings a running service’s database back, replays it, finds it equal and leaves nothing', async () => {
    const [{ facts } = { facts: 0 }] = await stack.database.query<{ facts: number }>(
      'SELECT count(*)::int AS facts FROM ledger',
    );
    const { stdout } = await drill();
    expect(stdout).toContain(`${facts} facts are back`);
    expect(stdout).toContain('all projections are equal to the ledger');
    expect(stdout).toContain('The backup is good');
    expect(await databases()).toEqual([]);
  }, 120_000);

  test('fails on a database whose projections are not what its ledger says', async () => {
    await stack.database.query("UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE trade_id = 'win'");
    await expect(drill()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('trades') });
    expect(await databases()).toEqual([]);
  }, 120_000);
});

const installed = installedPostgres();

(installed ? describe : describe.skip)('the drill on a dump (needs a Postgres with pg_dump)', () => {
  let server: Awaited<ReturnType<InstalledPostgres['start']>>;
  let redis: TestRedis;
  let folder: string;
  let file: string;
  let facts = 0;

  beforeAll(async () => {
    [server, redis] = [await installed!.start(), await startRedis()];
    folder = mkdtempSync(join(tmpdir(), 'portfolio-dump-'));
    file = join(folder, 'portfolio.dump');
    const service = await startService({ databaseUrl: server.url, redisUrl: redis.url });
    await fillBook({ redis: redis.client() });
    await settled(service, redis.client());
    await service.stop();
    await dump();
    [{ facts } = { facts: 0 }] = await ask<{ facts: number }>('SELECT count(*)::int AS facts FROM ledger');
  }, 120_000);
  afterAll(async () => {
    await redis.stop();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const dump = () => execute(join(installed!.bin, 'pg_dump'), ['-Fc', '-f', file, server.url]);
  const ask = async <Row extends object>(sql: string): Promise<Row[]> => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const drill = (path = file, PATH = `${installed!.bin}:${process.env['PATH']}`) =>
    execute(process.execPath, ['scripts/drill.mjs', '--dump', path], {
      env: { PATH, HOME: process.env['HOME'], PORTFOLIO_DATABASE_URL: server.url },
    });
  const leftBehind = () => ask("SELECT datname FROM pg_database WHERE datname LIKE 'drill_%'");

  test('restores it beside its database, replays it, finds it equal and leaves nothing', async () => {
    const { stdout } = await drill();
    expect(facts).toBeGreaterThan(5);
    expect(stdout).toContain(`${facts} facts are back`);
    expect(stdout).toContain('all projections are equal to the ledger');
    expect(stdout).toContain('The backup is good');
    expect(await leftBehind()).toEqual([]);
  }, 60_000);

  test('restores one whose roles this server does not know', async () => {
    await ask('DROP OWNED BY portfolio_writer, portfolio_reader; REASSIGN OWNED BY portfolio_owner TO desk');
    await ask('DROP OWNED BY portfolio_owner; DROP ROLE portfolio_writer, portfolio_reader, portfolio_owner');
    expect((await drill()).stdout).toContain('The backup is good');
  }, 60_000);

  test('fails on one that was cut off, is none, or is wrong, and tells no password', async () => {
    const cut = join(folder, 'cut.dump');
    writeFileSync(cut, readFileSync(file).subarray(0, 20_000));
    for (const path of [cut, join(folder, 'none.dump')]) {
      const failed = await drill(path).catch((error: { code: number; stdout: string }) => error);
      expect(failed).toMatchObject({ code: 1, stdout: expect.stringContaining('pg_restore') });
      expect(failed.stdout).not.toContain(server.password);
    }
    await ask("UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE trade_id = 'win'");
    await dump();
    await expect(drill()).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('trades') });
    expect(await leftBehind()).toEqual([]);
  }, 60_000);

  test('says so where there is no pg_restore', async () => {
    const failed = drill(file, folder);
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('no pg_restore') });
  }, 60_000);
});
