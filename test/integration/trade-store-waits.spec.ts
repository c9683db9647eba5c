import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { migrate } from '../../src/database/migrations.js';
import { TradeStoreSync } from '../../src/sources/trade-store/trade-store-sync.js';
import { groupOf, streamOf } from '../../src/transport/redis.js';
import { eventually } from '../support/eventually.js';
import { storedTrade } from '../support/trade-store/layout.js';
import { writeSqlite } from '../support/trade-store/write-sqlite.js';
import { listen, type RunningApp } from './http/app.js';

const STREAM = streamOf('trade.closed');
const GROUP = groupOf('trade.closed');

describe('the import at start', () => {
  let folder: string;
  let run: RunningApp;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portfolio-store-'));
    const path = join(folder, 'trades.db');
    writeSqlite(path, [storedTrade({ trade_id: 'held' })]);
    run = await listen({ TRADE_STORE_TYPE: 'sqlite', TRADE_STORE_DB_PATH: path });
    await migrate(await run.app.get(DataSource).initialize());
  });
  afterEach(async () => {
    await run.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const begin = () => run.app.get(TradeStoreSync).start();
  const says = (words: RegExp) =>
    eventually(
      async () => {
        const { components } = (await run.get('/health')).json<{
          components: { name: string; message?: string }[];
        }>();
        expect(components.find(({ name }) => name === 'trade_store')?.message).toMatch(words);
      },
      { timeoutMs: 15_000 },
    );

  it('waits while Redis does not answer, says so in health and log, and begins when it is back', async () => {
    await run.redis.kill9();
    begin();
    await says(/^waits for Redis, which does not answer$/);
    expect(run.logs()).toContain('the import of the trade store waits for Redis, which does not answer');
    await run.redis.restart();
    await says(/^last import: 1 rows read, 1 taken/);
  });

  it('waits until what was on the streams is given out and acknowledged, and for nothing that came later', async () => {
    const redis = run.redis.client();
    const first = await redis.xadd(STREAM, '*', 'payload', '{}');
    begin();
    await says(/^waits for trades on the streams to be taken: 1 messages are left$/);
    await redis.xgroup('CREATE', STREAM, GROUP, '0');
    await redis.xreadgroup('GROUP', GROUP, 'somebody', 'COUNT', 1, 'STREAMS', STREAM, '>');
    await redis.xadd(STREAM, '*', 'payload', '{}');
    await says(/: 2 messages are left$/);
    await redis.xack(STREAM, GROUP, first!);
    await says(/^last import: 1 rows read, 1 taken/);
  });

  it('does not wait for a stream that came back empty', async () => {
    const redis = run.redis.client();
    await redis.xadd(STREAM, '*', 'payload', '{}');
    begin();
    await says(/1 messages are left$/);
    await redis.flushall();
    await says(/^last import: 1 rows read, 1 taken/);
  });
});
