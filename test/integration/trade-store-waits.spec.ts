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
  const component = async () => {
    const { components } = (await run.get('/health')).json<{
      components: { name: string; status: string; message?: string }[];
    }>();
    return components.find(({ name }) => name === 'trade_store');
  };
  const statusOfStore = async () => (await component())?.status;
  const says = (words: RegExp) =>
    eventually(async () => expect((await component())?.message).toMatch(words), { timeoutMs: 15_000 });

  it('waits while Redis does not answer, says so in health and log, and begins when it is back', async () => {
    await run.redis.kill9();
    begin();
    await says(/^waits for Redis, which does not answer$/);
    expect(run.logs()).toContain('the import of the trade store waits for Redis, which does not answer');
    await run.redis.restart();
    await says(/^last import: 1 rows read, 1 taken/);
  });

  it('says that Redis refuses, as a failure, and begins when it is allowed', async () => {
    const redis = run.redis.client();
    await redis.call('ACL', 'SETUSER', 'default', '-xlen');
    begin();
    await says(/^waits for leave to look at the streams of trades, which Redis refuses \(NOPERM\)$/);
    expect(await statusOfStore()).toBe('unhealthy');
    expect(run.logs()).toContain('the import of the trade store waits for leave to look at the streams');
    await redis.call('ACL', 'SETUSER', 'default', '+xlen');
    await says(/^last import: 1 rows read, 1 taken/);
    expect(await statusOfStore()).toBe('healthy');
  });

  it('does not wait for a key that is no stream: it holds no trades', async () => {
    const redis = run.redis.client();
    await redis.set(STREAM, 'somebody’s mistake');
    begin();
    await says(/^last import: 1 rows read, 1 taken/);
  });

  it('does not wait for a stream that became another kind of key meanwhile', async () => {
    const redis = run.redis.client();
    await redis.xadd(STREAM, '*', 'payload', '{}');
    begin();
    await says(/1 messages are left$/);
    await redis.multi().del(STREAM).hset(STREAM, 'a', 'b').exec();
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
