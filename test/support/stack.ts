import type { Redis } from 'ioredis';
import { createDatabase, type TestDatabase } from './postgres.js';
import { startRedis, type TestRedis } from './redis.js';
import { startService, type TestService } from './service.js';

/** One service with a database and a Redis of its own. */
export interface Stack {
  readonly database: TestDatabase;
  readonly server: TestRedis;
  readonly redis: Redis;
  /** The process that runs now; another one after `startAgain`. */
  readonly service: TestService;
  /** Starts a new process on the same database and Redis, after the old one was stopped or killed; with other settings if given. */
  startAgain(changed?: StackOptions['env']): Promise<TestService>;
  /** Stops everything; a service that is still running must end cleanly. */
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly env?: Record<string, string | undefined>;
  readonly appendonly?: boolean;
}

export async function startStack({ env = {}, appendonly = false }: StackOptions = {}): Promise<Stack> {
  const database = await createDatabase();
  const server = await startRedis({ appendonly });
  const options = { databaseUrl: database.url, redisUrl: server.url, env };
  const release = async (): Promise<void> => {
    await server.stop();
    await database.drop();
  };
  let service = await startService(options).catch(async (failure: unknown) => {
    // A service that does not start must not leave its database and Redis behind.
    await release();
    throw failure;
  });
  return {
    database,
    server,
    redis: server.client(),
    get service() {
      return service;
    },
    startAgain: async (changed) =>
      (service = await startService({ ...options, env: { ...env, ...changed } })),
    stop: async () => {
      try {
        await service.stop();
      } finally {
        await release();
      }
    },
  };
}
