import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../src/config.js';
import { createBackends, createDataSource } from '../../src/database/data-source.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { eventually } from '../support/eventually.js';

/** A process id that no system gives. */
const NOBODY = 2 ** 30;

describe('sessions of the service on Postgres', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let backends: ReturnType<typeof createBackends>;

  beforeAll(async () => {
    database = await createDatabase();
    const config = readConfig(
      {},
      { PORTFOLIO_DATABASE_URL: database.url, PORTFOLIO_REDIS_URL: 'redis://127.0.0.1' },
    );
    dataSource = await createDataSource(config).initialize();
    backends = createBackends(config);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  type Ask = (sql: string) => Promise<unknown>;
  const ownPid = async (ask: Ask): Promise<number> => {
    const [row] = (await ask('SELECT pg_backend_pid() AS pid')) as { pid: number }[];
    return row!.pid;
  };

  test('end by themselves soon after their client is gone without a word', async () => {
    const settings = await dataSource.query<unknown[]>(
      "SELECT name, setting::int FROM pg_settings WHERE name LIKE 'tcp_%' AND name <> 'tcp_keepalives_interval' ORDER BY name",
    );
    expect(settings).toEqual([
      { name: 'tcp_keepalives_count', setting: 3 },
      { name: 'tcp_keepalives_idle', setting: 5 },
      { name: 'tcp_user_timeout', setting: 10_000 },
    ]);
  });

  test('are told apart: one at work, one that has just had its answer, one that does not exist', async () => {
    const [working, resting] = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
    const pids = [
      await ownPid((sql) => working.query(sql)),
      await ownPid((sql) => resting.query(sql)),
      NOBODY,
    ] as const;
    const work = working.query('SELECT pg_sleep(2)');
    await eventually(async () => {
      const states = await backends.statesOf(pids);
      expect(pids.map((pid) => states.get(pid))).toEqual(['working', 'waiting', 'gone']);
    });
    await work;
    await working.release();
    await resting.release();
  });

  test('are ended on request, and those of others are left alone', async () => {
    const ours = dataSource.createQueryRunner();
    const pid = await ownPid((sql) => ours.query(sql));
    const other = new Client({ connectionString: database.url });
    await other.connect();
    const theirs = await ownPid(async (sql) => (await other.query<{ pid: number }>(sql)).rows);
    await backends.end([pid, theirs]);
    await eventually(async () => expect((await backends.statesOf([pid])).get(pid)).toBe('gone'));
    expect((await backends.statesOf([theirs])).get(theirs)).not.toBe('gone');
    await other.end();
    await ours.release().catch(() => undefined);
  });
});
