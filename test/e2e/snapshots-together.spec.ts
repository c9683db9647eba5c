import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';

const QUESTION = 'GET /snapshot HTTP/1.1\r\nHost: localhost\r\n\r\n';

interface Client {
  readonly socket: Socket;
  /** The bodies of the whole answers that came so far, oldest first. */
  answers(): string[];
}

function client({ service }: Stack): Client {
  const socket = connect({ port: service.port, host: '127.0.0.1' });
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  return { socket, answers: () => bodiesIn(text) };
}

function bodiesIn(text: string): string[] {
  const bodies: string[] = [];
  for (let rest = text; ;) {
    const end = rest.indexOf('\r\n\r\n');
    const length = /^content-length: (\d+)$/im.exec(rest.slice(0, Math.max(end, 0)))?.[1];
    if (end < 0 || length === undefined || rest.length < end + 4 + Number(length)) return bodies;
    if (!rest.startsWith('HTTP/1.1 200 OK\r\n')) throw new Error(rest.slice(0, 200));
    bodies.push(rest.slice(end + 4, end + 4 + Number(length)));
    rest = rest.slice(end + 4 + Number(length));
  }
}

const said = (body: string) => ({ ...(JSON.parse(body) as Record<string, unknown>), timestamp: null });

describe('snapshots that are asked for at the same moment', () => {
  let stack: Stack;
  let expected: unknown;
  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_INITIAL_CASH: '10' } });
    expected = said((await stack.service.get('/snapshot')).text);
  });
  afterAll(async () => {
    const logs = stack.service.logs();
    await stack.stop();
    expect(logs).not.toMatch(/"level":"(error|fatal)"/);
  });

  it('all leave, each on its own connection, whoever hung up meanwhile, and again on the same connections', async () => {
    const clients = Array.from({ length: 40 }, () => client(stack));
    for (let round = 1; round <= 3; round += 1) {
      const staying = clients.filter((_, i) => round === 1 || i % 4 !== 0);
      for (const { socket } of staying) socket.write(QUESTION);
      // A quarter never reads its first answer.
      if (round === 1) clients.forEach(({ socket }, i) => i % 4 === 0 && socket.resetAndDestroy());
      const listening = clients.filter((_, i) => i % 4 !== 0);
      await eventually(() =>
        expect(listening.map(({ answers }) => answers().length)).toEqual(listening.map(() => round)),
      );
      expect(listening.map(({ answers }) => said(answers().at(-1)!))).toEqual(listening.map(() => expected));
    }
    for (const { socket } of clients) socket.destroy();
  });

  it('leave in their order where one connection asked several times', async () => {
    const { socket, answers } = client(stack);
    socket.write(QUESTION.repeat(5));
    await eventually(() => expect(answers()).toHaveLength(5));
    await delay(50);
    expect(answers().map(said)).toEqual(Array(5).fill(expected));
    socket.destroy();
  });

  it('end the connection of who asked for that', async () => {
    const { socket, answers } = client(stack);
    const ended = new Promise((resolve) => socket.once('end', resolve));
    socket.write(QUESTION.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    await ended;
    expect(answers().map(said)).toEqual([expected]);
  });
});
