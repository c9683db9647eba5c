import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How the fake behaves: as Risk & Safety, as somebody else on its port, or badly. */
export type Manner =
  'itself' | 'foreign' | 'not_found' | 'html' | 'slow' | 'truncated' | 'huge' | 'wrong_types';

export interface FakeRiskSafety {
  readonly url: string;
  /** Values by key, as they are put into the body. */
  readonly policies: Map<string, unknown>;
  /** Bodies of /api/risk/limits/{symbol}. */
  readonly limits: Map<string, Record<string, unknown>>;
  ess: Record<string, unknown>;
  manner: Manner;
  /** False = there is no list of policies, only single ones. */
  hasList: boolean;
  /** Every path that was asked for, oldest first. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** A Risk & Safety service on a loopback port of its own, with a real HTTP server. */
export async function startRiskSafety(): Promise<FakeRiskSafety> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => answer(fake, request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeRiskSafety = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    policies: new Map(),
    limits: new Map(),
    ess: { state: 'ARMED', can_execute: true, trip_time: null, trip_reason: null, metrics: {} },
    manner: 'itself',
    hasList: true,
    asked: [],
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
  return fake;
}

function answer(fake: FakeRiskSafety, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent(request.url ?? '/');
  fake.asked.push(path);
  const json = (status: number, body: unknown, type = 'application/json'): void => {
    response.writeHead(status, { 'content-type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  switch (fake.manner) {
    case 'itself':
      return itself(fake, path, json);
    case 'foreign':
      return json(200, { service: 'exit-brain', status: 'ok', positions: [] });
    case 'not_found':
      return json(404, { detail: 'Not Found' });
    case 'html':
      return json(200, '<!doctype html><html><body>It works!</body></html>', 'text/html');
    case 'slow':
      // Never answered: whoever asks has to give up by itself.
      return;
    case 'truncated':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"policies": {"ess.max_daily_loss_pct": 0.0');
      response.socket?.end();
      return;
    case 'huge':
      return json(200, `{"policies": {"x": "${'y'.repeat(3_000_000)}"}}`);
    case 'wrong_types':
      return json(200, {
        policies: 'many',
        key: 7,
        value: {},
        state: ['x'],
        can_execute: 'perhaps',
        symbol: 5,
      });
  }
}

function itself(fake: FakeRiskSafety, path: string, json: (status: number, body: unknown) => void): void {
  const missing = (): void => json(404, { detail: 'Not Found' });
  if (path === '/api/policy') {
    if (!fake.hasList) return missing();
    return json(200, { policies: Object.fromEntries(fake.policies), count: fake.policies.size });
  }
  if (path === '/api/risk/ess/status') return json(200, fake.ess);
  const key = /^\/api\/policy\/(.+)$/.exec(path)?.[1];
  if (key) return fake.policies.has(key) ? json(200, { key, value: fake.policies.get(key) }) : missing();
  const symbol = /^\/api\/risk\/limits\/(.+)$/.exec(path)?.[1];
  const limits = symbol && fake.limits.get(symbol);
  if (limits) return json(200, { symbol, ...limits, status: 'ok' });
  missing();
}
