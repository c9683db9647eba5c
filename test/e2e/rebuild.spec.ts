import type { Payload } from '../support/envelope.js';
import { eventually } from '../support/eventually.js';
import { dayOf, type Message } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { tellOddities, time } from '../support/oddities.js';
import { sendMessages, shuffledWithRepeats, tellFrom } from '../support/send-facts.js';
import { runToEnd, type Exit } from '../support/service.js';
import { shownBy, type Shown } from '../support/shown.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

const PROJECTIONS = [
  ...['trades', 'bookings', 'discrepancies', 'unmatched_closes', 'positions', 'symbol_books'],
  ...['pnl_totals', 'pnl_days', 'cash_flows'],
];
/** What was seen, and what the ledger itself holds: no rebuild may touch it. */
const RECORDS = ['equity_candles', 'marks', 'stand_in_prices', 'ledger', 'ledger_keys', 'quarantine'];

async function digest(stack: Stack, table: string): Promise<string[]> {
  const rows = await stack.database.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`);
  return rows.map((row) => row['row'] as string);
}

async function digests(stack: Stack, tables: readonly string[]): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of tables) all[table] = await digest(stack, table);
  return all;
}

describe('rebuild', () => {
  let stack: Stack;
  let answered: Shown;

  const rebuild = (): Promise<Exit & { logs: string }> =>
    runToEnd({ PORTFOLIO_DATABASE_URL: stack.database.url }, 'dist/rebuild.js');

  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_BATCH_SIZE: '7' } });
    const random = new Random(31);
    const day = dayOf({ seed: 31, trades: 70, end: Date.now() - 120_000, durationMs: 40 * 3_600_000 });
    const messages: Message[] = shuffledWithRepeats(day, random);
    const tell = (type: string, payload: Payload): Promise<unknown> => tellFrom(stack.redis, type, payload);
    await sendMessages(stack.redis, messages.slice(0, 150), random);
    await settled(stack.service, stack.redis);
    await tellOddities(tell);
    const funding = {
      event_id: 'funding',
      type: 'FUNDING',
      amount: '-1.5',
      symbol: 'BTCUSDT',
      timestamp: time(470),
    };
    await tell('account.cash_flow', funding);
    for (const [balance, minute] of [
      ['251000', 480],
      ['250990.5', 500],
    ] as const)
      await tell('account.balance', { balance, timestamp: time(minute) });
    await sendMessages(stack.redis, messages.slice(150), random);
    await sendMessages(stack.redis, day, random, 'second');
    await settled(stack.service, stack.redis);
    answered = await shownBy(stack.service);
    await stack.service.stop();
  }, 120_000);
  afterAll(() => stack.stop());

  test('the day has every case in it', async () => {
    const count = async (sql: string): Promise<number> => {
      const [row] = await stack.database.query(`SELECT count(*)::int AS n FROM ${sql}`);
      return row!['n'] as number;
    };
    expect(await count("trades WHERE status = 'ORPHAN'")).toBeGreaterThan(0);
    expect(await count('unmatched_closes WHERE NOT booked')).toBeGreaterThan(0);
    expect(await count("ledger WHERE role = 'supplement'")).toBeGreaterThan(1);
    expect(await count("ledger WHERE kind = 'account.reconciliation'")).toBeGreaterThan(0);
    expect(await count("ledger WHERE kind = 'trade.corrected'")).toBe(3);
    expect(await count('symbol_books WHERE awaited IS NOT NULL')).toBe(1);
    expect(await count("trades WHERE entry_from = 'execution'")).toBe(1);
    expect(await count('stand_in_prices')).toBeGreaterThan(0);
    const kinds = await stack.database.query('SELECT DISTINCT kind FROM discrepancies ORDER BY kind');
    expect(kinds.map(({ kind }) => kind as unknown)).toEqual([
      ...['correction_without_fact', 'entry_price_unknown', 'over_close', 'pnl_mismatch'],
    ]);
    expect(await count("quarantine WHERE code = 'conflict'")).toBeGreaterThan(0);
    expect(await count("quarantine WHERE code = 'source_differs'")).toBeGreaterThan(0);
  });

  /** Every version of every row ever written has a transaction of its own. */
  const written = async (): Promise<string[]> => {
    const rows = PROJECTIONS.map(
      (table) => `SELECT '${table}' AS name, xmin::text AS by, ctid::text AS at FROM ${table}`,
    );
    return (await stack.database.query(rows.join(' UNION ALL '))).map((row) => JSON.stringify(row)).sort();
  };

  test('finds the same in every table, says so, and writes nothing, neither rows nor records', async () => {
    const before = await digests(stack, [...PROJECTIONS, ...RECORDS]);
    for (const table of [...PROJECTIONS, ...RECORDS]) expect(before[table]).not.toEqual([]);
    const rows = await written();
    const { code, logs } = await rebuild();
    expect(await written()).toEqual(rows);
    expect(logs).toMatch(/^main: \d+ facts, equal$/m);
    expect(logs).toMatch(/^second: \d+ facts, equal$/m);
    expect(code).toBe(0);
    expect(await digests(stack, [...PROJECTIONS, ...RECORDS])).toEqual(before);
  }, 90_000);

  test.each([
    [
      ['trades'],
      "UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE account_id = 'main' AND trade_id = 'old'",
    ],
    [
      ['bookings', 'positions', 'pnl_days', 'cash_flows'],
      `DELETE FROM bookings WHERE account_id = 'main' AND trade_id = 'over';
       UPDATE positions SET quantity = quantity * 2 WHERE account_id = 'main';
       UPDATE pnl_days SET realized = realized + 0.000000000000000001 WHERE account_id = 'main';
       INSERT INTO cash_flows VALUES ('main', 999999, 'DEPOSIT', 5, now())`,
    ],
    [
      ['cash_flows'],
      `INSERT INTO cash_flows SELECT account_id, version, 'DEPOSIT', 5, now() FROM ledger l WHERE account_id = 'main'
       AND kind = 'account.cash_flow' AND symbol IS NOT NULL
       AND NOT EXISTS (SELECT FROM cash_flows f WHERE f.account_id = 'main' AND f.version = l.version) LIMIT 1`,
    ],
    [
      ['positions'],
      `INSERT INTO positions (account_id, symbol, side, quantity, cost_basis, open_trades) VALUES ('main', '', 'LONG', 1, 1, 1)`,
    ],
  ])('says that %j were changed by hand, repairs them, and ends with 2', async (tables, change) => {
    const before = await digests(stack, PROJECTIONS);
    await stack.database.query(change);
    for (const table of tables) expect(await digest(stack, table)).not.toEqual(before[table]);
    const { code, logs } = await rebuild();
    const said = /^main: \d+ facts, repaired (.*)$/m.exec(logs)?.[1]?.split(', ');
    expect(said?.sort()).toEqual([...tables].sort());
    expect(logs).toMatch(/^second: \d+ facts, equal$/m);
    expect(code).toBe(2);
    expect(await digests(stack, PROJECTIONS)).toEqual(before);
  });

  test.each([
    [
      'the same value in other digits',
      `UPDATE trades SET realized_pnl = (realized_pnl::text || CASE WHEN scale(realized_pnl) > 0 THEN '0' ELSE '.0' END)::numeric`,
    ],
    [
      'a missing key, which no replay brings back',
      `DELETE FROM ledger_keys WHERE account_id = 'main' AND version = 3`,
    ],
  ])('leaves everything as it is for %s', async (_, change) => {
    await stack.database.query(change);
    const rows = await written();
    const { code, logs } = await rebuild();
    expect(logs).toMatch(/^main: \d+ facts, equal$/m);
    expect(code).toBe(0);
    expect(await written()).toEqual(rows);
  });

  test('needs a database and says so', async () => {
    const { code, logs } = await runToEnd({}, 'dist/rebuild.js');
    expect(code).toBe(1);
    expect(logs).toContain('PORTFOLIO_DATABASE_URL: is missing');
  });

  test('repairs what a running service had loaded, and it answers as before', async () => {
    await stack.database.query("UPDATE pnl_totals SET realized = realized + 5 WHERE account_id = 'main'");
    await stack.startAgain();
    expect((await shownBy(stack.service)).money).not.toEqual(answered.money);
    expect((await rebuild()).code).toBe(2);
    await eventually(async () => expect(await shownBy(stack.service)).toEqual(answered));
  });
});
