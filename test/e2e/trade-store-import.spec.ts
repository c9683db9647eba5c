import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { runToEnd } from '../support/service.js';
import { DIRTY_COUNTS, DIRTY_TRADES } from '../support/trade-store/dirty-trades.js';
import { storedTrade } from '../support/trade-store/layout.js';
import { manyTrades } from '../support/trade-store/many-trades.js';
import { runImport, startImport, type ImportServers } from '../support/trade-store/run-import.js';
import { shownState, storedState } from '../support/trade-store/stored-state.js';
import { writeForeignKeys, writeRedis } from '../support/trade-store/write-redis.js';
import { insertTrades, openStore, writeSqlite } from '../support/trade-store/write-sqlite.js';

const LINE = `${DIRTY_COUNTS.taken} taken, 0 supplemented, 0 already there, ${DIRTY_COUNTS.nothing} without effect`;

let folder: string;
let path: string;
let redis: TestRedis;
let database: TestDatabase;
let servers: ImportServers;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portfolio-store-'));
  path = join(folder, 'trades.db');
  database = await createDatabase();
  servers = { databaseUrl: database.url, redisUrl: redis.url };
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function hashes(of = folder): Promise<Record<string, string>> {
  // The -shm file is where processes tell each other what they read, and no part of what is stored.
  const names = (await readdir(of)).filter((name) => !name.endsWith('-shm'));
  const entries = names.map(async (name) => {
    const bytes = await readFile(join(of, name));
    return [name, createHash('sha256').update(bytes).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe('import of a trade store', () => {
  test('books PnL from prices and fees, and keeps their own number as a claim', async () => {
    writeSqlite(path, DIRTY_TRADES);
    const { code, output } = await runImport(servers, '--sqlite', path);
    expect(output).toContain(LINE);
    expect(code).toBe(1);
    const [totals] = await database.query('SELECT * FROM pnl_totals');
    expect(totals).toMatchObject({
      realized: '429.98',
      closed_trades: '4',
      winning_trades: '3',
      losing_trades: '1',
      gross_profit: '535.3',
      gross_loss: '103.24',
      best_trade: '482.3',
      worst_trade: '-103.24',
    });
    const trades = await database.query<{
      trade_id: string;
      realized_pnl: string;
      claimed_pnl: string | null;
    }>(
      'SELECT trade_id, realized_pnl, claimed_pnl, reported_pnl, category, close_reason FROM trades ORDER BY trade_id',
    );
    const found = Object.fromEntries(trades.map(({ trade_id, ...trade }) => [trade_id, trade]));
    expect(found).toEqual({
      held: trade('-0.4', null, 'CORE', null),
      'late-exit': trade('3', '3', null, null),
      long: trade('482.3', '5000', 'CORE', 'TAKE_PROFIT'),
      partial: trade('-1.68', null, 'CORE', null),
      repr: trade('50', '50', 'EXPANSION', 'MANUAL'),
      short: trade('-103.24', '-500', null, null),
    });
    const listed = await database.query(
      'SELECT trade_id, kind, reported, computed, size FROM discrepancies ORDER BY 1',
    );
    expect(listed).toEqual([
      { trade_id: 'long', kind: 'claimed_pnl_mismatch', reported: '5000', computed: '482.3', size: '4517.7' },
      {
        trade_id: 'short',
        kind: 'claimed_pnl_mismatch',
        reported: '-500',
        computed: '-103.24',
        size: '396.76',
      },
    ]);
  });

  test('says which rows were refused and why, names what is not known, and keeps the refused ones', async () => {
    writeSqlite(path, DIRTY_TRADES);
    const { output } = await runImport(servers, '--sqlite', path);
    for (const code of [
      'exit_price_missing: no-exit',
      'entry_price_missing: no-entry',
      'quantity_invalid: no-size',
      'side_unknown: no-side',
      'status_unknown: odd',
      'time_invalid: bad-time',
      'dated_ahead: ahead',
    ])
      expect(output).toContain(`refused ${code}`);
    for (const line of [
      'partial_size_unknown: partial',
      'closed_at_by_updated_at: late-exit',
      'metadata_unreadable: late-exit',
    ])
      expect(output).toContain(line);
    const kept = await database.query<{ code: string }>('SELECT code FROM quarantine');
    expect(kept).toHaveLength(DIRTY_COUNTS.refused);
  });

  test('twice is once, and a rebuild finds the same', async () => {
    writeSqlite(path, DIRTY_TRADES);
    await runImport(servers, '--sqlite', path);
    const once = await storedState(database);
    const { output } = await runImport(servers, '--sqlite', path);
    expect(output).toContain(`0 taken, 0 supplemented, ${DIRTY_COUNTS.taken} already there`);
    expect(await storedState(database)).toEqual(once);
    const rebuilt = await runToEnd({ PORTFOLIO_DATABASE_URL: database.url }, 'dist/rebuild.js');
    expect(rebuilt).toMatchObject({ code: 0 });
    expect(await storedState(database)).toEqual(once);
  });

  test('of a Redis comes to the same as of a file, and leaves the keys of others alone', async () => {
    writeSqlite(path, DIRTY_TRADES);
    const client = redis.client();
    await writeRedis(client, DIRTY_TRADES);
    await writeForeignKeys(client);
    const before = await client.dbsize();
    const other = await createDatabase();
    try {
      await runImport(servers, '--sqlite', path);
      const fromRedis = { ...servers, databaseUrl: other.url };
      const first = await runImport(fromRedis, '--redis', redis.url);
      expect(first.output).toContain(`${LINE}, 3 no trades, ${DIRTY_COUNTS.refused} refused`);
      expect(first.output).toMatch(/foreign not_a_hash: trade:(counter|queue)/);
      expect(first.output).toContain('foreign not_a_trade: trade:stats');
      expect(await shownState(other)).toEqual(await shownState(database));
      const once = await storedState(other);
      await runImport(fromRedis, '--redis', redis.url);
      expect(await storedState(other)).toEqual(once);
      expect(await client.dbsize()).toBe(before);
    } finally {
      await client.flushall();
      await other.drop();
    }
  });

  test('sees what is still in the log of its owner, and changes no byte of the file or the log', async () => {
    writeSqlite(path, [storedTrade({ trade_id: 'in-the-file' })]);
    const owner = openStore(path);
    insertTrades(owner, [storedTrade({ trade_id: 'in-the-log' })]);
    const before = await hashes();
    expect(Object.keys(before).sort()).toEqual(['trades.db', 'trades.db-wal']);
    expect((await runImport(servers, '--sqlite', path)).output).toContain('2 rows read, 2 taken');
    expect(await hashes()).toEqual(before);
    insertTrades(owner, [storedTrade({ trade_id: 'since-then' })]);
    owner.close();
    expect((await runImport(servers, '--sqlite', path)).output).toContain(
      '1 taken, 0 supplemented, 2 already there',
    );
  });

  test('reads what the crash of its owner left in the log, and leaves it there for the owner', async () => {
    writeSqlite(path, [storedTrade({ trade_id: 'in-the-file' })]);
    const owner = openStore(path);
    insertTrades(owner, [storedTrade({ trade_id: 'in-the-log' })]);
    const left = join(folder, 'left');
    await mkdir(left);
    for (const name of ['trades.db', 'trades.db-wal']) await copyFile(join(folder, name), join(left, name));
    owner.close();
    const before = await hashes(left);
    const { output } = await runImport(servers, '--sqlite', join(left, 'trades.db'));
    expect(output).toContain('2 rows read, 2 taken');
    expect(await hashes(left)).toEqual(before);
  });

  test('reads one snapshot while the owner goes on writing', async () => {
    writeSqlite(path, manyTrades(4_000));
    const owner = openStore(path);
    const run = startImport(servers, ['--sqlite', path]);
    await eventually(async () => expect(await ledgerRows()).toBeGreaterThan(0), { timeoutMs: 30_000 });
    insertTrades(owner, [storedTrade({ trade_id: 'afterwards' })]);
    const { output, code } = await run.ended();
    owner.close();
    expect(code).toBe(0);
    expect(output).toContain('4000 rows read, 4000 taken');
  });

  test('killed in the middle and run again comes to what one run comes to', async () => {
    writeSqlite(path, manyTrades(6_000));
    const run = startImport(servers, ['--sqlite', path]);
    await eventually(async () => expect(await ledgerRows()).toBeGreaterThan(0), { everyMs: 5 });
    run.child.kill('SIGKILL');
    await run.ended();
    const cut = await ledgerRows();
    expect(cut).toBeGreaterThan(0);
    expect(cut).toBeLessThan(10_000);
    const again = await runImport(servers, '--sqlite', path);
    expect(again.code).toBe(0);
    expect(again.output).toContain(`${cut / 2} already there`);
    const other = await createDatabase();
    try {
      await runImport({ ...servers, databaseUrl: other.url }, '--sqlite', path);
      expect(await storedState(database)).toEqual(await storedState(other));
    } finally {
      await other.drop();
    }
  });

  test('a row that was open and is closed now is closed, and a stop that moved is no contradiction', async () => {
    const open = storedTrade({ trade_id: 'a', sl_price: 90 });
    writeSqlite(path, [open, storedTrade({ trade_id: 'b', sl_price: 90 })]);
    await runImport(servers, '--sqlite', path);
    const owner = openStore(path);
    owner.exec("UPDATE trades SET sl_price = 97 WHERE trade_id = 'b'");
    owner.exec(
      "UPDATE trades SET status = 'CLOSED', exit_price = 110, exit_time = '2026-01-12T00:00:00' WHERE trade_id = 'a'",
    );
    owner.close();
    const { code, output } = await runImport(servers, '--sqlite', path);
    expect(output).toContain('1 taken, 0 supplemented, 1 already there');
    expect(code).toBe(0);
    expect(await database.query("SELECT realized_pnl FROM trades WHERE trade_id = 'a'")).toEqual([
      { realized_pnl: '10' },
    ]);
  });

  test('a row that tells another size than before is set aside', async () => {
    writeSqlite(path, [storedTrade({ trade_id: 'a' })]);
    await runImport(servers, '--sqlite', path);
    const owner = openStore(path);
    owner.exec('UPDATE trades SET quantity = 2');
    owner.close();
    const { code, output } = await runImport(servers, '--sqlite', path);
    expect(output).toContain('conflict conflict: a (contradicts the fact of version 1)');
    expect(code).toBe(1);
    expect(await database.query('SELECT quantity FROM trades')).toEqual([{ quantity: '1' }]);
  });

  test('a dry run says what would be, and writes nothing', async () => {
    writeSqlite(path, DIRTY_TRADES);
    const { output } = await runImport(servers, '--sqlite', path, '--dry-run');
    expect(output).toContain(`nothing was written, it would have been: 16 rows read, ${LINE}`);
    expect(await ledgerRows()).toBe(0);
    expect(await database.query('SELECT * FROM quarantine')).toEqual([]);
  });

  test('into another account leaves main alone', async () => {
    writeSqlite(path, [storedTrade({ trade_id: 'a' })]);
    await runImport(servers, '--sqlite', path, '--account', 'desk-2');
    expect(await database.query('SELECT account_id FROM trades')).toEqual([{ account_id: 'desk-2' }]);
  });

  test('ends with 2 and the usage when no store is named', async () => {
    const { code, output } = await runImport(servers);
    expect(code).toBe(2);
    expect(output).toContain('Usage: npm run import:trades');
  });

  test.each([
    ['a file that is not there', () => ['--sqlite', '/nowhere/trades.db'], 'cannot be read'],
    ['a file that is no database', () => ['--sqlite', resolveThis()], 'no trade store that can be read'],
    [
      'a host that does not answer',
      () => ['--redis', 'redis://user:secret@127.0.0.1:1'],
      'redis://127.0.0.1:1 cannot be read',
    ],
  ])('ends with 2 and the reason for %s', async (_, args, reason) => {
    const { code, output } = await runImport(servers, ...args());
    expect(code).toBe(2);
    expect(output).toContain(reason);
    expect(output).not.toContain('secret');
  });

  test('says how it is used', async () => {
    const { code, output } = await runImport(servers, '--help');
    expect(code).toBe(0);
    expect(output).toContain('--dry-run');
  });
});

function trade(
  realized_pnl: string,
  claimed_pnl: string | null,
  category: string | null,
  close_reason: string | null,
) {
  return { realized_pnl, claimed_pnl, reported_pnl: null, category, close_reason };
}

const resolveThis = () => join(process.cwd(), 'package.json');

/** How many facts there are; 0 before the schema is. */
async function ledgerRows(): Promise<number> {
  const [there] = await database.query<{ is: boolean }>("SELECT to_regclass('ledger') IS NOT NULL AS is");
  if (!there!.is) return 0;
  const [row] = await database.query<{ n: string }>('SELECT count(*) AS n FROM ledger');
  return Number(row!.n);
}
