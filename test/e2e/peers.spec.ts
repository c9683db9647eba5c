import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  Payload,
  Transport,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { firstValueFrom, timeout } from 'rxjs';
import { eventually } from '../support/eventually.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

type Body = Record<string, unknown>;

const received: Body[] = [];

/** A neighbour as Nest's documentation writes one. */
@Controller()
class Neighbour {
  @EventPattern('portfolio.snapshot_updated')
  hear(@Payload() payload: Body): void {
    received.push(payload);
  }
}

@Module({ controllers: [Neighbour] })
class NeighbourModule {}

describe('Nest peers over the stock Redis transport', () => {
  let stack: Stack;
  let client: ClientProxy;
  let neighbour: INestMicroservice;

  beforeAll(async () => {
    stack = await startStack({ appendonly: true, env: { PORTFOLIO_HEARTBEAT_SEC: '1', MAX_POSITIONS: '5' } });
    const options = { host: '127.0.0.1', port: stack.server.port, retryAttempts: Infinity, retryDelay: 100 };
    client = ClientProxyFactory.create({ transport: Transport.REDIS, options });
    await client.connect();
    const server: MicroserviceOptions = { transport: Transport.REDIS, options };
    neighbour = await NestFactory.createMicroservice<MicroserviceOptions>(NeighbourModule, {
      ...server,
      logger: false,
      abortOnError: false,
    });
    await neighbour.listen();
  });

  afterAll(async () => {
    client.close();
    await neighbour.close();
    await stack.stop();
  });

  const ask = (pattern: string, question: Body = {}): Promise<Body> =>
    firstValueFrom(client.send<Body, Body>(pattern, question).pipe(timeout(3_000)));
  const tell = (pattern: string, event: Body): Promise<unknown> =>
    firstValueFrom(client.emit<unknown, Body>(pattern, event), { defaultValue: undefined });

  const opened = (tradeId: string): Body => ({
    trade_id: tradeId,
    symbol: 'BTCUSDT',
    side: 'buy',
    entry_price: 42_000,
    quantity: 0.2,
    leverage: 5,
    timestamp: '2026-02-15T08:00:00+00:00',
  });

  test('an emitted trade.opened is booked once, however often it is emitted', async () => {
    await eventually(async () => {
      // The peers' door opens last, and what is told before is lost: a peer repeats itself.
      await tell('trade.opened', opened('peer-1'));
      expect(await ask('portfolio.get_snapshot')).toMatchObject({ num_positions: 1 });
    });
    await tell('trade.opened', opened('peer-1'));
    const [position] = (await ask('portfolio.get_snapshot'))['positions'] as Body[];
    expect(position).toMatchObject({
      symbol: 'BTCUSDT',
      side: 'LONG',
      size: 0.2,
      entry_price: 42_000,
      leverage: 5,
    });
  });

  test.each([
    ['portfolio.get_snapshot', 'snapshot'],
    ['portfolio.get_pnl', 'pnl'],
    ['portfolio.get_exposure', 'exposure'],
    ['portfolio.get_drawdown', 'drawdown'],
  ])('%s answers as the route does', async (pattern, route) => {
    const overHttp = (await stack.service.get(`/api/portfolio/${route}`)).json();
    const overRedis = await ask(pattern);
    expect(Object.keys(overRedis).sort()).toEqual(Object.keys(overHttp).sort());
    expect({ ...overRedis, timestamp: null }).toEqual({ ...overHttp, timestamp: null });
  });

  test('portfolio.get_limits says how far limits are used', async () => {
    const { account_id, limits } = await ask('portfolio.get_limits', { account_id: 'main' });
    expect(account_id).toBe('main');
    expect(limits).toContainEqual(
      expect.objectContaining({ limit: 'positions', value: 5, used: 1, state: 'ok' }),
    );
  });

  test('portfolio.get_positions lists the position of the account that is asked for', async () => {
    const answer = await ask('portfolio.get_positions', { account_id: 'main' });
    const positions = (Array.isArray(answer) ? answer : answer['positions']) as Body[];
    expect(positions).toEqual([expect.objectContaining({ symbol: 'BTCUSDT', size: 0.2 })]);
  });

  test('a question about an account that does not exist is answered with an error, not with silence', async () => {
    const outcome = ask('portfolio.get_snapshot', { account_id: 'nobody' });
    await expect(outcome).rejects.not.toMatchObject({ name: 'TimeoutError' });
  });

  test('what is refused leaves the door open for the next', async () => {
    await tell('trade.opened', { trade_id: 'bad', symbol: 'BTCUSDT', side: 'sideways', quantity: -1 });
    await tell('trade.opened', opened('peer-2'));
    await eventually(async () => {
      const [position] = (await ask('portfolio.get_snapshot'))['positions'] as Body[];
      expect(position).toMatchObject({ size: 0.4 });
    });
  });

  test('a message that is too large or nests too deep is set aside as on the streams, and no failure of ours', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const before = stack.service.logs().length;
    await stack.redis.publish('trade.opened', `{"pattern":"trade.opened","data":{"a":${nested(200_000)}}}`);
    await stack.redis.publish('trade.opened', `{"pattern":"trade.opened","data":{"a":${nested(33)}}}`);
    await stack.redis.publish('trade.opened', `{"pattern":"trade.opened","data":"${'a'.repeat(8_000_000)}"}`);
    await stack.redis.publish(
      'portfolio.get_pnl',
      `{"pattern":"portfolio.get_pnl","data":{},"id":${nested(50_000)}}`,
    );
    await eventually(async () => {
      const kept = await stack.database.query<{ code: string }>(
        "SELECT code FROM quarantine WHERE code LIKE 'payload_too%' ORDER BY code",
      );
      expect(kept.map(({ code }) => code)).toEqual([
        'payload_too_deep',
        'payload_too_deep',
        'payload_too_large',
      ]);
    });
    expect(await ask('portfolio.get_pnl')).toMatchObject({ account_id: 'main' });
    expect(stack.service.logs().slice(before)).not.toMatch(/"level":"(error|fatal)"/);
  });

  test('a neighbour that listens hears portfolio.snapshot_updated', async () => {
    await eventually(() =>
      expect(received.at(-1)).toMatchObject({
        account_id: 'main',
        num_positions: 1,
        event_id: expect.any(String),
      }),
    );
  });

  test('every digit of a number comes in, and goes out', async () => {
    const [price, quantity] = ['42000.123456789012345678', '0.100000000000000001'];
    const data = `{"trade_id":"digits","symbol":"DIGITUSDT","side":"buy","entry_price":${price},"quantity":${quantity},"stop_loss":NaN}`;
    await stack.redis.publish('trade.opened', `{"pattern":"trade.opened","data":${data}}`);
    await eventually(async () => {
      const { positions } = (await stack.service.get('/api/portfolio/snapshot?numbers=string')).json<{
        positions: Body[];
      }>();
      expect(positions).toContainEqual(
        expect.objectContaining({ symbol: 'DIGITUSDT', size: quantity, entry_price: price }),
      );
    });
    const listener = stack.server.client();
    const replies: string[] = [];
    listener.on('message', (_channel, text) => replies.push(text));
    await listener.subscribe('portfolio.get_positions.reply');
    await stack.redis.publish(
      'portfolio.get_positions',
      '{"pattern":"portfolio.get_positions","data":{},"id":"asked"}',
    );
    await eventually(() => expect(replies.join()).toContain('"id":"asked"'));
    expect(replies[0]).toContain(`"size":${quantity}`);
    expect(replies[0]).toContain(`"entry_price":${price}`);
    await tell('trade.closed', {
      trade_id: 'digits',
      symbol: 'DIGITUSDT',
      side: 'long',
      exit_price: 42_000,
      order_id: 'digits-close',
    });
    await eventually(async () =>
      expect(await ask('portfolio.get_snapshot')).toMatchObject({ num_positions: 1 }),
    );
  });

  test('after a crash of Redis both doors work again', async () => {
    await settled(stack.service, stack.redis);
    await stack.server.kill9();
    await stack.server.restart();
    await eventually(
      async () => {
        // Pub/sub is at most once: a peer repeats until it sees the effect, and a repeat harms nothing.
        await tell('trade.opened', opened('peer-3'));
        const [position] = (await ask('portfolio.get_snapshot'))['positions'] as Body[];
        expect(position).toMatchObject({ size: 0.6 });
      },
      { timeoutMs: 30_000 },
    );
    const heard = received.length;
    await eventually(() => expect(received.length).toBeGreaterThan(heard), { timeoutMs: 15_000 });
  });
});
