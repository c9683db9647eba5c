import { eventually } from '../support/eventually.js';
import { fillBook } from '../support/sample-book.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const number = expect.any(Number) as unknown;
const text = expect.any(String) as unknown;
const PROBLEM = expect.stringContaining('application/problem+json') as unknown;

const SNAPSHOT = {
  ...{
    total_equity: number,
    cash_balance: number,
    total_exposure: number,
    num_positions: 2,
    unrealized_pnl: number,
  },
  ...{
    realized_pnl_today: number,
    daily_pnl: number,
    daily_drawdown_pct: number,
    weekly_drawdown_pct: number,
  },
  ...{ max_drawdown_pct: number, timestamp: text, warnings: expect.any(Array), version: number },
};
const PNL = {
  ...{
    realized_pnl_total: number,
    realized_pnl_today: number,
    realized_pnl_week: number,
    realized_pnl_month: number,
  },
  ...{
    unrealized_pnl: number,
    total_pnl: number,
    best_trade_pnl: number,
    worst_trade_pnl: number,
    win_rate: number,
  },
  ...{ profit_factor: number, equity_change_today: number, timestamp: text },
};
const EXPOSURE = {
  ...{ total_exposure: number, long_exposure: number, short_exposure: number, net_exposure: number },
  ...{
    exposure_by_symbol: expect.any(Object),
    exposure_by_sector: expect.any(Object),
    gross_by_symbol: expect.any(Object),
  },
  ...{ exposure_pct_of_equity: number, effective_leverage: number, timestamp: text },
};
const DRAWDOWN = {
  ...{
    daily_drawdown_pct: number,
    weekly_drawdown_pct: number,
    max_drawdown_pct: number,
    current_drawdown_pct: number,
  },
  ...{ peak_equity: number, current_equity: number, days_since_peak: number, recovery_progress_pct: number },
  timestamp: text,
};
const ROUTES = [
  ['snapshot', SNAPSHOT],
  ['pnl', PNL],
  ['exposure', EXPOSURE],
  ['drawdown', DRAWDOWN],
] as const;

describe('the routes', () => {
  let stack: Stack;
  const get = (path: string, headers?: Record<string, string>) => stack.service.get(path, headers);

  beforeAll(async () => {
    stack = await startStack();
    await fillBook(stack);
    await settled(stack.service, stack.redis);
    await eventually(async () => expect((await get('/api/portfolio/snapshot')).text).toContain('42741.13'));
  });
  afterAll(() => stack.stop());

  test.each(ROUTES)('/api/portfolio/%s has the fields of the contract', async (route, fields) => {
    const answer = await get(`/api/portfolio/${route}`);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.json()).toMatchObject(fields);
  });

  test.each(['snapshot', 'pnl', 'exposure', 'drawdown'])(
    '/%s answers as well, for the proxy that strips',
    async (route) => {
      const [stripped, whole] = [await get(`/${route}?account=main`), await get(`/api/portfolio/${route}`)];
      expect({ ...stripped.json(), timestamp: null }).toEqual({ ...whole.json(), timestamp: null });
    },
  );

  test('the plain snapshot, answered ahead of the route, says what the route says in the same words', async () => {
    const [ahead, route] = [
      await get('/api/portfolio/snapshot'),
      await get('/api/portfolio/snapshot?numbers=number'),
    ];
    const untimed = (answer: string) => answer.replace(/"timestamp":"[^"]*"/, '');
    expect(untimed(ahead.text)).toBe(untimed(route.text));
    const { date: _ahead, ...headersAhead } = ahead.headers;
    const { date: _route, ...headers } = route.headers;
    expect(headersAhead).toEqual(headers);
    const known = { 'if-none-match': ahead.headers.etag! };
    const answers = [
      await get('/api/portfolio/snapshot', known),
      await get('/api/portfolio/snapshot?numbers=number', known),
    ];
    expect(answers.map(({ status, text: body }) => [status, body])).toEqual([
      [304, ''],
      [304, ''],
    ]);
  });

  test('the plain snapshot is the same whether one asks after the other or many at once', async () => {
    const { timestamp: _then, ...expected } = (await get('/api/portfolio/snapshot')).json();
    const found: Body[] = [];
    // Long enough for answers to leave without waiting for others, and for one to look whether there are any.
    for (let n = 0; n < 150; n += 1) found.push((await get('/api/portfolio/snapshot')).json());
    for (let round = 0; round < 5; round += 1) {
      const together = await Promise.all(Array.from({ length: 40 }, () => get('/api/portfolio/snapshot')));
      found.push(...together.map((answer) => answer.json()));
    }
    expect(found).toHaveLength(350);
    for (const { timestamp: _now, ...members } of found) expect(members).toEqual(expected);
  });

  test('?compat=1 adds the names that older dashboards read', async () => {
    const snapshot = (await get('/api/portfolio/snapshot?compat=1')).json();
    expect(snapshot).toMatchObject({
      ...{ equity: snapshot['total_equity'], cash: snapshot['cash_balance'] },
      ...{ daily_dd_pct: snapshot['daily_drawdown_pct'], weekly_dd_pct: snapshot['weekly_drawdown_pct'] },
      ...{ max_dd_pct: snapshot['max_drawdown_pct'], realized_pnl: 20, total_pnl: 194.113 },
    });
    const names = [
      'margin_used',
      'margin_available',
      'daily_pnl_pct',
      'weekly_pnl',
      'monthly_pnl',
      'pnl_breakdown',
    ];
    expect(Object.keys(snapshot)).toEqual(expect.arrayContaining(names));
    expect(snapshot['pnl_breakdown']).toHaveProperty('daily');
    const sides = (snapshot['positions'] as Body[]).map(
      ({ side, order_side }) => `${side as string} ${order_side as string}`,
    );
    expect(sides.sort()).toEqual(['LONG BUY', 'SHORT SELL']);
    expect((await get('/api/portfolio/snapshot')).json()).not.toHaveProperty('equity');
  });

  test.each([
    ['/api/portfolio/snapshot?account=nobody', 404],
    ['/api/portfolio/pnl?account=nobody', 404],
    ['/api/portfolio/trades?account=nobody', 404],
    ['/api/portfolio/snapshot?numbers=roman', 400],
    ['/api/portfolio/snapshot?account=', 400],
    [`/api/portfolio/snapshot?account=${'x'.repeat(500)}`, 400],
    ['/api/portfolio/snapshot?account=main&account=second', 400],
    ['/api/portfolio/trades?limit=minus', 400],
    ['/api/portfolio/trades?limit=1000000', 400],
    ['/api/portfolio/trades?cursor=%00junk', 400],
    ['/api/portfolio/nothing', 404],
    ['/nothing', 404],
  ])('%s is refused with %d and a problem document', async (path, status) => {
    const answer = await get(path);
    expect({ status: answer.status, type: answer.headers['content-type'] }).toEqual({
      status,
      type: PROBLEM,
    });
    expect(answer.json()).toMatchObject({ title: text, status, code: expect.stringMatching(/^[a-z_]+$/) });
    expect(answer.text).not.toMatch(/\bat .*\.js:\d+/);
  });

  test('an answer that the asker already has is not sent again', async () => {
    const path = '/api/portfolio/exposure?account=second';
    const first = await get(path);
    expect(first.headers['cache-control']).toBeDefined();
    const again = await get(path, { 'if-none-match': String(first.headers['etag']) });
    expect([again.status, again.text]).toEqual([304, '']);
    const exact = await get(`${path}&numbers=string`, { 'if-none-match': String(first.headers['etag']) });
    expect(exact.status).toBe(200);
  });

  test('/api/portfolio/positions lists the open positions of an account', async () => {
    const body = (await get('/api/portfolio/positions?numbers=string')).json();
    expect(body['positions']).toEqual(
      (await get('/api/portfolio/snapshot?numbers=string')).json()['positions'],
    );
  });

  test('/api/portfolio/accounts lists what came into being', async () => {
    const body = (await get('/api/portfolio/accounts')).json();
    const names = (body['accounts'] as Body[]).map(({ account_id }) => account_id);
    expect(names.sort()).toEqual(['main', 'second']);
  });

  test('/api/portfolio/trades pages through all trades, each once', async () => {
    const seen: unknown[] = [];
    let cursor: unknown = null;
    do {
      const next = typeof cursor === 'string' ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const page = (await get(`/api/portfolio/trades?limit=3${next}`)).json();
      const trades = page['trades'] as Body[];
      expect(trades.length).toBeLessThanOrEqual(3);
      seen.push(...trades.map(({ trade_id }) => trade_id));
      cursor = page['next_cursor'];
    } while (cursor !== null && seen.length < 20);
    expect(seen.sort()).toEqual(['long', 'loss', 'short', 'win']);
  });

  test('/health and its kin have the shapes that are watched', async () => {
    expect((await get('/')).json()).toMatchObject({ service: text, version: text, status: 'running' });
    const component = expect.objectContaining({ name: text, status: text }) as unknown;
    const health = (await get('/health')).json();
    expect(health).toMatchObject({ service: text, version: text, status: 'healthy', timestamp: text });
    const long = (await get('/api/portfolio/health')).json();
    expect(long).toMatchObject({ service: text, version: text, status: 'healthy', timestamp: text });
    expect(long).toMatchObject({
      uptime_seconds: number,
      snapshot_updates: number,
      last_snapshot_update: text,
    });
    expect(long['components']).toEqual(expect.arrayContaining([component]));
    for (const probe of ['/health/live', '/health/ready']) expect((await get(probe)).status).toBe(200);
  });

  test('/metrics has the names that are watched', async () => {
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toContain('text/plain');
    const names = ['portfolio_open_positions_total', 'portfolio_drawdown_percent', 'portfolio_pnl_percent'];
    for (const name of [...names, 'portfolio_value_usd'])
      expect(answer.text).toMatch(new RegExp(`^${name}\\b.*\\s\\S+$`, 'm'));
    expect(answer.text).toMatch(/^positions_open\{[^}]*symbol="BTCUSDT"[^}]*\} 2$/m);
    expect(answer.text).toMatch(/^portfolio_value_usd(\{account(_id)?="main"\})? 10194\.113$/m);
  });

  test('/openapi.json describes every route', async () => {
    const document = (await get('/openapi.json')).json<{ openapi: string; paths: Record<string, Body> }>();
    expect(document.openapi).toMatch(/^3\./);
    const names = ['snapshot', 'pnl', 'exposure', 'drawdown', 'health', 'positions', 'trades', 'accounts'];
    const routes = [
      ...names.map((name) => `/api/portfolio/${name}`),
      '/health',
      '/health/live',
      '/health/ready',
      '/metrics',
      '/',
    ];
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(routes));
    expect((await get('/docs')).status).toBe(200);
  });
});
