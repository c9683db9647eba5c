import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.js';
import { addTestKey, type TestKey } from '../../support/keys.js';
import { listen, type RunningApp } from '../http/app.js';

/** Raw bytes on a connection of its own; what comes back until it ends. */
function open(url: string): { socket: Socket; answer: () => string; closed: Promise<unknown> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // A connection that the server cuts is what these tests are about.
  socket.on('error', () => undefined);
  return { socket, answer: () => text, closed: once(socket, 'close') };
}

describe('limits', () => {
  let running: RunningApp;
  let key: TestKey;
  let other: TestKey;

  beforeAll(async () => {
    running = await listen({
      PORTFOLIO_AUTH: 'keys',
      PORTFOLIO_AUTH_JWKS_URL: 'http://127.0.0.1:1/none',
      PORTFOLIO_AUTH_ISSUER: 'x',
      PORTFOLIO_AUTH_AUDIENCE: 'x',
      PORTFOLIO_KEY_REFRESH_MS: '100',
      PORTFOLIO_RATE_LIMIT: '20',
      PORTFOLIO_RATE_LIMIT_REFUSED: '5',
      PORTFOLIO_RATE_LIMIT_LOOPBACK: 'on',
      PORTFOLIO_TRUST_PROXY: '127.0.0.1',
      PORTFOLIO_REQUEST_TIMEOUT_MS: '500',
      PORTFOLIO_CORS_ORIGINS: 'https://dash.example',
    });
    await running.start();
    key = await addTestKey(running.database);
    other = await addTestKey(running.database);
    await eventually(async () => {
      const from = { ...other.headers, 'x-forwarded-for': '192.0.2.1' };
      expect((await running.get('/', from)).status).toBe(200);
    });
  });
  afterAll(() => running.stop());

  const from = (address: string, headers = {}) => ({ ...headers, 'x-forwarded-for': address });

  test('count a key, wherever it comes from, and leave other keys alone', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 22; i += 1)
      statuses.push((await running.get('/', from(`192.0.2.${i}`, key.headers))).status);
    expect(statuses).toEqual([...Array<number>(20).fill(200), 429, 429]);
    const refused = await running.get('/', from('192.0.2.99', key.headers));
    expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect((await running.get('/', from('192.0.2.99', other.headers))).status).toBe(200);
  });

  test('shut out an address that is refused again and again, and its IPv6 neighbours, but no key that holds', async () => {
    const wrong = { 'x-api-key': 'pis_wrong' };
    const statuses: number[] = [];
    for (let i = 0; i < 7; i += 1)
      statuses.push((await running.get('/', from(`2001:db8::${i + 1}`, wrong))).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect((await running.get('/', from('2001:db8::99'))).status).toBe(429);
    expect((await running.get('/', from('2001:db8:0:1::1'))).status).toBe(401);
    expect((await running.get('/', from('2001:db8::1', other.headers))).status).toBe(200);
  });

  test('count an address where nobody shows a key', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 22; i += 1)
      statuses.push((await running.get('/health/live', from('198.51.100.7'))).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });

  test('refuse a URL that is longer than any question', async () => {
    const answer = await running.get(
      `/snapshot?account=${'x'.repeat(5_000)}`,
      from('198.51.100.8', other.headers),
    );
    expect(answer.json()).toMatchObject({ status: 414, code: 'url_too_long' });
  });

  test.each([
    ['whose header never ends', 'GET / HTTP/1.1\r\nHost: x\r\n'],
    [
      'whose body never comes',
      'POST /snapshot HTTP/1.1\r\nHost: x\r\nX-Api-Key: KEY\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    ],
  ])('end a connection %s, with a problem document', async (_what, start) => {
    const { socket, answer, closed } = open(running.url);
    socket.write(start.replace('KEY', other.key));
    // A byte now and then keeps a naive server waiting for ever.
    const drip = setInterval(
      () => socket.writable && socket.write(start.startsWith('GET') ? 'X-a: b\r\n' : ' '),
      100,
    );
    await Promise.race([closed, pause(5_000, undefined, { ref: false })]);
    clearInterval(drip);
    expect(socket.destroyed).toBe(true);
    expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer()).toContain('application/problem+json');
  });

  test('let a page of an allowed origin read, and no other', async () => {
    const allowed = await running.get(
      '/',
      from('198.51.100.9', { ...other.headers, origin: 'https://dash.example' }),
    );
    expect(allowed.headers['access-control-allow-origin']).toBe('https://dash.example');
    const foreign = await running.get(
      '/',
      from('198.51.100.9', { ...other.headers, origin: 'https://evil.example' }),
    );
    expect(foreign.headers['access-control-allow-origin']).not.toBe('https://evil.example');
    expect(foreign.headers['access-control-allow-origin']).not.toBe('*');
  });

  test('answer what a browser asks beforehand without a key, and no other OPTIONS', async () => {
    const ask = async (headers: string): Promise<string> => {
      const { socket, answer, closed } = open(running.url);
      const about = 'Host: x\r\nConnection: close\r\nX-Forwarded-For: 198.51.100.10\r\n';
      socket.write(`OPTIONS /snapshot HTTP/1.1\r\n${about}${headers}\r\n`);
      await closed;
      return answer();
    };
    const asksBefore = 'Origin: https://dash.example\r\nAccess-Control-Request-Method: GET\r\n';
    expect(await ask(asksBefore)).toMatch(
      /^HTTP\/1\.1 204 [^]*access-control-allow-origin: https:\/\/dash\.example/,
    );
    for (const headers of [
      '',
      'Origin: https://dash.example\r\n',
      'Access-Control-Request-Method: GET\r\n',
    ]) {
      const answer = await ask(headers);
      expect(answer).toMatch(/^HTTP\/1\.1 401 [^]*application\/problem\+json[^]*"credentials_missing"/);
      expect(answer).toMatch(/^x-content-type-options: nosniff$/im);
    }
    expect(await ask(`X-Api-Key: ${other.key}\r\n`)).toMatch(
      /^HTTP\/1\.1 40[45] [^]*application\/problem\+json/,
    );
  });
});

describe('connections', () => {
  test('are limited in number, and the next one gets in when one leaves', async () => {
    const running = await listen({ PORTFOLIO_MAX_CONNECTIONS: '3' });
    try {
      const held = [open(running.url), open(running.url), open(running.url)];
      await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
      await eventually(async () => expect(await count(running)).toBe(3));
      const fourth = open(running.url);
      await fourth.closed;
      expect(fourth.answer()).toBe('');
      for (const { socket } of held) socket.destroy();
      await eventually(async () => expect((await running.get('/health/live')).status).toBe(200));
    } finally {
      await running.stop();
    }
  });
});

function count(running: RunningApp): Promise<number> {
  const server = running.app.getHttpServer() as {
    getConnections(told: (error: Error | null, n: number) => void): void;
  };
  return new Promise((resolve, reject) =>
    server.getConnections((error, n) => (error ? reject(error) : resolve(n))),
  );
}
