import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { PinoLogger } from './http/logging.js';
import { RecordMarksHandler } from './positions/commands/record-marks.js';
import { messageOf } from './shared/errors.js';
import { Rebuild } from './transport/rebuild.js';

/** `npm run rebuild`: holds every account's projections against its ledger, and makes those anew that are not what it says. */
async function main(): Promise<boolean> {
  const config = { ...readConfig({ databaseOnly: true }), LOG_LEVEL: 'warn' as const };
  const logger = new PinoLogger(config);
  Logger.overrideLogger(logger);
  const app = await NestFactory.createApplicationContext(AppModule.with(config), {
    logger,
    abortOnError: false,
  });
  await app.get(DataSource).initialize();
  await app.get(RecordMarksHandler).recall();
  const rebuild = app.get(Rebuild);
  let equal = true;
  for (const accountId of await rebuild.accountIds()) {
    const { facts, differences } = await rebuild.rebuild(accountId);
    const verdict = differences.length === 0 ? 'equal' : `repaired ${differences.join(', ')}`;
    process.stdout.write(`${accountId}: ${facts} facts, ${verdict}\n`);
    equal &&= differences.length === 0;
  }
  await app.close();
  process.stdout.write(
    equal ? 'all projections are equal to the ledger\n' : 'some projections differed and were repaired\n',
  );
  return equal;
}

main().then(
  (equal) => process.exit(equal ? 0 : 2),
  (error: unknown) => {
    process.stderr.write(`rebuild: ${messageOf(error)}\n`);
    process.exit(1);
  },
);
