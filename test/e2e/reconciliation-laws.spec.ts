import { Decimal } from '../../src/shared/decimal.js';
import type { Payload } from '../support/envelope.js';
import type { ReportedPosition } from '../support/exchange-reports.js';
import { reportAll } from '../support/exchange-reports.js';
import { Random } from '../support/generate-random.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

const START = Math.floor(Date.now() / 1000) - 3_600;
const STARTED_WITH = '1000';
const dec = (text: string) => Decimal.parse(text);

interface Told {
  readonly type: string;
  readonly at: number;
  readonly payload: Payload;
}
interface Lot {
  readonly id: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly entry: string;
  readonly from: number;
  readonly to: number | null;
  readonly exit: string;
}

/** Lots of three symbols, some closed; what the exchange knows at any moment follows from them. */
const LOTS: readonly Lot[] = Array.from({ length: 12 }, (_, i) => ({
  id: `t${i}`,
  symbol: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'][i % 3]!,
  quantity: String(1 + (i % 4)),
  entry: String(100 + 7 * i),
  from: 60 + 97 * i,
  to: i % 4 === 3 ? null : 60 + 97 * i + 400 + 31 * i,
  exit: String(120 + 5 * i),
}));
const DEPOSITS = [
  { at: 333, amount: '250' },
  { at: 1_501, amount: '75.5' },
];
const REPORTS = [30, 500, 900, 1_300, 1_700, 2_600];

function factsTold(): Told[] {
  const stamp = (at: number) => new Date((START + at) * 1000).toISOString();
  const common = ({ id, symbol, quantity }: Lot) => ({ trade_id: id, symbol, quantity });
  const opens = LOTS.map((lot): Told => {
    const payload = { ...common(lot), side: 'buy', entry_price: lot.entry, timestamp: stamp(lot.from) };
    return { type: 'trade.opened', at: lot.from, payload };
  });
  const closes = LOTS.flatMap((lot): Told[] => {
    if (lot.to === null) return [];
    const payload = { ...common(lot), side: 'LONG', exit_price: lot.exit, timestamp: stamp(lot.to) };
    return [{ type: 'trade.closed', at: lot.to, payload }];
  });
  const flows = DEPOSITS.map(({ at, amount }): Told => {
    const payload = { event_id: `d${at}`, type: 'DEPOSIT', amount, timestamp: stamp(at) };
    return { type: 'account.cash_flow', at, payload };
  });
  return [...opens, ...closes, ...flows].sort((a, b) => a.at - b.at);
}

function walletAt(at: number): string {
  const gains = LOTS.filter(({ to }) => to !== null && to <= at).map(({ exit, entry, quantity }) =>
    dec(exit).minus(dec(entry)).times(dec(quantity)),
  );
  const deposits = DEPOSITS.filter((one) => one.at <= at).map(({ amount }) => dec(amount));
  return Decimal.sum([dec(STARTED_WITH), ...gains, ...deposits]).toString();
}

function positionsAt(at: number): ReportedPosition[] {
  return ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'].flatMap((symbol): ReportedPosition[] => {
    const open = LOTS.filter(
      (lot) => lot.symbol === symbol && lot.from <= at && (lot.to === null || lot.to > at),
    );
    if (open.length === 0) return [];
    const quantity = Decimal.sum(open.map((lot) => dec(lot.quantity)));
    const cost = Decimal.sum(open.map((lot) => dec(lot.entry).times(dec(lot.quantity))));
    const entry = cost.dividedBy(quantity).toString();
    return [{ symbol, side: 'LONG', quantity: quantity.toString(), entry, mark: '130' }];
  });
}

/** Facts at the report's place in the story, or somewhere else in it: early is impossible, late is not. */
function delayed(
  facts: readonly Told[],
  random: Random | null,
): { readonly shownAt: number; readonly fact: Told }[] {
  return facts
    .map((fact) => ({ fact, shownAt: fact.at + (random === null ? 0 : random.integer(0, 1_800)) }))
    .sort((a, b) => a.shownAt - b.shownAt);
}

describe('an exchange that tells the truth, and facts that come late', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_RECONCILE_GRACE_SEC: '60' } });
  });
  afterAll(() => stack.stop());

  async function live(account: string, random: Random | null): Promise<void> {
    const arriving = delayed(factsTold(), random);
    for (const at of [...REPORTS, 9_999]) {
      while (arriving[0] && arriving[0].shownAt <= at) {
        const { type, payload } = arriving.shift()!.fact;
        await send(stack.redis, type, 'V1', { ...payload, account_id: account });
      }
      if (at === 9_999) break;
      const report = { wallet: walletAt(at), positions: positionsAt(at), at: String(START + at) };
      await reportAll(stack, { ...report, account });
    }
    await settled(stack.service, stack.redis);
  }

  async function shown(account: string): Promise<unknown> {
    const read = async (route: string) =>
      (await stack.service.get(`/api/portfolio/${route}?numbers=string&account=${account}`)).json();
    const { cash_balance, num_positions } = await read('snapshot');
    const { realized_pnl_total, closed_trades, win_rate, best_trade_pnl } = await read('pnl');
    const positions = ((await read('positions'))['positions'] as Record<string, unknown>[]).map(
      ({ symbol, size, cost_basis }) => [symbol, size, cost_basis],
    );
    const trades = ((await read('trades'))['trades'] as Record<string, unknown>[])
      .filter(({ quantity }) => quantity !== '0')
      .map(({ trade_id: id, status, realized_pnl: pnl, pnl_unknown: unknown }) => [id, status, pnl, unknown]);
    return {
      cash_balance,
      num_positions,
      realized_pnl_total,
      closed_trades,
      win_rate,
      best_trade_pnl,
      positions,
      trades,
    };
  }

  test('leave no trace of the order: wallet, positions, trades and PnL are those of facts in time', async () => {
    await live('in-time', null);
    const expected = await shown('in-time');
    expect(expected).toMatchObject({ cash_balance: walletAt(9_999), closed_trades: 9 });
    const adopted = async (account: string) => {
      const sql = `SELECT 1 FROM ledger WHERE account_id = $1 AND kind = 'position.reconciliation'`;
      return (await stack.database.query(sql, [account])).length;
    };
    for (const seed of [1, 2, 3]) {
      const account = `late-${seed}`;
      await live(account, new Random(seed));
      expect([seed, await shown(account)]).toEqual([seed, expected]);
      expect(await adopted(account)).toBeGreaterThan(0);
    }
  }, 240_000);
});
