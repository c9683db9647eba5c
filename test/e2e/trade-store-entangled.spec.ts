import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { tellFrom } from '../support/send-facts.js';
import { runToEnd, startService } from '../support/service.js';
import { settled } from '../support/streams.js';
import { storedTrade } from '../support/trade-store/layout.js';
import { manyTrades } from '../support/trade-store/many-trades.js';
import { runImport } from '../support/trade-store/run-import.js';
import { shownState } from '../support/trade-store/stored-state.js';
import { writeSqlite } from '../support/trade-store/write-sqlite.js';

const START = Date.UTC(2025, 0, 1);
const ROWS = 4_500;
const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'LINKUSDT', 'DOGEUSDT'];

/** A history with trades that stay open from its beginning: a close without a name means the oldest of them. */
function history() {
  const stale = SYMBOLS.map((symbol, i) =>
    storedTrade({ trade_id: `stale-${symbol}`, symbol, quantity: 3, entry_time: at(i - 60_000) }),
  );
  return [...stale, ...manyTrades(ROWS)];
}

const at = (ms: number) => new Date(START + ms).toISOString().slice(0, -1);

/** Closes that name no trade, as live producers send them: some in the life of stored trades, some long after all. */
const unnamed = (symbol: string, ms: number) => ({
  symbol,
  side: 'LONG',
  exit_price: '101',
  quantity: '0.5',
  timestamp: `${at(ms)}Z`,
});

describe('a store beside closes that name no trade', () => {
  let folder: string;
  let redis: TestRedis;
  const databases: TestDatabase[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portfolio-store-'));
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const database of databases) await database.drop();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What the bus told before: closes, and nothing that they close. */
  async function told(): Promise<TestDatabase> {
    const database = await createDatabase();
    databases.push(database);
    const client = redis.client();
    await client.flushall();
    const service = await startService({ databaseUrl: database.url, redisUrl: redis.url });
    for (const symbol of SYMBOLS) {
      await tellFrom(client, 'trade.closed', unnamed(symbol, 20_000_000));
      await tellFrom(client, 'trade.closed', unnamed(symbol, 60_000_000));
      await tellFrom(client, 'trade.closed', unnamed(symbol, 400_000_000));
    }
    await settled(service, client);
    await service.stop();
    return database;
  }

  const restatements = async (database: TestDatabase) =>
    (await database.query(`SELECT FROM outbox WHERE event_type = 'portfolio.restated'`)).length;

  test('comes to what the ledger says, whatever the order of its rows, and folds each symbol but a few times', async () => {
    const [forwards, backwards] = [await told(), await told()];
    const rows = history();
    for (const [database, stored] of [
      [forwards, rows],
      [backwards, [...rows].reverse()],
    ] as const) {
      const path = join(folder, `${stored[0]!.trade_id}.db`);
      writeSqlite(path, stored);
      const before = await restatements(database);
      const { output } = await runImport(
        { databaseUrl: database.url, redisUrl: redis.url },
        '--sqlite',
        path,
      );
      expect(output).toContain(`${rows.length} rows read, ${rows.length} taken`);
      expect((await restatements(database)) - before).toBeLessThanOrEqual(3 * SYMBOLS.length);
      const rebuilt = await runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, 'dist/rebuild.js');
      expect(rebuilt.logs).toContain('all projections are equal to the ledger');
    }
    expect(await shownState(backwards)).toEqual(await shownState(forwards));
  });
});
