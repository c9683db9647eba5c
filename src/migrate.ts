import { SettingsError, readConfig } from './config.js';
import { createDataSource } from './database/data-source.js';
import { migrate } from './database/migrations.js';
import { messageOf } from './shared/errors.js';

/** `npm run migrate`: brings the schema up and ends. */
async function main(): Promise<void> {
  const dataSource = await createDataSource(readConfig({ databaseOnly: true })).initialize();
  const applied = await migrate(dataSource);
  await dataSource.destroy();
  process.stdout.write(
    applied.length > 0 ? `migrated: ${applied.join(', ')}\n` : 'the schema is up to date\n',
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof SettingsError ? '' : 'migrate: '}${messageOf(error)}\n`);
  process.exit(1);
});
