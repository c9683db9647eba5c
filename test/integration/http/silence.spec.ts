import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { readConfig } from '../../../src/config.js';
import { createHttpAdapter } from '../../../src/http/http-adapter.js';

const SETTINGS = {
  PORTFOLIO_DATABASE_URL: 'postgres://127.0.0.1/none',
  PORTFOLIO_REDIS_URL: 'redis://127.0.0.1',
};
const REQUEST = 'GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n';

/** The server with shorter patience than in production, and one route that answers at once and one that never does. */
async function serve(patience: { silenceMs: number; keepAliveMs: number }) {
  const adapter = createHttpAdapter(readConfig({}, SETTINGS), patience);
  const fastify = adapter.getInstance();
  fastify.get('/x', () => 'answered');
  fastify.get('/never', () => new Promise(() => undefined));
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  const { port } = fastify.server.address() as AddressInfo;
  return {
    call: async (text: string): Promise<Socket> => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.write(text);
      if (text === REQUEST) await once(socket, 'data');
      socket.resume();
      return socket;
    },
    stop: async () => {
      fastify.server.closeAllConnections();
      await fastify.close();
    },
  };
}

/** Milliseconds until the other side ends the connection. */
async function msUntilGone(socket: Socket): Promise<number> {
  const since = Date.now();
  await once(socket, 'close');
  return Date.now() - since;
}

describe('a connection on which nothing moves', () => {
  test('is closed after its answer when no other request comes in time', async () => {
    const server = await serve({ silenceMs: 60_000, keepAliveMs: 300 });
    const ms = await msUntilGone(await server.call(REQUEST));
    expect(ms).toBeGreaterThanOrEqual(250);
    await server.stop();
  });

  test('stays as long as requests come', async () => {
    const server = await serve({ silenceMs: 60_000, keepAliveMs: 20_000 });
    const socket = await server.call(REQUEST);
    for (let again = 0; again < 3; again += 1) {
      socket.write(REQUEST);
      await once(socket, 'data');
    }
    expect(socket.readyState).toBe('open');
    await server.stop();
  });

  test('is cut while its answer does not come', async () => {
    const server = await serve({ silenceMs: 400, keepAliveMs: 60_000 });
    const ms = await msUntilGone(await server.call('GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    expect(ms).toBeGreaterThanOrEqual(350);
    await server.stop();
  });
});
