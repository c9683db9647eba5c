import { relative } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { aborted, endingSignal, Started } from './lib/ending.mjs';
import { ensureInstalled, requireNode } from './lib/install.mjs';
import { dataDirectory, projectRoot } from './lib/paths.mjs';
import { forgetRun, recordRun, takeOver } from './lib/run-record.mjs';
import { elapsed, explain, say } from './lib/say.mjs';
import { startService, untilReady } from './lib/service.mjs';
import { configuredRedisUrl, isOff, setting } from './lib/settings.mjs';
import { providePostgres, provideRedis } from './provision.mjs';

/**
 * `npm start`: everything the service needs, then the service. Until the dependencies are installed, only what Node
 * itself brings may be imported.
 */
const signal = endingSignal();
const started = new Started();

/** Short where it is inside the project. */
function place(directory) {
  return directory.startsWith(projectRoot) ? relative(projectRoot, directory) : directory;
}

async function provide(name, server) {
  started.add(name, server);
  say(`${name} ${server.version} on ${new URL(server.url).host}, data in ${place(server.directory)}`);
  void server.server.exited.then(
    () => started.stopping || say(`${name} has ended by itself; its log is in .data.`),
  );
  signal.throwIfAborted();
  return server;
}

/** Postgres and Redis, each only where the settings name none. */
async function provideServers() {
  const dataDir = dataDirectory;
  const postgres = setting('DATABASE_URL')
    ? null
    : await provide('Postgres', await providePostgres({ dataDir }));
  const redis =
    configuredRedisUrl() || setting('REDIS_SENTINELS')
      ? null
      : await provide('Redis', await provideRedis({ dataDir }));
  return { postgres, redis };
}

function environment({ postgres, redis }) {
  return {
    ...(postgres && { PORTFOLIO_DATABASE_URL: postgres.url }),
    ...(redis && { PORTFOLIO_REDIS_URL: redis.url }),
  };
}

async function playDemo({ postgres, redis }, serviceUrl) {
  if (!postgres || !redis || isOff(process.env.PORTFOLIO_DEMO)) return;
  const { startDemo } = await import('./demo/demo.mjs');
  started.add('The demo', startDemo({ redisUrl: redis.url, serviceUrl }));
  say('A trading day is being played into Redis; PORTFOLIO_DEMO=off leaves it out.');
}

function showAddresses(url) {
  const paths = ['/api/portfolio/snapshot', '/docs', '/metrics'];
  say(`\nOpen:\n${paths.map((path) => `  ${url}${path}`).join('\n')}\n\nCtrl-C stops everything.`);
}

/** Resolves to the exit code, when the service has ended or was asked to. */
async function serve() {
  const servers = await provideServers();
  const since = Date.now();
  const service = await startService(environment(servers));
  started.add('The service', service);
  const redisUrl = servers.redis?.url ?? configuredRedisUrl();
  const databaseUrl = servers.postgres?.url ?? setting('DATABASE_URL');
  await recordRun({ serviceUrl: service.url, servicePid: service.server.pid, redisUrl, databaseUrl });
  if (await untilReady(service, signal)) {
    say(`The service is ready on ${service.url} after ${elapsed(since)}.`);
    await playDemo(servers, service.url);
    showAddresses(service.url);
  }
  const end = await Promise.race([service.server.exited, aborted(signal)]);
  if (end) say(`The service has ended by itself (${end.signal ?? `exit code ${end.code}`}).`);
  await started.stopAll();
  return (await service.server.exited).code;
}

async function main() {
  requireNode();
  await takeOver();
  await ensureInstalled({ signal });
  await ensureBuilt({ signal });
  return serve();
}

async function ended() {
  try {
    return await main();
  } catch (error) {
    if (signal.aborted) return 0;
    say(explain(error));
    return 1;
  } finally {
    await started.stopAll();
    await forgetRun();
    if (signal.aborted) say('Stopped.');
  }
}

process.exit(await ended());
