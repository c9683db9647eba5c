import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { tellFrom } from '../support/send-facts.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';
import { storedTrade } from '../support/trade-store/layout.js';
import { runImport } from '../support/trade-store/run-import.js';
import { writeSqlite } from '../support/trade-store/write-sqlite.js';

type Body = Record<string, unknown>;

const BUS_OPEN = {
  trade_id: 'a',
  symbol: 'BTCUSDT',
  side: 'buy',
  entry_price: '100',
  quantity: '1',
  timestamp: '2026-01-10T08:00:01Z',
};
const BUS_CLOSE = {
  trade_id: 'a',
  symbol: 'BTCUSDT',
  side: 'LONG',
  exit_price: '110',
  quantity: '1',
  timestamp: '2026-01-11T08:00:00Z',
};
const STORED = storedTrade({
  trade_id: 'a',
  status: 'CLOSED',
  sl_price: 90,
  entry_fee_usd: 0.5,
  exit_price: 110,
  exit_time: '2026-01-11T08:00:00.2',
});

describe('a trade that the bus and a store both tell', () => {
  let stack: Stack;
  let path: string;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portfolio-store-'));
    path = join(folder, 'trades.db');
    stack = await startStack();
  });
  afterEach(async () => {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function tell(eventType: string, payload: Parameters<typeof tellFrom>[2]): Promise<void> {
    await tellFrom(stack.redis, eventType, payload);
    await settled(stack.service, stack.redis);
  }

  /** Imports a store of these trades; without any, the same again. */
  async function importStored(...trades: (typeof STORED)[]): Promise<string> {
    if (trades.length > 0) writeSqlite(path, trades);
    const servers = { databaseUrl: stack.database.url, redisUrl: stack.server.url };
    return (await runImport(servers, '--sqlite', path)).output;
  }

  /** The answers once this process has heard of what another committed. */
  async function read(): Promise<{ pnl: Body; trades: Body[] }> {
    const [account] = await stack.database.query<{ version: string }>('SELECT version FROM accounts');
    return eventually(async () => {
      const trades = (await stack.service.get('/api/portfolio/trades?numbers=string')).json<Body>();
      const pnl = (await stack.service.get('/api/portfolio/pnl?numbers=string')).json<Body>();
      expect(pnl['version']).toBe(Number(account!.version));
      return { pnl, trades: trades['trades'] as Body[] };
    });
  }

  const codes = async () =>
    (await stack.database.query<{ code: string }>('SELECT code FROM quarantine ORDER BY 1')).map(
      ({ code }) => code,
    );

  test('is one, closed once, and the store adds the fee and the stop that the bus did not tell', async () => {
    await tell('trade.opened', BUS_OPEN);
    await tell('trade.closed', BUS_CLOSE);
    expect(await importStored(STORED)).toContain('0 taken, 1 supplemented');
    const { pnl, trades } = await read();
    expect(pnl).toMatchObject({ realized_pnl_total: '9.5', closed_trades: 1 });
    expect(trades).toMatchObject([
      { trade_id: 'a', status: 'CLOSED', fee: '0.5', stop_loss: '90', closes: 1, discrepancies: [] },
    ]);
    expect(await codes()).toEqual([]);
    expect(await importStored()).toContain('1 already there');
  });

  test('counts as the bus told it where the two differ, and a person sees the difference', async () => {
    await tell('trade.opened', BUS_OPEN);
    await tell('trade.closed', { ...BUS_CLOSE, exit_price: '112' });
    expect(await importStored(STORED)).toContain('supplemented source_differs: a');
    expect((await read()).pnl).toMatchObject({ realized_pnl_total: '11.5', closed_trades: 1 });
    expect(await codes()).toEqual(['source_differs']);
  });

  test('that the store told first is not closed again by the bus, also not in parts', async () => {
    expect(await importStored(STORED)).toContain('1 taken');
    await tell('trade.opened', BUS_OPEN);
    await tell('trade.closed', { ...BUS_CLOSE, exit_price: '112' });
    await tell('trade.closed', { ...BUS_CLOSE, quantity: '0.4', timestamp: '2026-01-10T20:00:00Z' });
    const { pnl, trades } = await read();
    expect(pnl).toMatchObject({ realized_pnl_total: '9.5', closed_trades: 1 });
    expect(trades).toMatchObject([{ exit_price: '110', closes: 1, discrepancies: [] }]);
    expect(await codes()).toEqual(['source_differs']);
  });

  test('of which the bus closed a part is closed by the store as to the rest', async () => {
    await tell('trade.opened', BUS_OPEN);
    await tell('trade.closed', {
      ...BUS_CLOSE,
      quantity: '0.4',
      exit_price: '105',
      timestamp: '2026-01-10T20:00:00Z',
    });
    await importStored(STORED);
    const { pnl, trades } = await read();
    // (105 − 100) × 0.4 + (110 − 100) × 0.6 − 0.5
    expect(pnl).toMatchObject({ realized_pnl_total: '7.5' });
    expect(trades).toMatchObject([{ status: 'CLOSED', closes: 2, discrepancies: [] }]);
  });

  test('is not closed twice when the bus closed it without its name, known or not', async () => {
    const { trade_id: _known, quantity: _whole, ...unnamed } = BUS_CLOSE;
    await tell('trade.opened', BUS_OPEN);
    await tell('trade.closed', { ...unnamed, entry_price: '100', order_id: '1', pnl_usd: '10' });
    // Of this one the bus told no open: it was booked by itself, and is joined with the open that the store tells.
    await tell('trade.closed', {
      ...unnamed,
      symbol: 'ETHUSDT',
      entry_price: '100',
      order_id: '2',
      pnl_usd: '10',
    });
    // A moment before the bus says so: folded by time alone, the store's end would leave the bus's close without a trade.
    const stored = { ...STORED, exit_time: '2026-01-11T07:59:59.9' };
    const output = await importStored(stored, storedTrade({ ...stored, trade_id: 'b', symbol: 'ETHUSDT' }));
    expect(output).toContain('2 rows read');
    const { pnl, trades } = await read();
    expect(pnl).toMatchObject({ realized_pnl_total: '20', closed_trades: 2 });
    expect(trades).toHaveLength(2);
    const once = (await read()).pnl['version'];
    expect(await importStored()).toContain('2 already there');
    expect((await read()).pnl['version']).toBe(once);
  });

  test('that was over long before is not taken for what the bus closed without a name', async () => {
    const { trade_id: _known, quantity: _whole, ...unnamed } = BUS_CLOSE;
    await tell('trade.closed', { ...unnamed, entry_price: '100', order_id: '1', pnl_usd: '10' });
    const older = { entry_time: '2025-06-01T00:00:00', exit_time: '2025-06-02T00:00:00', exit_price: 103 };
    await importStored(storedTrade({ ...STORED, ...older, trade_id: 'old' }), STORED);
    const { pnl, trades } = await read();
    expect(trades).toMatchObject([
      { trade_id: 'a', exit_price: '110' },
      { trade_id: 'old', exit_price: '103' },
    ]);
    expect(pnl).toMatchObject({ realized_pnl_total: '12.5', closed_trades: 2 });
    expect(await importStored()).toContain('2 already there');
    expect((await read()).pnl).toMatchObject({ realized_pnl_total: '12.5', closed_trades: 2 });
  });
});
