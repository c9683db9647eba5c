import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { PATTERN_METADATA, TRANSPORT_METADATA } from '@nestjs/microservices/constants.js';
import { request } from 'node:http';
import { PeerGuard } from '../../../src/transport/peer.guard.js';
import { REDIS_STREAMS } from '../../../src/transport/redis-streams.server.js';
import { eventually } from '../../support/eventually.js';
import { addTestKey, type TestKey } from '../../support/keys.js';
import { listen, type RunningApp } from '../http/app.js';

/** What may be asked by anybody; a route that is missing here and answers without a key fails the test. */
const OPEN = ['GET /health/live', 'GET /health/ready', 'HEAD /health/live', 'HEAD /health/ready'];

function statusOf(url: string, method: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    call.on('error', reject).end();
  });
}

describe('every door', () => {
  let running: RunningApp;
  let key: TestKey;

  beforeAll(async () => {
    running = await listen(
      { PORTFOLIO_AUTH: 'keys', PORTFOLIO_KEY_REFRESH_MS: '100', PORTFOLIO_MIGRATE: 'on' },
      (fastify) => {
        // A handler ahead of Nest's pipeline, as a hot route may have one.
        fastify.get('/bare', (_request, reply) => reply.send('bare'));
        fastify.get('/bare/admin', { config: { scope: 'admin' } }, (_request, reply) =>
          reply.send('changed'),
        );
      },
    );
    // Nobody could come in yet, and the application says so instead of starting.
    await expect(running.start()).rejects.toThrow('PORTFOLIO_AUTH');
    key = await addTestKey(running.database, { scopes: ['read'] });
    await running.start();
    await eventually(async () => expect((await running.get('/snapshot', key.headers)).status).toBe(200));
  });
  afterAll(() => running.stop());

  const asked = (pattern: string) => pattern.replace(/[:*][^/]*/g, 'x');

  test('of HTTP is shut to who has no key, but for the probes', async () => {
    expect(running.routes).toEqual(
      expect.arrayContaining(['GET /bare', 'GET /api/portfolio/snapshot', 'GET /metrics']),
    );
    expect(running.routes.length).toBeGreaterThan(40);
    const entered: string[] = [];
    for (const route of running.routes) {
      const [method = '', pattern = ''] = route.split(' ');
      if ((await statusOf(running.url + asked(pattern), method)) !== 401) entered.push(route);
    }
    expect([...new Set(entered)].sort()).toEqual(OPEN);
  });

  test('of HTTP is shut to a key that is none, in every spelling of a path', async () => {
    const wrong = { authorization: `Bearer ${key.key.slice(0, -1)}${key.key.endsWith('A') ? 'B' : 'A'}` };
    for (const path of [
      '/snapshot',
      '/bare',
      '//snapshot',
      '/Snapshot',
      '/snapshot/',
      '/%73napshot',
      '/nothing',
      '/health/live/x',
    ])
      for (const headers of [{}, wrong])
        expect([path, await statusOf(running.url + path, 'GET', headers)]).toEqual([path, 401]);
    expect(await statusOf(`${running.url}/snapshot`, 'POST')).toBe(401);
    const answer = await running.get('/snapshot', wrong);
    expect(answer.json()).toMatchObject({ status: 401, code: 'credentials_invalid' });
    // Whoever is turned away gets the same security headers.
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.any(String) as unknown,
    });
    expect(answer.headers).toMatchObject({ 'www-authenticate': expect.stringContaining('Bearer') });
    expect(answer.text).not.toContain(key.key.slice(4, 20));
  });

  test('of HTTP opens to a key, in either header, and of admin to an admin only', async () => {
    expect(await statusOf(`${running.url}/bare`, 'GET', key.headers)).toBe(200);
    expect(await statusOf(`${running.url}/bare`, 'GET', { 'x-api-key': key.key })).toBe(200);
    expect((await running.get('/bare/admin', key.headers)).json()).toMatchObject({
      status: 403,
      code: 'scope_missing',
    });
    const admin = await addTestKey(running.database, { scopes: ['admin'] });
    await eventually(async () =>
      expect(await statusOf(`${running.url}/bare/admin`, 'GET', admin.headers)).toBe(200),
    );
    expect(await statusOf(`${running.url}/snapshot`, 'GET', admin.headers)).toBe(200);
  });

  test('there is none but these: nothing takes a connection over, and who asks for that passes the same check', async () => {
    const server = running.app.getHttpServer();
    // Whoever adds a socket adds its check here.
    expect(server.listenerCount('upgrade')).toBe(0);
    const socket = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    for (const path of ['/snapshot', '/', '/socket.io/?transport=websocket', '/nothing'])
      expect(await statusOf(running.url + path, 'GET', socket)).toBe(401);
    const events = { accept: 'text/event-stream' };
    for (const path of ['/snapshot', '/events'])
      expect(await statusOf(running.url + path, 'GET', events)).toBe(401);
  });

  test('of peers has its guard: every pattern that pub/sub can reach', () => {
    const handlers = [...running.app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .flatMap(({ metatype }) => handlersOf(metatype as Handler));
    const open = handlers
      .filter(({ transport }) => transport !== REDIS_STREAMS)
      .filter(({ guards }) => !guards.includes(PeerGuard));
    expect(handlers.filter(({ transport }) => transport !== REDIS_STREAMS).length).toBeGreaterThan(5);
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});

type Handler = { readonly prototype: Record<string, object>; readonly name: string };

function handlersOf(controller: Handler): { name: string; transport: unknown; guards: unknown[] }[] {
  const ofClass = (Reflect.getMetadata(GUARDS_METADATA, controller) ?? []) as unknown[];
  return Object.getOwnPropertyNames(controller.prototype).flatMap((method) => {
    const handler = controller.prototype[method]!;
    if (Reflect.getMetadata(PATTERN_METADATA, handler) === undefined) return [];
    const own = (Reflect.getMetadata(GUARDS_METADATA, handler) ?? []) as unknown[];
    const transport: unknown = Reflect.getMetadata(TRANSPORT_METADATA, handler);
    return [{ name: `${controller.name}.${method}`, transport, guards: [...ofClass, ...own] }];
  });
}
