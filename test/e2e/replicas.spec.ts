import type { Redis } from 'ioredis';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { dayOf, factsOf, type Message } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { answersOf } from '../support/oracle.js';
import { sent } from '../support/outbound.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { sendMessages } from '../support/send-facts.js';
import { startService, type TestService } from '../support/service.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { settled, streamOf } from '../support/streams.js';

const ACCOUNTS = ['main', 'second'] as const;
const EVENTS = ['snapshot', 'pnl', 'drawdown', 'exposure'].map((name) => `portfolio.${name}_updated`);
const day = dayOf({ seed: 4242, trades: 70, end: Date.now() - 120_000, durationMs: 30 * 3_600_000 });
const expected = answersOf(factsOf(day));

interface Pair {
  readonly database: TestDatabase;
  readonly server: TestRedis;
  readonly redis: Redis;
  readonly a: TestService;
  readonly b: TestService;
}

/** Two replicas on one database and one Redis. Ticks outside of the facts would be told twice: once by each leader. */
async function startPair(): Promise<Pair> {
  const [database, server] = [await createDatabase(), await startRedis()];
  const start = (replica: string): Promise<TestService> =>
    startService({
      databaseUrl: database.url,
      redisUrl: server.url,
      // Small batches and an early claim: both have much to do, and little time to do it alone.
      env: { PORTFOLIO_REPLICA: replica, PORTFOLIO_CLAIM_IDLE_MS: '1000', PORTFOLIO_BATCH_SIZE: '20' },
    });
  const [a, b] = await Promise.all([start('a'), start('b')]);
  return { database, server, redis: server.client(), a, b };
}

async function stopPair({ database, server, a, b }: Pair): Promise<void> {
  try {
    await a.stop();
    await b.stop();
  } finally {
    await server.stop();
    await database.drop();
  }
}

/** Every message goes to both accounts, which makes them equal in the end. */
async function sendDay(redis: Redis, messages: readonly Message[], random: Random): Promise<void> {
  for (const message of messages)
    for (const account of ACCOUNTS) await sendMessages(redis, [message], random, account);
}

async function expectAnswers(service: TestService): Promise<void> {
  for (const account of ACCOUNTS)
    await eventually(
      async () => expect(await shownBy(service, account)).toEqual(shownFrom(expected, new Date())),
      { timeoutMs: 20_000 },
    );
}

interface Told {
  readonly event_id: string;
  readonly account_id: string;
  readonly version: number;
  readonly previous_version: number;
}

/** What went out of one type about one account's durable changes, in the order in which it went out. */
async function durable(redis: Redis, type: string, account: string): Promise<Told[]> {
  const all = await sent({ redis }, type);
  return all
    .map(({ payload }) => payload as unknown as Told)
    .filter((told) => told.account_id === account && told.version !== told.previous_version);
}

/** One event for each step of the account's version, each beginning where the one before ended. */
function expectUnbroken(told: readonly Told[], version: number): void {
  expect(told.map((one) => one.previous_version)).toEqual([
    0,
    ...told.slice(0, -1).map((one) => one.version),
  ]);
  expect(told.at(-1)?.version).toBe(version);
}

async function versionOf({ database }: Pair, account: string): Promise<number> {
  const [row] = await database.query('SELECT version::int FROM accounts WHERE account_id = $1', [account]);
  return row!['version'] as number;
}

async function expectSoundLedger({ database }: Pair): Promise<void> {
  const rows = await database.query(
    `SELECT l.account_id, count(*)::int AS facts, min(l.version)::int AS first, max(l.version)::int AS last,
            min(a.version)::int AS version
     FROM ledger l JOIN accounts a USING (account_id) GROUP BY l.account_id ORDER BY 1`,
  );
  expect(rows.map((row) => row['account_id'] as string)).toEqual(ACCOUNTS);
  // A market order's price is an entry of its own when it came after the order; one that came first said it all.
  const messages = day.filter(({ fact }) => fact.kind !== 'mark').map(({ fact }) => fact);
  const unpriced = messages.filter((fact) => fact.kind === 'open' && fact.entryPrice === null).length;
  for (const row of rows) {
    const facts = row['facts'] as number;
    expect(row).toMatchObject({ first: 1, last: facts, version: facts });
    expect(facts).toBeLessThanOrEqual(messages.length);
    expect(facts).toBeGreaterThanOrEqual(messages.length - unpriced);
  }
}

async function pendingOf(redis: Redis, consumer: string): Promise<number> {
  let pending = 0;
  for (const type of ['trade.opened', 'trade.closed', 'account.cash_flow']) {
    const group = `quantum:group:portfolio_intelligence:${type}`;
    const rows = await redis.xpending(streamOf(type), group, '-', '+', 1000, consumer);
    pending += rows.length;
  }
  return pending;
}

/** Nobody can commit while the accounts are locked, so each of the consumers is left with messages in its hands. */
async function whileLocked<T>(
  { database, redis }: Pair,
  { work, consumers }: { work: () => Promise<void>; consumers: readonly string[] },
  then: () => Promise<T>,
): Promise<T> {
  const lock = new Client({ connectionString: database.url });
  await lock.connect();
  try {
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE accounts IN EXCLUSIVE MODE');
    await work();
    await eventually(async () => {
      for (const consumer of consumers) expect(await pendingOf(redis, consumer)).toBeGreaterThan(0);
    });
    const result = await then();
    await lock.query('COMMIT');
    return result;
  } finally {
    await lock.end();
  }
}

describe('two replicas', () => {
  let pair: Pair;

  beforeAll(async () => {
    pair = await startPair();
    const work = (): Promise<void> => sendDay(pair.redis, day, new Random(1));
    // Both have read a part of it before either can go on.
    await whileLocked(pair, { work, consumers: ['a', 'b'] }, () => Promise.resolve());
    await settled(pair.a, pair.redis);
  }, 120_000);
  afterAll(() => stopPair(pair));

  test('both answer as the oracle does, in every account', async () => {
    await expectAnswers(pair.a);
    await expectAnswers(pair.b);
  });

  test('both had a part in it', async () => {
    for (const { get } of [pair.a, pair.b]) {
      const { text } = await get('/metrics');
      expect(text).toMatch(
        /portfolio_messages_total\{event_type="trade.opened",outcome="accepted"[^}]*\} [1-9]/,
      );
    }
  });

  test('the version of an account is the number of its facts, without a gap', () => expectSoundLedger(pair));

  test.each(EVENTS)('%s tells every step once, in order, and nothing twice', async (type) => {
    for (const account of ACCOUNTS) {
      const version = await versionOf(pair, account);
      await eventually(async () => expectUnbroken(await durable(pair.redis, type, account), version));
      const ids = (await sent(pair, type)).map(({ payload }) => payload['event_id']);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});

describe('a replica that is killed with work in its hands', () => {
  let pair: Pair;
  let leftBehind = 0;

  beforeAll(async () => {
    pair = await startPair();
    const random = new Random(2);
    const half = day.length / 2;
    await sendDay(pair.redis, day.slice(0, half), random);
    await settled(pair.b, pair.redis);
    const work = (): Promise<void> => sendDay(pair.redis, day.slice(half), random);
    leftBehind = await whileLocked(pair, { work, consumers: ['a'] }, async () => {
      await pair.a.kill9();
      return pendingOf(pair.redis, 'a');
    });
    await settled(pair.b, pair.redis);
  }, 120_000);
  afterAll(() => stopPair(pair));

  test('the other one claims what it left and finishes the day', async () => {
    expect(leftBehind).toBeGreaterThan(0);
    expect(await pendingOf(pair.redis, 'a')).toBe(0);
    await expectAnswers(pair.b);
    await expectSoundLedger(pair);
  });

  test.each(EVENTS)('%s still tells every step; what is sent again has the same id', async (type) => {
    for (const account of ACCOUNTS) {
      const version = await versionOf(pair, account);
      await eventually(async () => {
        const told = await durable(pair.redis, type, account);
        const once = [...new Map(told.map((one) => [one.event_id, one])).values()];
        expectUnbroken(once, version);
      });
    }
  });

  test('it comes back under its name and answers the same', async () => {
    const { database, server } = pair;
    const env = { PORTFOLIO_REPLICA: 'a' };
    const again = await startService({ databaseUrl: database.url, redisUrl: server.url, env });
    try {
      await expectAnswers(again);
    } finally {
      await again.stop();
    }
  });
});
