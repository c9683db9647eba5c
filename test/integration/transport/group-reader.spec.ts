import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../../src/config.js';
import { createDataSource } from '../../../src/database/data-source.js';
import { Database } from '../../../src/database/database.js';
import { Metrics } from '../../../src/ledger/metrics.js';
import { ServiceWarnings } from '../../../src/portfolio/warnings.js';
import { GroupReader, type Received } from '../../../src/transport/group-reader.js';
import { RedisConnections, groupOf, streamOf } from '../../../src/transport/redis.js';
import { StreamGaps } from '../../../src/transport/stream-gaps.js';
import { eventually } from '../../support/eventually.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { startRedis, type TestRedis } from '../../support/redis.js';

/** Entries of one stream that fill a batch: what the others have behind the last of them is held until it is its turn. */
const BATCH_SIZE = 2;
/** The shortest that may be set, and what is never reached. */
const [SOON_MS, NEVER_MS] = [100, 3_600_000];

describe('what a replica has read ahead of slower streams', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let server: TestRedis;
  let redis: Redis;
  const open: RedisConnections[] = [];

  beforeAll(async () => {
    [database, server] = await Promise.all([createDatabase(), startRedis()]);
    redis = server.client();
    dataSource = await createDataSource(configOf(SOON_MS)).initialize();
    await dataSource.runMigrations();
  });
  beforeEach(() => redis.flushall());
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const connections of open.splice(0)) await connections.onApplicationShutdown();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await server.stop();
    await database.drop();
  });

  function configOf(claimIdleMs: number) {
    return readConfig(
      {},
      {
        PORTFOLIO_DATABASE_URL: database.url,
        PORTFOLIO_REDIS_URL: server.url,
        PORTFOLIO_REPLICA: 'a',
        PORTFOLIO_BATCH_SIZE: String(BATCH_SIZE),
        PORTFOLIO_CLAIM_IDLE_MS: String(claimIdleMs),
      },
    );
  }

  function readerThatClaimsAfter(claimIdleMs: number): GroupReader {
    const config = configOf(claimIdleMs);
    const connections = new RedisConnections(config);
    open.push(connections);
    const gaps = new StreamGaps(connections, new Database(dataSource), new Metrics(), new ServiceWarnings());
    return new GroupReader(connections, gaps, config);
  }

  /** Three opens and a flow behind them, by the ids that they have here. */
  async function sendThreeOpensAndAFlow(): Promise<void> {
    for (const id of ['1-0', '2-0', '3-0']) await redis.xadd(streamOf('trade.opened'), id, 'payload', '{}');
    await redis.xadd(streamOf('account.cash_flow'), '4-0', 'payload', '{}');
  }

  async function handled(reader: GroupReader): Promise<string[]> {
    const batch = await reader.read();
    await reader.acknowledge(batch);
    return idsOf(batch);
  }

  const idsOf = (batch: readonly Received[]): string[] => batch.map(({ entryId }) => entryId);

  /** Returns when every entry that is pending has been so for long enough to be claimed. */
  async function untilIdle(eventType: string, idleMs: number): Promise<void> {
    await eventually(async () => {
      const pending = await redis.xpending(
        streamOf(eventType),
        groupOf(eventType),
        'IDLE',
        idleMs,
        '-',
        '+',
        10,
      );
      expect(pending).toHaveLength(1);
    });
  }

  test('it does not claim as the leavings of somebody dead', async () => {
    await sendThreeOpensAndAFlow();
    const reader = readerThatClaimsAfter(SOON_MS);
    expect(await handled(reader)).toEqual(['1-0', '2-0']);
    await untilIdle('account.cash_flow', SOON_MS);
    expect(await handled(reader)).toEqual(['3-0', '4-0']);
    expect(await handled(reader)).toEqual([]);
  });

  test('it does not read again when it looks after what it left pending', async () => {
    await sendThreeOpensAndAFlow();
    const reader = readerThatClaimsAfter(NEVER_MS);
    expect(await handled(reader)).toEqual(['1-0', '2-0']);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    expect(await handled(reader)).toEqual(['3-0', '4-0']);
    expect(await handled(reader)).toEqual([]);
  });

  test('it claims what somebody dead left all the same', async () => {
    await sendThreeOpensAndAFlow();
    const reader = readerThatClaimsAfter(SOON_MS);
    expect(await handled(reader)).toEqual(['1-0', '2-0']);
    await redis.xreadgroup(
      ...(['GROUP', groupOf('trade.opened'), 'dead', 'COUNT', 1] as const),
      'STREAMS',
      streamOf('trade.opened'),
      '>',
    );
    await untilIdle('trade.opened', SOON_MS);
    expect(await handled(reader)).toEqual(['3-0']);
    expect(await handled(reader)).toEqual(['4-0']);
  });

  test('it stays small, however much newer all of the others are', async () => {
    const [opens, closes] = [40, 40];
    for (let id = 1; id <= opens; id += 1)
      await redis.xadd(streamOf('trade.opened'), `${id}-0`, 'payload', '{}');
    for (let id = 1; id <= closes; id += 1)
      await redis.xadd(streamOf('trade.closed'), `${opens + id}-0`, 'payload', '{}');
    const reader = readerThatClaimsAfter(NEVER_MS);
    const taken: string[] = [];
    let most = 0;
    while (taken.length < opens + closes) {
      taken.push(...(await handled(reader)));
      const [pending] = await redis.xpending(streamOf('trade.closed'), groupOf('trade.closed'));
      most = Math.max(most, Number(pending));
    }
    expect(taken).toEqual(Array.from({ length: opens + closes }, (_nothing, at) => `${at + 1}-0`));
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(2 * BATCH_SIZE);
  });
});
