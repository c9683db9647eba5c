import { parseArgs } from 'node:util';
import { SettingsError, readConfig } from './config.js';
import { createDataSource } from './database/data-source.js';
import { Database } from './database/database.js';
import {
  checkedBase,
  checkedCategory,
  checkedSector,
  readClassificationFile,
} from './positions/classification-file.js';
import {
  lockState,
  markChanged,
  readMap,
  readState,
  replaceMap,
  restoreDefaults,
  setEntry,
} from './positions/classification-tables.js';
import { categoryOf, sectorOf } from './positions/domain/classification.js';
import { messageOf } from './shared/errors.js';

const USAGE = `usage: classify show [SYMBOL...]
       classify set BASE [--sector SECTOR] [--category CATEGORY]
       classify load FILE
       classify reset`;

class UsageError extends Error {}

interface Asked {
  readonly names: readonly string[];
  readonly sector?: string | undefined;
  readonly category?: string | undefined;
}

const VERBS: Readonly<Record<string, (database: Database, asked: Asked) => Promise<string>>> = {
  show,
  set,
  load,
  reset,
};

/** `npm run classify`: shows and changes sectors and categories. Running replicas follow within seconds. */
async function main(): Promise<void> {
  const { verb, asked } = askedFor(process.argv.slice(2));
  const dataSource = await createDataSource(readConfig({ databaseOnly: true })).initialize();
  try {
    process.stdout.write(`${await verb(new Database(dataSource), asked)}\n`);
  } finally {
    await dataSource.destroy();
  }
}

function askedFor(args: string[]) {
  try {
    const options = { sector: { type: 'string' }, category: { type: 'string' } } as const;
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options });
    const [name = '', ...names] = positionals;
    const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (verb) return { verb, asked: { names, ...values } };
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error });
  }
  throw new UsageError('say what to do');
}

/** The whole map, or what holds for these symbols. */
async function show(database: Database, { names }: Asked): Promise<string> {
  const map = await readMap(database);
  const { origin, revision } = await readState(database);
  const bases = [...new Set([...map.sectors.keys(), ...map.categories.keys()])].sort();
  const shown = names.length > 0 ? names.map((name) => name.toUpperCase()) : bases;
  const rows = shown.map((name) => [name, sectorOf(map, name), categoryOf(map, name)]);
  const lines = rows.map(
    ([name, sector, category]) => `${name!.padEnd(16)} ${sector!.padEnd(10)} ${category}`,
  );
  return [`map: ${origin}, revision ${revision}, ${bases.length} bases`, ...lines].join('\n');
}

async function set(database: Database, { names, sector, category }: Asked): Promise<string> {
  const [name, ...more] = names;
  if (name === undefined || more.length > 0 || (sector === undefined && category === undefined))
    throw new UsageError('set needs one base, and a sector or a category');
  const entry = {
    base: checkedBase(name),
    sector: sector === undefined ? undefined : checkedSector(sector),
    category: category === undefined ? undefined : checkedCategory(category),
  };
  await database.transaction(async (tx) => {
    const { origin } = await lockState(tx);
    await setEntry(tx, entry);
    await markChanged(tx, { origin: origin.replace(/( \+ changes)?$/, ' + changes') });
  });
  return show(database, { names: [entry.base] });
}

async function load(database: Database, { names }: Asked): Promise<string> {
  const [path, ...more] = names;
  if (path === undefined || more.length > 0) throw new UsageError('load needs one file');
  const file = await readClassificationFile(path);
  await database.transaction(async (tx) => {
    await lockState(tx);
    await replaceMap(tx, file);
    await markChanged(tx, { origin: 'loaded' });
  });
  return `loaded ${file.sectors.size} sectors and ${file.categories.size} categories`;
}

async function reset(database: Database): Promise<string> {
  await database.transaction(async (tx) => {
    await lockState(tx);
    await restoreDefaults(tx);
    await markChanged(tx, { origin: 'default' });
  });
  return 'the default map is back';
}

main().catch((error: unknown) => {
  const usage = error instanceof UsageError ? `\n${USAGE}` : '';
  process.stderr.write(`${error instanceof SettingsError ? '' : 'classify: '}${messageOf(error)}${usage}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
});
