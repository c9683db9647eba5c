import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { dayOf, factsOf } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { answersOf } from '../support/oracle.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { sendMessages } from '../support/send-facts.js';
import { runToEnd, startService, type TestService } from '../support/service.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { settled } from '../support/streams.js';
import { makeNextVersion, olderVersion, THIS_VERSION, type Version } from '../support/versions.js';

/** What a next version may bring: it only adds, and takes the strongest lock on the tables that every trade writes to. */
const NEXT_MIGRATION = `
  ALTER TABLE accounts ADD COLUMN next_note text;
  ALTER TABLE ledger ADD COLUMN next_note text DEFAULT 'older';
  ALTER TABLE trades ADD COLUMN next_amount exact NOT NULL DEFAULT 0;
  ALTER TABLE positions ADD COLUMN next_flag boolean NOT NULL DEFAULT false;
  ALTER TABLE outbox ADD COLUMN next_note text;
  CREATE INDEX next_bookings ON bookings (account_id, occurred_at);
  CREATE TABLE next_things (account_id text NOT NULL, thing text NOT NULL, PRIMARY KEY (account_id, thing));
  SELECT portfolio_grant_roles();`;

const day = dayOf({ seed: 91, trades: 900, end: Date.now() - 120_000, durationMs: 30 * 3_600_000 });
const expected = answersOf(factsOf(day));
/** Trades come this far apart while replicas are replaced; what is left is sent at once. */
const BETWEEN_MS = 15;

/** Trades for the streams and questions for the replicas that serve, until it is told to stop. */
class Load {
  readonly serving = new Set<TestService>();
  readonly failures: string[] = [];
  sent = 0;
  answered = 0;
  private replacing = true;
  private readonly running: Promise<unknown>;

  constructor(private readonly redis: TestRedis) {
    this.running = Promise.all([this.tell(), this.ask()]);
  }

  /** Sends the rest of the day at once. */
  async finish(): Promise<void> {
    this.replacing = false;
    await this.running;
  }

  private async tell(): Promise<void> {
    const [redis, random] = [this.redis.client(), new Random(7)];
    for (const message of day) {
      await sendMessages(redis, [message], random);
      this.sent += 1;
      if (this.replacing) await pause(BETWEEN_MS);
    }
  }

  private async ask(): Promise<void> {
    while (this.replacing) {
      for (const service of [...this.serving])
        for (const path of ['/api/portfolio/snapshot', '/api/portfolio/trades?limit=5', '/health/live'])
          // Traffic goes elsewhere before a process is told to end; what is in its hands by then is answered.
          if (this.serving.has(service)) await this.askFor(path, service);
      await pause(BETWEEN_MS);
    }
  }

  private async askFor(path: string, { get, port }: TestService): Promise<void> {
    await get(path).then(
      // An account that has no fact yet is unknown, and that is an answer.
      ({ status, text }) => (status < 500 ? (this.answered += 1) : this.fail(port, path, text)),
      (error: unknown) => this.fail(port, path, String(error)),
    );
  }

  private fail(port: number, path: string, reason: string): void {
    this.failures.push(`${port} ${path}: ${reason}`);
  }
}

describe('an upgrade with two versions running', () => {
  const older = olderVersion();
  let next: Version;
  let database: TestDatabase;
  let redis: TestRedis;
  let load: Load;
  const every: TestService[] = [];

  const start = async (version: Version, replica: string): Promise<TestService> => {
    const service = await startService({
      ...{ databaseUrl: database.url, redisUrl: redis.url, program: version.program('main') },
      env: { PORTFOLIO_REPLICA: replica, PORTFOLIO_MIGRATE: 'off', PORTFOLIO_INTEGRITY_SEC: '2' },
    });
    every.push(service);
    load.serving.add(service);
    return service;
  };
  const stop = async (service: TestService): Promise<void> => {
    load.serving.delete(service);
    await service.stop();
  };
  const migrate = (version: Version) =>
    runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, version.program('migrate'));
  /** Facts go on being accepted: fifty messages more were sent, and the version moved. */
  const goesOn = async (service: TestService): Promise<void> => {
    const version = async () => (await service.get('/api/portfolio/snapshot')).json()['version'] as number;
    const [sent, before] = [load.sent, (await version()) ?? 0];
    await eventually(async () => {
      expect(load.sent).toBeGreaterThan(sent + 50);
      expect(await version()).toBeGreaterThan(before + 10);
    });
  };

  beforeAll(async () => {
    next = makeNextVersion(NEXT_MIGRATION);
    [database, redis] = [await createDatabase(), await startRedis()];
    expect(await migrate(older)).toMatchObject({ code: 0 });
    load = new Load(redis);
  });
  afterAll(async () => {
    await load.finish();
    for (const service of every) await service.kill9();
    await redis.stop();
    await database.drop();
    next.remove();
  });

  test('loses nothing, refuses nothing and keeps answering: forwards, mixed, and back again', async () => {
    const [a, b] = [await start(older, 'a'), await start(older, 'b')];
    await goesOn(a);
    const migrated = await migrate(next);
    expect(migrated).toMatchObject({ code: 0, logs: expect.stringContaining('next9000000000000') });
    await goesOn(a);
    // One by one, each when the one before is ready; both versions share the streams meanwhile.
    const c = await start(next, 'c');
    await goesOn(b);
    await stop(a);
    const d = await start(next, 'd');
    await stop(b);
    await goesOn(c);
    // And back: the older version starts on the newer schema.
    const e = await start(older, 'e');
    await stop(c);
    await stop(d);
    await goesOn(e);
    expect(load.sent).toBeLessThan(day.length);
    await load.finish();
    await settled(e, redis.client(), { timeoutMs: 60_000 });

    expect(load.failures).toEqual([]);
    expect(load.answered).toBeGreaterThan(100);
    await eventually(async () => expect(await shownBy(e)).toEqual(shownFrom(expected, new Date())), {
      timeoutMs: 20_000,
    });
    expect(await database.query('SELECT * FROM quarantine')).toEqual([]);
    expect(
      await database.query(
        `SELECT count(*) = max(version) AS unbroken, max(version) = (SELECT max(version) FROM accounts) AS whole FROM ledger`,
      ),
    ).toEqual([{ unbroken: true, whole: true }]);
    await eventually(async () =>
      expect(await database.query('SELECT * FROM outbox WHERE published_at IS NULL')).toEqual([]),
    );
    await stop(e);
    const f = await start(next, 'f');
    await eventually(
      async () =>
        expect((await f.get('/api/portfolio/integrity')).json()).toMatchObject({ state: 'verified' }),
      { timeoutMs: 30_000 },
    );
    await stop(f);
    // A batch may have met the migration and waited; none failed.
    for (const service of every) expect(service.logs()).not.toContain('"level":"error"');
    const rebuilt = await runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, next.program('rebuild'));
    expect(rebuilt).toMatchObject({ code: 0, logs: expect.stringContaining('equal to the ledger') });
  }, 300_000);
});

describe('a migration that meets a reader', () => {
  test('gives way, so that trades and reader go on, and is applied when the reader is done', async () => {
    const database = await createDatabase();
    const next = makeNextVersion(NEXT_MIGRATION);
    const reader = new Client({ connectionString: database.url });
    const migrate = (version: Version) =>
      runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, version.program('migrate'));
    try {
      expect(await migrate(THIS_VERSION)).toMatchObject({ code: 0 });
      await reader.connect();
      // A deadlock is found by whoever waits too long; the reader never does.
      await reader.query("SET deadlock_timeout = '10min'; BEGIN; SELECT FROM trades");
      const migrating = migrate(next);
      await eventually(async () =>
        expect(
          await database.query("SELECT FROM pg_locks WHERE NOT granted AND relation = 'trades'::regclass"),
        ).not.toEqual([]),
      );
      // The migration holds this table and waits for that one: each would wait for the other for ever.
      expect((await reader.query('SELECT FROM accounts')).rows).toEqual([]);
      await reader.query('COMMIT');
      expect(await migrating).toMatchObject({
        code: 0,
        logs: expect.stringContaining('next9000000000000'),
      });
    } finally {
      await reader.end();
      await database.drop();
      next.remove();
    }
  });
});
