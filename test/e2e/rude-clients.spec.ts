import { once } from 'node:events';
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { networkInterfaces } from 'node:os';
import { eventually } from '../support/eventually.js';
import { httpGet } from '../support/http.js';
import { metricsOf } from '../support/metrics.js';
import type { TestService } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';

/** This machine's own address on a network: what comes from it is counted, what comes from loopback is not. */
const ADDRESS = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

interface Conversation {
  readonly socket: Socket;
  heard(): string;
  /** Resolves when the connection is gone, by whomever. */
  readonly gone: Promise<unknown>;
}

function call({ port }: TestService, options: Partial<TcpNetConnectOpts> = {}): Conversation {
  const socket = connect({ port, host: '127.0.0.1', ...options });
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  // That the service cuts it is what these tests are about.
  socket.on('error', () => undefined);
  return { socket, heard: () => text, gone: new Promise((resolve) => socket.once('close', resolve)) };
}

/** The one answer of a connection: its status, its type and the problem's code. */
function answerIn(text: string): {
  status: number;
  type: string | undefined;
  code: unknown;
  closes: boolean;
} {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(head.slice(9, 12)),
    type: /^content-type: (.*)$/im.exec(head)?.[1],
    code: (JSON.parse(body) as { code?: unknown }).code,
    closes: /^connection: close$/im.test(head),
  };
}

const PROBLEM = 'application/problem+json; charset=utf-8';
const header = 'Host: localhost\r\n';

describe('the built service and clients without manners', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      env: {
        PORTFOLIO_REQUEST_TIMEOUT_MS: '700',
        PORTFOLIO_INITIAL_CASH: '10',
        PORTFOLIO_HOST: '0.0.0.0',
        PORTFOLIO_AUTH: 'none',
        PORTFOLIO_MAX_CONNECTIONS_PER_ADDRESS: '5',
        PORTFOLIO_MAX_CONNECTIONS: '60',
      },
    });
  });
  afterAll(async () => {
    // Whatever they did, it answers, and nothing of it was our own failure.
    expect((await stack.service.get('/snapshot')).status).toBe(200);
    expect(stack.service.logs()).not.toMatch(/"level":"(error|fatal)"/);
    await stack.stop();
  });

  test.each([
    ['says nothing at all', '', ''],
    ['never ends its header', `GET /snapshot HTTP/1.1\r\n${header}`, 'X-a: b\r\n'],
    ['never ends its first line', 'GET /snap', 'x'],
    [
      'never ends its body',
      `POST /snapshot HTTP/1.1\r\n${header}Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{`,
      ' ',
    ],
    [
      'never ends its body of chunks',
      `POST /snapshot HTTP/1.1\r\n${header}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
      '1\r\n \r\n',
    ],
  ])(
    'cuts one that %s',
    async (_what, start, drip) => {
      const { socket, heard, gone } = call(stack.service);
      socket.write(start);
      const timer = setInterval(() => socket.writable && drip && socket.write(drip), 100);
      await gone;
      clearInterval(timer);
      expect(answerIn(heard())).toEqual({
        status: 408,
        type: PROBLEM,
        code: 'request_too_slow',
        closes: true,
      });
    },
    10_000,
  );

  test.each([
    ['its request came too slowly', 'GET /snap'],
    ['it sent no request', 'NONSENSE\r\n\r\n'],
  ])(
    'cuts one that was refused since %s, and does not hang up but goes on',
    async (_why, start) => {
      const { socket, gone } = call(stack.service, { allowHalfOpen: true });
      socket.write(start);
      const timer = setInterval(() => socket.writable && socket.write('x'), 50);
      await gone;
      clearInterval(timer);
    },
    10_000,
  );

  test.each([
    [
      'whose header is too large',
      `GET /snapshot HTTP/1.1\r\n${header}X-a: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
    ],
    [
      'of many headers that are too large together',
      `GET /snapshot HTTP/1.1\r\n${header}${`X-a: ${'x'.repeat(200)}\r\n`.repeat(100)}\r\n`,
      431,
    ],
    ['that is none', 'NONSENSE\r\n\r\n', 400],
    ['with two lengths', `POST / HTTP/1.1\r\n${header}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    [
      'with a length and chunks',
      `POST / HTTP/1.1\r\n${header}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    ['without a host', 'GET /snapshot HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    [
      'with a body that is too large',
      `POST /snapshot HTTP/1.1\r\n${header}Connection: close\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n`,
      [404, 405, 413],
    ],
    [
      'with a type of body that nobody reads',
      `POST /snapshot HTTP/1.1\r\n${header}Connection: close\r\nContent-Type: text/x\r\nContent-Length: 1\r\n\r\nx`,
      [404, 405, 415],
    ],
    [
      'with a URL that is too long',
      `GET /${'x'.repeat(6_000)} HTTP/1.1\r\n${header}Connection: close\r\n\r\n`,
      414,
    ],
    ['with a URL that cannot be read', `GET /%zz HTTP/1.1\r\n${header}Connection: close\r\n\r\n`, [400, 404]],
    ['with an expectation', `GET / HTTP/1.1\r\n${header}Connection: close\r\nExpect: much\r\n\r\n`, 417],
    ['of another method', `DELETE /snapshot HTTP/1.1\r\n${header}Connection: close\r\n\r\n`, 405],
    ['of no method that there is', `BREW /snapshot HTTP/1.1\r\n${header}\r\n\r\n`, 400],
    ['for a tunnel', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n', [400, 404, 405]],
    ['to trace', `TRACE / HTTP/1.1\r\n${header}Connection: close\r\n\r\n`, [400, 404, 405]],
    ['whose header holds a NUL', `GET / HTTP/1.1\r\n${header}X-a: a\0b\r\n\r\n`, 400],
    ['over HTTP/2 in the clear', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 505]],
  ])(
    'answers a request %s with a problem document',
    async (_what, text, status) => {
      const { socket, heard, gone } = call(stack.service);
      socket.write(text);
      await gone;
      // As every other answer: no page of ours, nothing to keep, nothing to guess a type from.
      expect(heard()).toMatch(/^x-content-type-options: nosniff$/im);
      expect(heard()).toMatch(/^content-security-policy: /im);
      expect(heard()).toMatch(/^cache-control: no-store$/im);
      const { code: _code, closes: _closes, ...answer } = answerIn(heard());
      expect({ ...answer, status: [status].flat().includes(answer.status) }).toEqual({
        ...{ status: true, type: PROBLEM },
      });
    },
    20_000,
  );

  test.each([
    ['/snapshot', 'Content-Length: 10000000000', 413],
    ['/pnl', 'Content-Length: 10000000000', 413],
    ['/health/live', 'Content-Length: 10000000000', 413],
    ['/snapshot', 'Transfer-Encoding: chunked', 200],
    ['/pnl', 'Transfer-Encoding: chunked', 200],
    ['/nothing', 'Transfer-Encoding: chunked', 404],
    ['/%zz', 'Transfer-Encoding: chunked', 400],
  ])('reads no body without end behind GET %s (%s)', async (path, framing, status) => {
    const { socket, heard, gone } = call(stack.service);
    socket.write(`GET ${path} HTTP/1.1\r\n${header}${framing}\r\n\r\n`);
    await gone;
    // One answer, and the end with it: no patience until the request as a whole was too slow.
    expect(heard().match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    expect(heard()).toMatch(/^connection: close$/im);
  });

  test('cuts one that does not read what it asked for, and one that reads a byte now and then', async () => {
    // Made at the first call, which takes longer than these settings let a request take.
    await stack.service.get('/openapi.json');
    const wanted = `GET /openapi.json HTTP/1.1\r\n${header}\r\n`.repeat(400);
    const readers = [call(stack.service), call(stack.service)];
    for (const { socket } of readers) {
      socket.pause();
      socket.write(wanted);
    }
    const [, dripping] = readers;
    const timer = setInterval(() => {
      dripping!.socket.read(1);
      // Only who speaks hears that the other side is gone.
      for (const { socket } of readers) if (socket.writable) socket.write('\r\n');
    }, 100);
    try {
      await Promise.all(readers.map(({ gone }) => gone));
    } finally {
      clearInterval(timer);
    }
    const cut = (await metricsOf(stack.service)).find(
      ({ name, labels }) =>
        name === 'portfolio_turned_away_total' && labels['code'] === 'answer_read_too_slowly',
    );
    expect(cut?.labels['door']).toBe('http');
    // One of them may be cut for what it says while it does not read.
    expect(cut!.value).toBeGreaterThanOrEqual(1);
  }, 20_000);

  test('lets one read that is slow and goes on', async () => {
    const { socket, gone } = call(stack.service);
    const times = 150;
    socket.pause();
    socket.write(`GET /openapi.json HTTP/1.1\r\n${header}\r\n`.repeat(times - 1));
    socket.write(`GET /openapi.json HTTP/1.1\r\n${header}Connection: close\r\n\r\n`);
    const [began, chunks] = [Date.now(), [] as Buffer[]];
    const timer = setInterval(() => {
      const chunk = socket.read() as Buffer | null;
      if (chunk) chunks.push(chunk);
    }, 20);
    await gone;
    clearInterval(timer);
    expect(
      Buffer.concat(chunks)
        .toString('latin1')
        .match(/HTTP\/1\.1 200/g),
    ).toHaveLength(times);
    // Longer than the patience with those who do not move, or it would say nothing.
    expect(Date.now() - began).toBeGreaterThan(2_000);
  }, 60_000);

  (ADDRESS ? test : test.skip)(
    'takes so many connections of one address and no more, and leaves others alone (needs an address on a network)',
    async () => {
      const held = Array.from({ length: 5 }, () => call(stack.service, { host: ADDRESS }));
      await Promise.all(held.map(({ socket }) => once(socket, 'connect')));
      await eventually(async () => {
        const sixth = call(stack.service, { host: ADDRESS });
        sixth.socket.write(`GET /health/live HTTP/1.1\r\n${header}Connection: close\r\n\r\n`);
        await sixth.gone;
        expect(sixth.heard()).toBe('');
      });
      expect((await stack.service.get('/health/live')).status).toBe(200);
      held[0]!.socket.destroy();
      await eventually(async () =>
        expect((await httpGet(`http://${ADDRESS}:${stack.service.port}/health/live`)).status).toBe(200),
      );
      for (const { socket } of held) socket.destroy();
    },
  );
});
