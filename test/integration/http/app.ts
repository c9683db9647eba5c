import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from '../../../src/app.module.js';
import { readConfig } from '../../../src/config.js';
import { configureHttp } from '../../../src/http/configure-http.js';
import { createHttpAdapter } from '../../../src/http/http-adapter.js';
import { PinoLogger } from '../../../src/http/logging.js';
import { Lifecycle } from '../../../src/lifecycle.js';
import { httpGet, type Answer } from '../../support/http.js';
import { createDatabase, type TestDatabase } from '../../support/postgres.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { openGate, type Gate } from './gate.js';

export interface RunningApp {
  readonly app: NestFastifyApplication;
  readonly database: TestDatabase;
  /** Between the application and its Postgres. */
  readonly gate: Gate;
  readonly redis: TestRedis;
  readonly url: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Every route that Fastify knows, as `METHOD /pattern`. */
  readonly routes: readonly string[];
  /** Every line logged so far, at every level. */
  logs(): string;
  /** Loads the accounts and begins to read messages; until then the application listens and is starting. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The application in this process, listening on a free port, on a database and a Redis of its own; `prepare` may add bare routes. */
export async function listen(
  env: Record<string, string> = {},
  prepare: (fastify: FastifyInstance) => void = () => undefined,
): Promise<RunningApp> {
  const [database, redis] = [await createDatabase(), await startRedis()];
  const gate = await openGate(database.url);
  const config = readConfig(
    {},
    {
      PORTFOLIO_DATABASE_URL: gate.url,
      PORTFOLIO_REDIS_URL: redis.url,
      PORTFOLIO_REPLICA: 'test',
      PORTFOLIO_LOG_LEVEL: 'trace',
      ...env,
    },
  );
  let lines = '';
  const logger = new PinoLogger(config, { write: (line) => (lines += line) });
  const adapter = createHttpAdapter(config);
  const routes: string[] = [];
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push(`${one} ${url}`);
  });
  prepare(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    logger,
    abortOnError: false,
  });
  await configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const lifecycle = app.get(Lifecycle);
  return {
    app,
    database,
    gate,
    redis,
    url,
    routes,
    get: (path, headers) => httpGet(url + path, headers),
    logs: () => lines,
    start: () => lifecycle.start(app),
    stop: async () => {
      await lifecycle.stop();
      await app.close();
      await redis.stop();
      await gate.stop();
      await database.drop();
    },
  };
}
