import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { firstValueFrom, timeout } from 'rxjs';
import { type ClientProxy, ClientProxyFactory, Transport } from '@nestjs/microservices';
import { type Certificates, makeCertificates } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { metricsOf } from '../support/metrics.js';
import { freePort } from '../support/ports.js';
import { createDatabase, type TestDatabase } from '../support/postgres.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { startService, type TestService } from '../support/service.js';
import { send, sendFields, streamOf } from '../support/streams.js';

type Body = Record<string, unknown>;

const deposit = (id: string) => ({
  event_id: id,
  type: 'DEPOSIT',
  amount: '10',
  timestamp: '2026-02-15T00:00:00Z',
});

/** One fact by the stream, one tick, one junk, one question of a peer: every way through Redis. */
async function usesEveryWay(service: TestService, redis: Redis, peer: ClientProxy): Promise<void> {
  await send(redis, 'account.cash_flow', 'V1', deposit('by-stream'));
  await send(redis, 'market.tick', 'V1', {
    symbol: 'BTCUSDT',
    price: '100',
    timestamp: new Date().toISOString(),
  });
  await sendFields(redis, streamOf('trade.opened'), [['payload', 'junk']]);
  await eventually(
    async () => {
      // Pub/sub is at most once, and the peers' door opens last: a peer repeats itself, which harms nothing.
      await firstValueFrom(peer.emit('account.cash_flow', deposit('by-peer')), { defaultValue: undefined });
      const question = peer.send<Body, Body>('portfolio.get_snapshot', {}).pipe(timeout(2_000));
      expect(await firstValueFrom(question)).toMatchObject({ version: 2, cash_balance: 20 });
      expect(await redis.xlen('quantum:dlq:trade.opened')).toBe(1);
      expect(await redis.xlen(streamOf('portfolio.snapshot_updated'))).toBeGreaterThan(0);
      expect(await redis.xlen(streamOf('risk.drawdown_update'))).toBeGreaterThan(0);
      expect(await redis.hget('quantum:state:portfolio', 'balance_usd')).toBe('20');
      const taken = (await metricsOf(service)).find(
        ({ name, labels }) => name === 'portfolio_ticks_total' && labels['outcome'] === 'taken',
      );
      expect(taken?.value).toBe(1);
      expect((await service.get('/health')).json()).toMatchObject({ status: 'healthy' });
    },
    { timeoutMs: 30_000 },
  );
}

async function peerOn(redis: TestRedis): Promise<ClientProxy> {
  const peer = ClientProxyFactory.create({
    transport: Transport.REDIS,
    options: { host: '127.0.0.1', port: redis.port },
  });
  await peer.connect();
  return peer;
}

describe('the user of deploy/redis/users.acl', () => {
  let database: TestDatabase;
  let redis: TestRedis;
  let service: TestService;
  let peer: ClientProxy;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portfolio-acl-'));
    const file = join(folder, 'users.acl');
    writeFileSync(
      file,
      readFileSync('deploy/redis/users.acl', 'utf8').replace('resetpass', 'resetpass >acl-secret'),
    );
    database = await createDatabase();
    redis = await startRedis({ args: ['--aclfile', file] });
    peer = await peerOn(redis);
    await redis.client().set('quantum:policy:current', '{"active_mode": "normal", "modes": {}}');
    service = await startService({
      databaseUrl: database.url,
      redisUrl: `redis://127.0.0.1:${redis.port}`,
      env: {
        PORTFOLIO_REDIS_USERNAME: 'portfolio',
        PORTFOLIO_REDIS_PASSWORD: 'acl-secret',
        PORTFOLIO_CLAIM_IDLE_MS: '200',
        PORTFOLIO_HEARTBEAT_SEC: '1',
      },
    });
  });
  afterAll(async () => {
    peer.close();
    await service.stop();
    await redis.stop();
    await database.drop();
    await rm(folder, { recursive: true });
  });

  test('has all that the service needs', async () => {
    await usesEveryWay(service, redis.client(), peer);
    expect(service.logs()).not.toMatch(/NOPERM|WRONGPASS|redis_unavailable/);
    expect((await service.get('/limits')).text).not.toContain('redis_unavailable');
  });

  test('also after a stream was deleted and when pending entries of another are taken over', async () => {
    const own = redis.client();
    await own.del(streamOf('order.executed'));
    await own
      .xgroup(
        'CREATE',
        streamOf('order.executed'),
        'quantum:group:portfolio_intelligence:order.executed',
        '0',
        'MKSTREAM',
      )
      .catch(() => undefined);
    await send(own, 'account.cash_flow', 'V1', deposit('after'));
    await eventually(async () =>
      expect((await service.get('/snapshot')).json()).toMatchObject({ version: 3 }),
    );
    // Lost connections listen to all their channels again in one command.
    await own.call('CLIENT', 'KILL', 'USER', 'portfolio', 'TYPE', 'pubsub');
    await eventually(async () => {
      const question = peer.send<Body, Body>('portfolio.get_snapshot', {}).pipe(timeout(500));
      expect(await firstValueFrom(question)).toMatchObject({ version: 3 });
    });
    expect(service.logs()).not.toContain('NOPERM');
  });

  test.each([
    ['make a fact of its own', ['XADD', streamOf('trade.opened'), '*', 'payload', '{}']],
    ['tell itself a fact as a peer', ['PUBLISH', 'trade.opened', '{}']],
    ['tell the prices of a peer', ['PUBLISH', 'market.tick', '{}']],
    ['listen to the answers of others', ['SUBSCRIBE', 'portfolio.snapshot_updated']],
    ['take a fact away', ['XDEL', streamOf('trade.opened'), '0-1']],
    ['delete a stream', ['DEL', streamOf('trade.opened')]],
    ['read what is not its own', ['GET', 'trade:secret']],
    ['write what is not its own', ['SET', 'anything', '1']],
    ['write prices', ['XADD', streamOf('market.tick'), '*', 'payload', '{}']],
    ['list keys', ['KEYS', '*']],
    ['empty the server', ['FLUSHALL']],
    ['change settings', ['CONFIG', 'SET', 'maxmemory', '1']],
    ['read users', ['ACL', 'LIST']],
    ['run a script', ['EVAL', 'return 1', '0']],
    ['listen elsewhere', ['SUBSCRIBE', 'other.channel']],
  ])('may not %s', async (_what, [command = '', ...args]) => {
    const user = new Redis({
      host: '127.0.0.1',
      port: redis.port,
      username: 'portfolio',
      password: 'acl-secret',
    });
    try {
      await expect(user.call(command, ...args)).rejects.toThrow('NOPERM');
    } finally {
      user.disconnect();
    }
  });
});

describe('Redis over TLS', () => {
  let certificates: Certificates;
  let database: TestDatabase;
  let redis: TestRedis;
  let tlsPort: number;

  beforeAll(async () => {
    [certificates, database, tlsPort] = [await makeCertificates(), await createDatabase(), await freePort()];
    const { ca, cert, key } = certificates;
    const files = ['--tls-ca-cert-file', ca, '--tls-cert-file', cert, '--tls-key-file', key];
    redis = await startRedis({
      args: ['--tls-port', String(tlsPort), ...files, '--tls-auth-clients', 'yes'],
    });
  });
  afterAll(async () => {
    await redis.stop();
    await database.drop();
    certificates.remove();
  });

  test('with a CA and a certificate of its own the service uses every way', async () => {
    const service = await startService({
      databaseUrl: database.url,
      redisUrl: `rediss://127.0.0.1:${tlsPort}`,
      env: {
        PORTFOLIO_REDIS_CA_FILE: certificates.ca,
        PORTFOLIO_REDIS_CERT_FILE: certificates.cert,
        PORTFOLIO_REDIS_KEY_FILE: certificates.key,
        PORTFOLIO_HEARTBEAT_SEC: '1',
      },
    });
    const peer = await peerOn(redis);
    try {
      await usesEveryWay(service, redis.client(), peer);
    } finally {
      peer.close();
      await service.stop();
    }
  });

  test('a server that no known authority vouches for is not spoken to', async () => {
    const start = startService({
      databaseUrl: database.url,
      redisUrl: `rediss://127.0.0.1:${tlsPort}`,
      env: { PORTFOLIO_LOG_LEVEL: 'info' },
    });
    await expect(start).rejects.toThrow(/self-signed certificate/);
  }, 60_000);
});

describe('Redis behind Sentinel', () => {
  test('is found, and found again after a failover', async () => {
    const [database, master] = [await createDatabase(), await startRedis()];
    const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
    const sentinel = await startSentinel(master.port);
    const service = await startService({
      databaseUrl: database.url,
      redisUrl: '',
      env: {
        PORTFOLIO_REDIS_URL: undefined,
        PORTFOLIO_REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`,
        PORTFOLIO_REDIS_SENTINEL_NAME: 'house',
      },
    });
    try {
      await send(master.client(), 'account.cash_flow', 'V1', deposit('before'));
      await eventually(async () =>
        expect((await service.get('/snapshot')).json()).toMatchObject({ version: 1 }),
      );
      await eventually(async () =>
        expect(await replica.client().xlen(streamOf('account.cash_flow'))).toBe(1),
      );
      await master.kill9();
      await eventually(
        async () => expect(await replica.client().info('replication')).toContain('role:master'),
        { timeoutMs: 30_000 },
      );
      await send(replica.client(), 'account.cash_flow', 'V1', deposit('after'));
      await eventually(
        async () => expect((await service.get('/snapshot')).json()).toMatchObject({ version: 2 }),
        { timeoutMs: 30_000 },
      );
      const peer = await peerOn(replica);
      await eventually(
        async () =>
          expect(
            await firstValueFrom(peer.send<Body, Body>('portfolio.get_pnl', {}).pipe(timeout(1_000))),
          ).toMatchObject({ version: 2 }),
        { timeoutMs: 30_000 },
      );
      peer.close();
    } finally {
      await service.stop();
      await sentinel.stop();
      await replica.stop();
      await master.stop();
      await database.drop();
    }
  }, 120_000);
});

async function startSentinel(masterPort: number): Promise<{ port: number; stop(): Promise<void> }> {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'portfolio-sentinel-'))];
  const file = join(folder, 'sentinel.conf');
  const rules = [
    `monitor house 127.0.0.1 ${masterPort} 1`,
    'down-after-milliseconds house 500',
    'failover-timeout house 3000',
  ];
  writeFileSync(
    file,
    [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...rules.map((rule) => `sentinel ${rule}`), ''].join(
      '\n',
    ),
  );
  const server: ChildProcess = spawn(process.env['PORTFOLIO_TEST_REDIS_SERVER']!, [file, '--sentinel'], {
    stdio: 'ignore',
  });
  const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
  client.on('error', () => undefined); // It is asked again until the sentinel is there.
  await eventually(
    async () => expect(JSON.stringify(await client.call('SENTINEL', 'replicas', 'house'))).toContain('"ip"'),
    { timeoutMs: 20_000 },
  );
  return {
    port,
    stop: async () => {
      client.disconnect();
      const gone = once(server, 'exit');
      server.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
