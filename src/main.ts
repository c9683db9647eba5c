import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { SettingsError, readConfig } from './config.js';
import { configureHttp } from './http/configure-http.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { PinoLogger } from './http/logging.js';
import { Lifecycle } from './lifecycle.js';

/** Requests in hand may still be answered this long after everything else has stopped. */
const CLOSE_TIMEOUT_MS = 10_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = new PinoLogger(config);
  Logger.overrideLogger(logger);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    createHttpAdapter(config),
    {
      logger,
      abortOnError: false,
    },
  );
  const lifecycle = app.get(Lifecycle);
  stopOnSignals(app, lifecycle);
  await configureHttp(app);
  await app.listen(config.PORT, config.HOST);
  logger.log(`listening on ${addressOf(config)}`, 'Main');
  await lifecycle.start(app);
}

/** Drains once and ends with 0; what is asked a second time is under way already. */
function stopOnSignals(app: NestFastifyApplication, lifecycle: Lifecycle): void {
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      new Logger('Main').log(`${signal}: draining`);
      lifecycle
        .stop()
        .then(() => closeSoon(app))
        .then(() => process.exit(0), fail);
    });
  }
}

/** Whatever lasts is done by now. Goodbyes that nobody answers, as on a connection that is dead, must not keep the process. */
async function closeSoon(app: NestFastifyApplication): Promise<void> {
  const patience = pause(CLOSE_TIMEOUT_MS, 'late' as const);
  const end = await Promise.race([app.close(), patience]);
  if (end === 'late') new Logger('Main').warn('connections did not close in time and are cut');
}

function addressOf({ HOST, PORT }: Config): string {
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
}

function fail(error: unknown): never {
  if (error instanceof SettingsError) process.stderr.write(`${error.message}\n`);
  else new Logger('Main').error(error);
  process.exit(1);
}

main().catch(fail);
