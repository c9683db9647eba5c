import { eventually } from '../support/eventually.js';
import { runToEnd } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled, streamOf } from '../support/streams.js';

interface Told {
  readonly state: string;
  readonly version: number;
  readonly verified_version: number | null;
  readonly digest: string | null;
  readonly differences: readonly { table: string; symbol: string | null; kind: string }[];
}

const HOUR = 3_600_000;
/** A look at thousands of facts may take seconds on a busy machine, and is followed by a rest nineteen times as long. */
const A_ROUND = 150_000;
/** More facts than are verified in one look, most of them in one symbol. */
const TRADES: Readonly<Record<string, number>> = { BTCUSDT: 2_550, ETHUSDT: 60, SOLUSDT: 60, XRPUSDT: 30 };
const FACTS = 2 * Object.values(TRADES).reduce((sum, count) => sum + count, 0);

/** Two facts a trade: opened at 100, closed a moment later somewhere near; the last of each symbol stays open. */
async function tellMany({ redis, service }: Stack): Promise<void> {
  const began = Date.now() - 20 * HOUR;
  const pipeline = redis.pipeline();
  const tell = (type: string, payload: object) =>
    pipeline.xadd(streamOf(type), '*', 'payload', JSON.stringify(payload), 'source', 'execution');
  for (const [symbol, count] of Object.entries(TRADES)) {
    for (let n = 0; n < count; n += 1) {
      const trade = { trade_id: `${symbol}-${n}`, symbol, side: n % 3 === 0 ? 'sell' : 'buy', quantity: 2 };
      const at = (ms: number) => ({ timestamp: new Date(began + n * 10_000 + ms).toISOString() });
      tell('trade.opened', { ...trade, entry_price: 100, fee: 0.01, ...at(0) });
      const isLast = n === count - 1;
      const close = { ...trade, quantity: isLast ? 1 : 2, exit_price: 95 + (n % 11) };
      tell('trade.closed', { ...close, ...at(5_000) });
    }
  }
  await pipeline.exec();
  await settled(service, redis, { timeoutMs: 60_000 });
}

describe('an account with more facts than are verified in one look', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_INTEGRITY_SEC: '1' } });
    await tellMany(stack);
  }, 90_000);
  afterAll(() => stack.stop());

  const told = async (): Promise<Told> => (await stack.service.get('/api/portfolio/integrity')).json<Told>();

  async function verified(): Promise<Told> {
    let found: Told | null = null;
    await eventually(
      async () => {
        found = await told();
        expect(found).toMatchObject({ state: 'verified', differences: [], verified_version: FACTS });
      },
      { timeoutMs: A_ROUND },
    );
    return found!;
  }

  test(
    'is verified whole, at one version, with one digest, whoever does it',
    async () => {
      const { version, digest } = await verified();
      expect([version, digest]).toEqual([FACTS, expect.stringMatching(/^[0-9a-f]{64}$/)]);
      const rebuilt = await runToEnd({ PORTFOLIO_DATABASE_URL: stack.database.url }, 'dist/rebuild.js');
      expect([rebuilt.code, rebuilt.logs]).toEqual([0, expect.stringContaining('all projections are equal')]);
      await stack.service.stop();
      await stack.startAgain();
      expect((await verified()).digest).toBe(digest);
    },
    4 * A_ROUND,
  );

  test.each([
    [
      'the large symbol',
      `UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE trade_id = 'BTCUSDT-7'`,
      'trades',
    ],
    ['a small one', `UPDATE positions SET quantity = quantity + 1 WHERE symbol = 'XRPUSDT'`, 'positions'],
    ['its sums', `UPDATE pnl_totals SET realized = realized + 1`, 'pnl_totals'],
  ])(
    'has a row of %s found that was changed by hand, and is well when it is put right',
    async (_what, sql, table) => {
      await verified();
      await stack.database.query(sql);
      await eventually(
        async () => expect((await told()).differences).toMatchObject([{ table, kind: 'changed' }]),
        { timeoutMs: A_ROUND },
      );
      await stack.database.query(sql.replace('+ 1', '- 1'));
      await verified();
    },
    180_000,
  );

  test(
    'is verified anew when it moves on',
    async () => {
      const { digest } = await verified();
      const close = { trade_id: 'SOLUSDT-59', symbol: 'SOLUSDT', side: 'LONG', quantity: 1, exit_price: 101 };
      const payload = JSON.stringify({ ...close, timestamp: new Date().toISOString() });
      await stack.redis.xadd(streamOf('trade.closed'), '*', 'payload', payload, 'source', 'execution');
      await eventually(
        async () => {
          const found = await told();
          expect(found).toMatchObject({ state: 'verified', differences: [], verified_version: FACTS + 1 });
          expect(found.digest).not.toBe(digest);
        },
        { timeoutMs: A_ROUND },
      );
    },
    2 * A_ROUND,
  );
});
