import { PinoLogger } from '../../../src/http/logging.js';
import { redacted } from '../../../src/http/redaction.js';

type Line = Record<string, unknown>;

function logger(LOG_FORMAT: 'json' | 'text', LOG_LEVEL: 'info' | 'trace' = 'info') {
  const lines: string[] = [];
  return { lines, log: new PinoLogger({ LOG_LEVEL, LOG_FORMAT }, { write: (line) => lines.push(line) }) };
}

describe('the log', () => {
  test('is one JSON object a line with time, level, message and context', () => {
    const { lines, log } = logger('json');
    log.log('ready', 'Lifecycle');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.endsWith('}\n')).toBe(true);
    expect(JSON.parse(lines[0]!)).toEqual({
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'info',
      msg: 'ready',
      context: 'Lifecycle',
    });
  });

  test('takes the members of an object, and an error with its stack', () => {
    const { lines, log } = logger('json');
    log.error({ err: new TypeError('broken'), path: '/x' }, 'Http');
    log.error(new Error('alone'));
    log.error('as Nest says it', 'Error: x\n    at y', 'ExceptionsHandler');
    const [first, second, third] = lines.map((line) => JSON.parse(line) as Line);
    expect(first).toMatchObject({
      path: '/x',
      context: 'Http',
      err: { type: 'TypeError', message: 'broken', stack: expect.any(String) },
    });
    expect(second).toMatchObject({ level: 'error', err: { message: 'alone' } });
    expect(third).toMatchObject({
      msg: 'as Nest says it',
      context: 'ExceptionsHandler',
      stack: 'Error: x\n    at y',
    });
  });

  test('as text is time, level, message and key=value, with a stack below', () => {
    const { lines, log } = logger('text');
    log.warn({ msg: 'slow answer', path: '/pnl', ms: 1200, why: 'a lock' }, 'Http');
    log.error(new Error('broken'));
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}slow answer path=\/pnl ms=1200 why="a lock"\n$/);
    expect(lines[1]).toMatch(/^\S+ ERROR broken\nError: broken\n\s+at /);
  });

  test('as text obeys nothing that a stranger sent: no line of his own, no order to the terminal', () => {
    const { lines, log } = logger('text');
    log.warn('order\u001b[2J from desk\r\n00:00:00.000 INFO all is well', 'Intake');
    log.warn({ msg: 'answered', path: '/a\u009b31m', account: 'x\u2028y\u202ez' });
    const broken = new Error('no\u001b[31m such thing');
    broken.stack = `Error: no\u001b[31m such thing\n    at here`;
    log.error(broken);
    expect(lines[0]).toMatch(
      / WARN {2}order\\u001b\[2J from desk\\u000d\\u000a00:00:00\.000 INFO all is well\n$/,
    );
    expect(lines[1]).toContain(' answered path=/a\\u009b31m account="x\\u2028y\\u202ez"\n');
    expect(lines[2]).toMatch(/no\\u001b\[31m such thing\nError: no\\u001b\[31m such thing\n {4}at here\n$/);
  });

  test('keeps the level, and what Nest says about its own boot below it', () => {
    const { lines, log } = logger('json');
    log.debug('too much');
    log.verbose('far too much');
    log.log('AppModule dependencies initialized', 'InstanceLoader');
    expect(lines).toEqual([]);
    const all = logger('json', 'trace');
    all.log.log('AppModule dependencies initialized', 'InstanceLoader');
    all.log.verbose('far too much');
    all.log.fatal('the end');
    expect(all.lines.map((line) => (JSON.parse(line) as Line)['level'])).toEqual(['debug', 'trace', 'fatal']);
  });

  test.each<[what: string, message: unknown]>([
    ['a path that a key was put into', { path: '/snapshot/pis_s3cret_0123456789' }],
    ['an account that a key was taken for', 'There is no account pis_s3cret_0123456789.'],
    ['a token without a name', 'refused eyJhbGciOiJub25lIn0.eyJzdWIiOiJzM2NyZXQifQ.s3cret'],
    ['a URL', 'cannot connect to postgres://app:s3cret@db:5432/x'],
    ['a URL whose password holds an @ and a slash', 'redis://:s3cret@a/s3cret@cache:6379/0'],
    ['a URL with a user only', 'https://s3cret@host/'],
    ['a member', { msg: 'x', password: 's3cret' }],
    ['a member deep inside', { a: { b: { c: { apiKey: 's3cret' } } } }],
    [
      'a header',
      { headers: { authorization: 'Bearer s3cret', cookie: 'sid=s3cret', 'X-MBX-APIKEY': 's3cret' } },
    ],
    ['a setting', 'BINANCE_API_SECRET=s3cret BINANCE_API_KEY=s3cret'],
    ['a signed query', '/fapi/v2/balance?timestamp=1&signature=s3cret&recvWindow=5'],
    ['JSON within text', `sent ${JSON.stringify({ token: 's3cret' })}`],
    ['an error', new Error('password: s3cret is wrong for redis://default:s3cret@cache')],
  ])('holds no secret from %s', (_what, message) => {
    for (const format of ['json', 'text'] as const) {
      const { lines, log } = logger(format);
      log.error(message);
      expect(lines.join('')).not.toContain('s3cret');
      expect(lines.join('')).toContain('***');
    }
  });

  test('keeps what is no secret', () => {
    for (const line of [
      'http://127.0.0.1:8004/docs',
      'at file:///app/node_modules/@nestjs/core/nest-application.js:70:23',
      'key main/BTCUSDT',
      'a@b.example',
      '{"symbol":"TOKENUSDT","n":1}',
    ])
      expect(redacted(line)).toBe(line);
  });

  test('stays JSON when it is redacted', () => {
    const { lines, log } = logger('json');
    log.error({ password: 's3cret', url: 'redis://a:s3cret@h', n: 1, list: ['token=s3cret'] }, 'Http');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      password: '***',
      url: 'redis://***@h',
      n: 1,
      context: 'Http',
    });
  });

  test('takes time in proportion to a line, whatever is in it', () => {
    const began = performance.now();
    for (const part of ['a://', 'pis_', 'eyJ', 'eyJaaaaaaaa.', 'password:', 'token="', '://x@'])
      redacted(part.repeat(20_000));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
