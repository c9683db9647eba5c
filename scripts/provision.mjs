/** The two servers that the service needs, provided where nothing is installed or running. */
export { providePostgres } from './lib/postgres.mjs';
export { provideRedis } from './lib/redis.mjs';
export { redisProgram } from './lib/redis-program.mjs';
