import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '../../support/eventually.js';
import type { Answer } from '../../support/http.js';
import { fillBook } from '../../support/sample-book.js';
import { listen, type RunningApp } from './app.js';

type Body = Record<string, unknown>;

/** Any method, on a connection of its own. */
function ask(
  url: string,
  method: string,
  body = '',
  headers: Record<string, string> = {},
): Promise<Omit<Answer, 'json'>> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent: false, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Raw bytes, and all that comes back until the connection ends. */
async function say(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

describe('the routes over HTTP', () => {
  let running: RunningApp;
  const get = (path: string, headers?: Record<string, string>) => running.get(path, headers);

  beforeAll(async () => {
    running = await listen();
    await running.start();
    await fillBook({ redis: running.redis.client() });
    await eventually(async () => {
      expect((await get('/snapshot')).json()).toMatchObject({ version: 7, total_equity: 10194.113 });
      expect((await get('/snapshot?account=second')).status).toBe(200);
    });
  });
  afterAll(() => running.stop());

  test('keep every digit of a number, without an exponent', async () => {
    const { text } = await get('/api/portfolio/snapshot');
    // (42741.13 − 42000) × 0.2 ÷ 8400 × 100 at 18 places: no double holds it.
    expect(text).toContain('"unrealized_pnl_pct":1.764595238095238095,');
    expect(text).not.toMatch(/\d[eE][+-]?\d/);
  });

  test('with numbers=string hold exact texts, and counts as numbers', async () => {
    const pnl = (await get('/pnl?numbers=string')).json();
    expect(pnl).toMatchObject({
      realized_pnl_total: '20',
      total_pnl: '194.113',
      win_rate: '50',
      profit_factor: '3',
    });
    expect(pnl).toMatchObject({ closed_trades: 2, version: 7, account_id: 'main' });
  });

  test('carry an ETag that depends on the answer, not on when it was made', async () => {
    const [first, second] = [await get('/exposure'), await get('/api/portfolio/exposure')];
    expect(first.headers['etag']).toMatch(/^W\/"[\w-]+"$/);
    expect(second.headers['etag']).toBe(first.headers['etag']);
    expect(second.json()['timestamp']).not.toBe(first.json()['timestamp']);
    expect(first.headers['cache-control']).toBe('private, no-cache');
    for (const other of ['/exposure?numbers=string', '/exposure?account=second', '/drawdown'])
      expect((await get(other)).headers['etag']).not.toBe(first.headers['etag']);
  });

  test('say 304 without a body to who has the answer already', async () => {
    const { headers } = await get('/exposure');
    const again = await get('/exposure', { 'if-none-match': `"other", ${String(headers['etag'])}` });
    expect([again.status, again.text, again.headers['etag']]).toEqual([304, '', headers['etag']]);
    expect((await get('/exposure', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  test('answer a HEAD as a GET without its body', async () => {
    const answer = await ask(`${running.url}/snapshot`, 'HEAD');
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test('with compat=1 add the names of older dashboards and change nothing else', async () => {
    const { timestamp: _at, ...today } = (await get('/snapshot')).json();
    const older = (await get('/snapshot?compat=1')).json();
    expect(older).toMatchObject({ ...today, positions: [{ order_side: 'BUY' }, { order_side: 'SELL' }] });
    // Notional ÷ leverage: 8548.226 ÷ 5 + 4274.113 ÷ 5; equity − that is available.
    expect(older).toMatchObject({
      equity: 10194.113,
      cash: 10020,
      margin_used: 2564.4678,
      margin_available: 7629.6452,
    });
    expect(older).toMatchObject({
      realized_pnl: 20,
      total_pnl: 194.113,
      pnl_breakdown: { daily: older['daily_pnl'] },
    });
    const drawdown = (await get('/drawdown?compat=1')).json();
    expect(drawdown['max_dd_pct']).toBe(drawdown['max_drawdown_pct']);
  });

  test.each([
    ['/snapshot?account=nobody', 404, 'account_unknown'],
    ['/trades?account=nobody', 404, 'account_unknown'],
    ['/snapshot?acount=main', 400, 'parameter_unknown'],
    ['/accounts?account=main', 400, 'parameter_unknown'],
    ['/exposure?__proto__=x', 400, 'parameter_unknown'],
    ['/snapshot?numbers=roman', 400, 'parameter_malformed'],
    ['/snapshot?compat=yes', 400, 'parameter_malformed'],
    ['/snapshot?account=', 400, 'parameter_malformed'],
    ['/snapshot?account=a%00b', 400, 'parameter_malformed'],
    ['/snapshot?account=main&account=second', 400, 'parameter_malformed'],
    ['/trades?limit=0', 400, 'parameter_malformed'],
    ['/trades?limit=501', 400, 'parameter_malformed'],
    ['/trades?limit=1.5', 400, 'parameter_malformed'],
    ['/trades?limit=', 400, 'parameter_malformed'],
    ['/trades?status=GONE', 400, 'parameter_malformed'],
    ['/trades?cursor=%00junk', 400, 'parameter_malformed'],
    ['/trades?cursor=anVuaw', 400, 'cursor_malformed'],
    ['/trades?cursor=WyJub3QgYSB0aW1lIiwiQiIsImEiXQ', 400, 'cursor_malformed'],
    ['/nothing', 404, 'route_unknown'],
    ['/api/portfolio', 404, 'route_unknown'],
    ['/%ff', 400, 'request_malformed'],
    ['/docs/../../package.json', 404, 'route_unknown'],
  ])('refuse %s with %i %s', async (path, status, code) => {
    const answer = await ask(running.url + path, 'GET');
    const problem = JSON.parse(answer.text) as Body;
    expect(problem).toMatchObject({ status, code, type: `urn:portfolio-intelligence:problem:${code}` });
    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    expect(problem).toMatchObject({
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.stringMatching(/^\/[^?]*$/),
    });
    expect(answer.text).not.toMatch(/\bat .*:\d+/);
  });

  test('say 405 to another method on a path that exists, and 404 on one that does not', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const answer = await ask(`${running.url}/api/portfolio/snapshot?account=main`, method);
      expect([method, answer.status, answer.headers['allow']]).toEqual([method, 405, 'GET, HEAD']);
      expect(JSON.parse(answer.text)).toMatchObject({ code: 'method_not_allowed' });
    }
    expect((await ask(`${running.url}/nothing`, 'POST')).status).toBe(404);
  });

  test('read no large body', async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(`${running.url}/nothing`, 'POST', JSON.stringify('x'.repeat(20_000)), headers);
    expect([answer.status, (JSON.parse(answer.text) as Body)['code']]).toEqual([413, 'body_too_large']);
  });

  test('page through trades, the newest first, each once, with stable filters', async () => {
    const walk = async (query: string): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for (let cursor: unknown = ''; typeof cursor === 'string';) {
        const page = (await get(`/trades?limit=1${query}${cursor && `&cursor=${cursor}`}`)).json();
        seen.push(...(page['trades'] as Body[]).map(({ trade_id }) => trade_id));
        cursor = page['next_cursor'];
      }
      return seen;
    };
    expect(await walk('')).toEqual(['loss', 'win', 'short', 'long']);
    expect(await walk('&status=closed')).toEqual(['loss', 'win']);
    expect(await walk('&symbol=btcusdt')).toEqual(['short', 'long']);
    expect(await walk('&status=OPEN&symbol=ETHUSDT')).toEqual([]);
  });

  test('show a trade with all that is known of it', async () => {
    const [trade] = (await get('/trades?symbol=ETHUSDT&numbers=string')).json()['trades'] as Body[];
    expect(trade).toMatchObject({
      ...{
        trade_id: 'win',
        symbol: 'ETHUSDT',
        side: 'LONG',
        status: 'CLOSED',
        quantity: '1',
        remaining: '0',
      },
      ...{ entry_price: '2000', exit_price: '2030', realized_pnl: '30', reported_pnl: null, leverage: '5' },
      ...{ closes: 1, discrepancies: [], stop_loss: null, opened_at: expect.stringMatching(/\+00:00$/) },
    });
  });

  test('list accounts by id with what changes with facts only', async () => {
    expect((await get('/accounts')).json()).toEqual({
      accounts: [
        { account_id: 'main', version: 7, cash_balance: 10020, num_positions: 2 },
        { account_id: 'second', version: 1, cash_balance: 5, num_positions: 0 },
      ],
      timestamp: expect.any(String),
    });
  });

  test('give away nothing about the server and allow no other origin', async () => {
    const { headers } = await get('/snapshot', { origin: 'https://elsewhere.example' });
    // The plain snapshot and a path that is none do not go the way of the other routes.
    for (const answer of [{ headers }, await get('/snapshot'), await get('/pnl'), await get('/nowhere')])
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.any(String),
      });
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin', 'strict-transport-security'])
      expect(headers).not.toHaveProperty([name]);
  });

  test('log no request at info, and its path without the query at debug', async () => {
    await get('/pnl?account=main');
    await eventually(() => expect(running.logs()).toContain('"path":"/pnl","status":200'));
    const lines = running
      .logs()
      .split('\n')
      .filter((line) => line.includes('"msg":"answered"'));
    expect(
      lines.filter((line) => !line.includes('"level":"debug"') || line.includes('account=main')),
    ).toEqual([]);
  });

  test.each([
    ['what is no HTTP', 'HELLO\r\n\r\n', 400, 'request_malformed'],
    [
      'a header without end',
      `GET /pnl HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'header_too_large',
    ],
  ])('refuse %s with a problem document too', async (_what, bytes, status, code) => {
    const answer = await say(running.url, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(answer.split('\r\n\r\n')[1]!)).toMatchObject({ status, code });
  });

  // The last one: nothing heals it.
  test('tell nobody but the log what broke', async () => {
    await running.database.query('ALTER TABLE trades RENAME TO trades_gone');
    const answer = await get('/trades');
    expect([answer.status, answer.json()['code']]).toEqual([500, 'internal_error']);
    expect(answer.text).not.toMatch(/relation|trades_gone|\bat /);
    const line = running
      .logs()
      .split('\n')
      .find((text) => text.includes('"level":"error"'));
    expect(JSON.parse(line!)).toMatchObject({
      ...{ context: 'Http', method: 'GET', path: '/trades' },
      err: { message: 'relation "trades" does not exist', stack: expect.any(String) },
    });
  });
});
