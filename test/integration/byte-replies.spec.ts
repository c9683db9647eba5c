import { createServer, type Server, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { ByteReplies } from '../../src/transport/byte-replies.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/ports.js';
import { startRedis, type TestRedis } from '../support/redis.js';

const READ = (position: string, blockMs = 5_000) =>
  ['XREAD', 'COUNT', 10_000, 'BLOCK', blockMs, 'STREAMS', 'prices', position] as const;

describe('answers as bytes, on a connection of the client library', () => {
  let server: TestRedis;
  let admin: Redis;
  let redis: Redis;
  let replies: ByteReplies;

  beforeAll(async () => {
    server = await startRedis();
    admin = server.client();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await admin.flushall();
    redis = new Redis(server.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => 20 });
    redis.on('error', () => undefined);
    replies = new ByteReplies(redis, 2_000);
  });
  afterEach(() => redis.disconnect());

  it('come whole, however large they are', async () => {
    const pipeline = admin.pipeline();
    for (let index = 0; index < 3_000; index += 1)
      pipeline.xadd('prices', `1-${index + 1}`, 'f', 'x'.repeat(500));
    await pipeline.exec();
    const reply = await replies.ask(READ('0'));
    expect(reply.length).toBeGreaterThan(1_500_000);
    expect(reply.toString('latin1').match(/\$\d+\r\n1-\d+\r\n/g)).toHaveLength(3_000);
  });

  it('leave the commands of the library as they were, one after another', async () => {
    for (let round = 0; round < 3; round += 1) {
      await admin.xadd('prices', '*', 'round', round);
      expect((await replies.ask(['XLEN', 'prices'])).toString()).toBe(`:${round + 1}\r\n`);
      expect(await redis.xlen('prices')).toBe(round + 1);
    }
  });

  it('are an error that says what Redis says, and the connection goes on', async () => {
    await admin.set('prices', 'a text');
    await expect(replies.ask(READ('0'))).rejects.toThrow(/^WRONGTYPE /);
    expect((await replies.ask(['GET', 'prices'])).toString()).toBe('$6\r\na text\r\n');
  });

  it('are null when nothing came in time', async () => {
    expect((await replies.ask(READ('$', 20))).toString()).toBe('*-1\r\n');
  });

  it('end with the connection, and come again on the next', async () => {
    const asked = replies.ask(READ('$'));
    await eventually(async () => expect(await admin.client('LIST')).toContain('cmd=xread'));
    await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await expect(asked).rejects.toThrow('Connection is closed');
    await eventually(async () => expect((await replies.ask(['PING'])).toString()).toBe('+PONG\r\n'));
    expect(await redis.ping()).toBe('PONG');
  });

  it('end at once when the connection is given up', async () => {
    const asked = replies.ask(READ('$'));
    await eventually(async () => expect(await admin.client('LIST')).toContain('cmd=xread'));
    redis.disconnect(false);
    await expect(asked).rejects.toThrow('Connection is closed');
    await expect(replies.ask(['PING'])).rejects.toThrow();
  });

  it('are not waited for beyond their time: the connection is cut, and a late one is nobody’s', async () => {
    await replies.ask(['PING']);
    const before = redis.stream;
    server.freeze();
    try {
      await expect(replies.ask(['ECHO', 'late'])).rejects.toThrow('Connection is closed');
    } finally {
      server.thaw();
    }
    await eventually(async () =>
      expect((await replies.ask(['ECHO', 'now'])).toString()).toBe('$3\r\nnow\r\n'),
    );
    expect(redis.stream).not.toBe(before);
  });

  it('are one at a time', async () => {
    const first = replies.ask(READ('$', 100));
    await eventually(() => expect(redis.status).toBe('ready'));
    await eventually(async () => expect(await admin.client('LIST')).toContain('cmd=xread'));
    await expect(replies.ask(['PING'])).rejects.toThrow('one question at a time');
    expect((await first).toString()).toBe('*-1\r\n');
  });
});

/** A server that signs nobody in and answers a question with whatever it is told to. */
async function answering(text: string): Promise<{ server: Server; port: number; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (const _command of bytes.toString().match(/\*\d+\r\n/g) ?? [])
        socket.write(bytes.includes('XREAD') ? text : '+PONG\r\n');
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, port, sockets };
}

describe('what is no answer', () => {
  it.each([
    ['of an unknown type', 'HTTP/1.1 400 Bad Request\r\n'],
    ['with more than was asked', '*-1\r\n+OK\r\n'],
  ])('%s cuts the connection', async (_what, text) => {
    const { server, port, sockets } = await answering(text);
    const redis = new Redis(port, '127.0.0.1', {
      ...{ lazyConnect: true, enableReadyCheck: false, disableClientInfo: true },
      retryStrategy: () => null,
    });
    const errors: string[] = [];
    redis.on('error', (error: Error) => errors.push(error.message));
    await expect(new ByteReplies(redis, 2_000).ask(READ('$'))).rejects.toThrow('Connection is closed');
    expect(errors).toEqual([expect.stringMatching(/unknown type of value|more than it was asked/)]);
    redis.disconnect();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
