import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { readConfig } from './config.js';
import { migrate } from './database/migrations.js';
import { PinoLogger } from './http/logging.js';
import { RecordMarksHandler } from './positions/commands/record-marks.js';
import { Classification } from './positions/classification.js';
import { isTransient, messageOf, refusalOf } from './shared/errors.js';
import { USAGE, UsageError, readArguments } from './sources/trade-store/arguments.js';
import type { Asked } from './sources/trade-store/arguments.js';
import type { ImportReport } from './sources/trade-store/import-report.js';
import { openSource } from './sources/trade-store/open-source.js';
import { ImportProgress } from './sources/trade-store/import-progress.js';
import { ownRedis } from './sources/trade-store/store-redis.js';
import { streamsBacklog } from './sources/trade-store/streams-backlog.js';
import { ImportStopped, TradeImport } from './sources/trade-store/trade-import.js';

const DONE = 0;
const WITH_OBJECTIONS = 1;
const NOT_DONE = 2;

/** `npm run import:trades`: takes a trade store in, says how far it came, and ends with a summary. */
async function main(): Promise<number> {
  const asked = readArguments(process.argv.slice(2));
  if (!asked) {
    process.stdout.write(USAGE);
    return DONE;
  }
  const config = { ...readConfig({ databaseOnly: true }), LOG_LEVEL: 'warn' as const };
  const source = await openSource(asked.store, config);
  try {
    await warnOfBacklog(config);
    const app = await started(config);
    const progress = new ImportProgress(source.expected);
    try {
      const report = await app.get(TradeImport).run(source, {
        ...asked,
        signal: stopOnSignals(),
        onProgress: (sofar) => progress.show(sofar),
      });
      progress.finish(report);
      summarise(report, asked, config);
      return report.objections > 0 ? WITH_OBJECTIONS : DONE;
    } finally {
      await app.close();
    }
  } finally {
    await source.close();
  }
}

/** The service without its doors: database, schema and what a batch needs to know. */
async function started(config: Config) {
  const logger = new PinoLogger(config);
  Logger.overrideLogger(logger);
  const app = await NestFactory.createApplicationContext(AppModule.with(config), {
    logger,
    abortOnError: false,
  });
  const dataSource = await app.get(DataSource).initialize();
  if (config.MIGRATE) await migrate(dataSource);
  await app.get(Classification).load();
  await app.get(RecordMarksHandler).recall();
  return app;
}

/** Closes on the bus may name no trade: those that come after the store had its say cannot be known for the same. */
async function warnOfBacklog(config: Config): Promise<void> {
  const redis = ownRedis(config);
  try {
    const left = await streamsBacklog(redis);
    if (left > 0) warnThat(`${left} messages about trades wait on the streams`);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null && !isTransient(error)) throw error;
    const why = refusal === null ? 'does not answer' : `refuses to tell (${refusal})`;
    warnThat(`Redis ${why}: messages about trades may wait on the streams`);
  } finally {
    redis.disconnect();
  }
}

function warnThat(they: string): void {
  process.stderr.write(`${they}: let the service take them first, so that what both tell counts once.\n`);
}

/** Ctrl-C ends it after the batch in hand; what was taken stays taken. */
function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

function summarise(report: ImportReport, { dryRun }: Asked, { POSITION_SOURCE }: Config): void {
  process.stdout.write(`${dryRun ? 'nothing was written, it would have been: ' : ''}${report.sentence}\n`);
  for (const line of report.details) process.stdout.write(`${line}\n`);
  if (POSITION_SOURCE === 'fills')
    process.stdout.write('PORTFOLIO_POSITION_SOURCE=fills: trades are recorded and move no positions\n');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isStop = error instanceof ImportStopped;
    const text = isStop ? 'stopped; run it again to take the rest' : messageOf(error);
    process.stderr.write(`import:trades: ${text}\n${error instanceof UsageError ? USAGE : ''}`);
    process.exit(NOT_DONE);
  },
);
