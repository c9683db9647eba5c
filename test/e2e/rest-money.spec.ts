import { eventually } from '../support/eventually.js';
import { fillBook } from '../support/sample-book.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const PLAIN = /^-?\d+(\.\d+)?$/;

describe('the money that the routes show', () => {
  let stack: Stack;
  const get = (path: string) => stack.service.get(path);

  beforeAll(async () => {
    stack = await startStack();
    await fillBook(stack);
    await settled(stack.service, stack.redis);
    await eventually(async () => expect((await get('/api/portfolio/snapshot')).text).toContain('42741.13'));
  });
  afterAll(() => stack.stop());

  test('the snapshot shows long and short of one symbol as two rows', async () => {
    const snapshot = (await get('/api/portfolio/snapshot?numbers=string')).json();
    // Wallet 10000 + 30 − 10; long (42741.13 − 42000) × 0.2; short (43000 − 42741.13) × 0.1.
    expect(snapshot).toMatchObject({
      ...{ cash_balance: '10020', unrealized_pnl: '174.113', total_equity: '10194.113' },
      ...{ total_exposure: '12822.339', realized_pnl_today: expect.stringMatching(PLAIN) },
    });
    const common = { symbol: 'BTCUSDT', current_price: '42741.13', leverage: '5', category: 'CORE' };
    const positions = snapshot['positions'] as Body[];
    expect(positions).toHaveLength(2);
    expect(positions.find(({ side }) => side === 'LONG')).toMatchObject({
      ...{ ...common, size: '0.2', entry_price: '42000', unrealized_pnl: '148.226', exposure: '8548.226' },
      unrealized_pnl_pct: expect.stringMatching(/^1\.7645952380952380\d*$/),
    });
    expect(positions.find(({ side }) => side === 'SHORT')).toMatchObject({
      ...{ ...common, size: '0.1', entry_price: '43000', unrealized_pnl: '25.887', exposure: '4274.113' },
    });
  });

  test('PnL, exposure and drawdown are the sums that the definitions give', async () => {
    const read = async (route: string): Promise<Body> =>
      (await get(`/api/portfolio/${route}?numbers=string`)).json();
    expect(await read('pnl')).toMatchObject({
      ...{ realized_pnl_total: '20', unrealized_pnl: '174.113', total_pnl: '194.113' },
      ...{ best_trade_pnl: '30', worst_trade_pnl: '-10', win_rate: '50', profit_factor: '3' },
    });
    expect(await read('exposure')).toMatchObject({
      ...{
        long_exposure: '8548.226',
        short_exposure: '4274.113',
        total_exposure: '12822.339',
        net_exposure: '4274.113',
      },
      exposure_by_symbol: { BTCUSDT: '4274.113' },
      gross_by_symbol: { BTCUSDT: '12822.339' },
      exposure_by_sector: { L1: '4274.113' },
    });
    expect(await read('drawdown')).toMatchObject({ current_equity: '10194.113' });
  });

  test.each(['snapshot', 'pnl', 'exposure', 'drawdown'])(
    '/api/portfolio/%s?numbers=string gives every decimal as plain text',
    async (route) => {
      const plain = (await get(`/api/portfolio/${route}`)).json();
      const exact = (await get(`/api/portfolio/${route}?numbers=string`)).json();
      const counts = ['num_positions', 'version', 'days_since_peak', 'open_trades', 'closed_trades'];
      const whole = new Set([...counts, 'underwater_seconds', 'longest_recovery_seconds']);
      const compare = (name: string, number: unknown, string: unknown): void => {
        if (typeof number === 'object' && number !== null)
          for (const [key, value] of Object.entries(number)) compare(key, value, (string as Body)[key]);
        else if (typeof number !== 'number' || whole.has(name)) return;
        else {
          expect([name, string]).toEqual([name, expect.stringMatching(PLAIN)]);
          expect(Number(string)).toBeCloseTo(number, 9);
        }
      };
      compare(route, plain, exact);
    },
  );

  test('?account= selects the account, and the numbers of another do not leak', async () => {
    const second = (await get('/api/portfolio/snapshot?account=second')).json();
    expect(second).toMatchObject({ cash_balance: 5, total_equity: 5, num_positions: 0, positions: [] });
  });

  test('what cannot be computed is null', async () => {
    const pnl = (await get('/api/portfolio/pnl?account=second')).json();
    expect(pnl).toMatchObject({
      best_trade_pnl: null,
      worst_trade_pnl: null,
      profit_factor: null,
      win_rate: null,
    });
  });
});
