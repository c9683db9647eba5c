import { FIGURES } from '../../src/portfolio/domain/explain/metric.js';
import { eventually } from '../support/eventually.js';
import { allNodes, explain, faultsOf, leavesOf, summed } from '../support/explained.js';
import { fillBusily, fillRichBook } from '../support/rich-book.js';
import { startStack, type Stack } from '../support/stack.js';

type Body = Record<string, unknown>;

const ROUTES = ['snapshot', 'pnl', 'exposure', 'drawdown'] as const;

/** Every money figure that the four routes show, by the name under which it is explained. */
async function shownBy(stack: Stack): Promise<Map<string, unknown>> {
  const shown = new Map<string, unknown>();
  for (const route of ROUTES) {
    const body = (await stack.service.get(`/api/portfolio/${route}?numbers=string`)).json();
    for (const name of FIGURES) if (name in body) shown.set(name, body[name]);
    for (const by of ['exposure_by_symbol', 'gross_by_symbol', 'exposure_by_sector'])
      for (const [name, value] of Object.entries((body[by] ?? {}) as Body)) shown.set(`${by}:${name}`, value);
    for (const position of (body['positions'] ?? []) as Body[]) {
      const name = `${String(position['symbol'])}:${String(position['side'])}`;
      shown.set(`unrealized_pnl:${name}`, position['unrealized_pnl']);
      shown.set(`exposure:${name}`, position['exposure']);
    }
  }
  return shown;
}

describe.each<[what: string, env: Record<string, string>]>([
  ['trades, hedged', {}],
  [
    'trades, netted, far from UTC',
    { PORTFOLIO_POSITION_MODE: 'netting', PORTFOLIO_TIMEZONE: 'Asia/Kolkata' },
  ],
  ['fills, netted', { PORTFOLIO_POSITION_SOURCE: 'fills', PORTFOLIO_TIMEZONE: 'America/New_York' }],
  ['fills, hedged', { PORTFOLIO_POSITION_SOURCE: 'fills', PORTFOLIO_POSITION_MODE: 'hedge' }],
])('every number of a rich history (%s)', (_what, env) => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ env });
    await fillRichBook(stack);
    await eventually(async () => {
      const exposure = (await stack.service.get('/exposure')).text;
      expect(exposure).toMatch(/"DOGEUSDT":/);
    });
  }, 120_000);
  afterAll(() => stack.stop());

  test('is what the routes show, and exactly the sum of its leaves', async () => {
    const shown = await shownBy(stack);
    expect([...shown.keys()]).toEqual(expect.arrayContaining([...FIGURES]));
    for (const [metric, value] of shown) {
      const explained = await explain(stack.service, metric);
      expect([metric, explained.value]).toEqual([metric, value]);
      expect(faultsOf(explained)).toEqual([]);
    }
  });

  test('stays the exact sum of what is shown, however little that is', async () => {
    for (const metric of ['total_equity', 'equity_change_today', 'net_exposure', 'monthly_pnl'])
      for (const query of [
        '&depth=0',
        '&depth=1',
        '&depth=2',
        '&depth=3&limit=2',
        '&limit=1',
        '&limit=3',
        '&limit=7',
      ]) {
        const explained = await explain(stack.service, metric, query);
        expect([query, summed(leavesOf(explained.tree))]).toEqual([query, explained.value]);
        expect([query, faultsOf(explained)]).toEqual([query, []]);
        expect(explained.tree.holds).toBe((await explain(stack.service, metric)).tree.holds);
      }
  });

  test('shows what divisions rounded as leaves of their own, where fills average', async () => {
    const rounded = allNodes((await explain(stack.service, 'total_equity')).tree).filter(
      ({ operation }) => operation === 'rounding',
    );
    expect(rounded.length > 0).toBe(env['PORTFOLIO_POSITION_SOURCE'] === 'fills');
    for (const { value } of rounded) expect(value).toMatch(/^-?0\.0{16}\d+$/);
  });

  test('can be followed into a day that was collapsed', async () => {
    const { tree } = await explain(stack.service, 'realized_pnl_total', '&depth=1');
    for (const day of tree.children) {
      const explained = await explain(stack.service, `realized_pnl_day:${day.name}`);
      expect([day.name, explained.value, explained.tree.holds]).toEqual([day.name, day.value, day.holds]);
      expect(faultsOf(explained)).toEqual([]);
    }
  });

  test('has leaves that name the fact they rest on', async () => {
    const { tree } = await explain(stack.service, 'cash_balance');
    const facts = leavesOf(tree).filter(({ operation }) => operation === 'fact');
    expect(facts.length).toBeGreaterThan(5);
    for (const { evidence } of facts)
      expect(evidence).toMatchObject({
        version: expect.any(Number),
        kind: expect.stringMatching(/^(trade|account|order)\./),
      });
  });
});

const FACTS = 300;

describe('an explanation while facts come in', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_BATCH_SIZE: '2' } });
  }, 60_000);
  afterAll(() => stack.stop());

  test('is of one version, whatever happens meanwhile', async () => {
    const versions = new Set<number>();
    const faults: string[] = [];
    const sending = fillBusily(stack, FACTS);
    await eventually(
      async () => {
        // Several at once, so that some of them meet a commit half way.
        const asked = Array.from({ length: 4 }, () => explain(stack.service, 'total_equity', '&limit=9'));
        for (const explained of await Promise.all(asked)) {
          versions.add(explained.version);
          faults.push(...faultsOf(explained));
        }
        expect(Math.max(...versions)).toBe(FACTS);
      },
      { timeoutMs: 50_000, everyMs: 1 },
    );
    await sending;
    expect(faults).toEqual([]);
    expect(versions.size).toBeGreaterThan(3);
  }, 60_000);
});

describe('what a leaf tells', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack();
    await fillRichBook(stack);
  }, 120_000);
  afterAll(() => stack.stop());

  test('of bookings: fact, prices, fees, and whether the reported or the computed PnL was booked', async () => {
    const { tree } = await explain(stack.service, 'realized_pnl_total');
    const booked = allNodes(tree).filter(({ operation }) => operation === 'fact');
    const byEvent = new Map(
      booked.map((node) => [
        `${String(node.evidence?.['event_id'])} ${String(node.evidence?.['trade_id'])}`,
        node,
      ]),
    );
    // (110 − 100) × 1 − 0.05; a third of the opening fee of 0.1 belongs to it, and was booked at the open.
    expect(byEvent.get('partial-1 partial')).toMatchObject({
      value: '9.95',
      evidence: {
        ...{ kind: 'trade.closed', source: 'execution', symbol: 'BTCUSDT', side: 'LONG', quantity: '1' },
        ...{ entry_price: '100', exit_price: '110', fee: '0.05', opening_fee_share: '0.033333333333333333' },
        ...{ reported: null, computed: '9.916666666666666667', booked: 'computed' },
      },
    });
    // Reported net of everything: its share of the opening fee is added, because the open booked it.
    expect(byEvent.get('partial-2 partial')).toMatchObject({
      value: '10.933333333333333333',
      evidence: { reported: '10.9', opening_fee_share: '0.033333333333333333', booked: 'reported' },
    });
    // The late open e0 is the oldest: it and e1 are what the unnamed close of 2 took, half of the reported 10 each.
    expect([byEvent.get('unnamed e0')?.value, byEvent.get('unnamed e1')?.value]).toEqual(['5', '5']);
    expect(byEvent.has('unnamed e2')).toBe(false);
    expect(byEvent.get('funding null')).toMatchObject({ value: '-1.25', name: 'funding' });
    // 5 of 10 closed while nobody had told an entry price.
    expect(byEvent.get('blind-close blind')).toMatchObject({ evidence: { booked: expect.any(String) } });
  });

  test('of open trades: mark with its source and time, entry and size', async () => {
    const { tree } = await explain(stack.service, 'unrealized_pnl:BTCUSDT:SHORT');
    // (120 − 113.37) × 2
    expect(tree).toMatchObject({
      value: '13.26',
      children: [
        {
          ...{ name: 'short', operation: 'product', amount: '13.26', holds: 1 },
          evidence: {
            ...{
              event_id: 'open-short',
              kind: 'trade.opened',
              quantity: '2',
              entry_price: '120',
              entry_from: 'open',
            },
            ...{
              mark_price: '113.37',
              mark_source: 'market.tick',
              mark_at: expect.stringMatching(/\+00:00$/),
            },
          },
        },
      ],
    });
    const quiet = await explain(stack.service, 'unrealized_pnl:AAVEUSDT:LONG');
    expect(leavesOf(quiet.tree)[0]).toMatchObject({
      amount: '0',
      evidence: { mark_source: 'entry', mark_price: null },
    });
  });

  test('of extremes and peaks: the trade with its bookings, and what was seen', async () => {
    const best = await explain(stack.service, 'best_trade_pnl');
    expect(best.tree).toMatchObject({
      operation: 'maximum',
      children: [{ name: expect.stringMatching(/^[A-Z]+USDT \w+$/) }],
    });
    const peak = await explain(stack.service, 'peak_equity');
    expect(peak.tree).toMatchObject({
      operation: 'observation',
      evidence: { observed_at: expect.any(String) },
    });
  });

  test.each([
    'nonsense',
    'unrealized_pnl:BTCUSDT:SIDEWAYS',
    'exposure_by_symbol:NOTHELD',
    'realized_pnl_day:2026-02-30',
  ])('nothing of %s, which is no metric', async (metric) => {
    const answer = await stack.service.get(`/api/portfolio/explain?metric=${metric}`);
    expect([answer.status, answer.json()['code']]).toEqual([400, 'metric_unknown']);
    expect(answer.json()['detail']).toContain('realized_pnl_today');
  });

  test.each([
    'depth=11',
    'depth=-1',
    'limit=0',
    'limit=1001',
    'metric=',
    'metric=a%00b',
    'metric=total_equity&metric=x',
  ])('nothing for %s, which cannot be read', async (query) => {
    const answer = await stack.service.get(`/api/portfolio/explain?${query}`);
    expect([answer.status, answer.json()['code']]).toEqual([400, 'parameter_malformed']);
  });
});
