import { parseArgs } from 'node:util';
import type { ApiKey } from './access/api-key.js';
import { holds, keyHash, newKeyId, newKeyText } from './access/api-key.js';
import { addKey, allKeys, revokeKey } from './access/api-keys-table.js';
import { SCOPES } from './access/caller.js';
import type { Scope } from './access/caller.js';
import { SettingsError, readConfig } from './config.js';
import { createDataSource } from './database/data-source.js';
import { Database } from './database/database.js';
import { codeOf, messageOf } from './shared/errors.js';

const USAGE = `npm run keys -- create --name NAME [--scopes read,admin] [--accounts a,b] [--expires DAYS|DATE]
npm run keys -- list
npm run keys -- revoke KEY_ID`;
const DAY_MS = 86_400_000;
const ACCOUNT = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Something in the command line that cannot be done; said without a stack. */
class UsageError extends Error {}

/** `npm run keys`: makes, lists and ends the keys that let somebody in. */
async function main(): Promise<void> {
  const options = { name: text, scopes: text, accounts: text, expires: text };
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const [verb, keyId] = positionals;
  const dataSource = await createDataSource(readConfig({ databaseOnly: true })).initialize();
  const database = new Database(dataSource);
  try {
    if (verb === 'create') await create(database, values);
    else if (verb === 'list') await list(database);
    else if (verb === 'revoke' && keyId) await revoke(database, keyId);
    else throw new UsageError(USAGE);
  } finally {
    await dataSource.destroy();
  }
}

const text = { type: 'string' } as const;

/** Prints the key. It is stored nowhere: whoever loses it makes another. */
async function create(database: Database, asked: Record<string, string | undefined>): Promise<void> {
  const key = newKeyText();
  const { name = '' } = asked;
  if (!/^.{1,100}$/.test(name)) throw new UsageError(`--name says whose key it is\n${USAGE}`);
  const accounts = asked['accounts']?.split(',') ?? null;
  if (accounts?.some((accountId) => !ACCOUNT.test(accountId)))
    throw new UsageError('--accounts: not an account');
  const stored: ApiKey = {
    ...{ keyId: newKeyId(), name, hash: keyHash(key), scopes: scopesOf(asked['scopes'] ?? 'read'), accounts },
    ...{ createdAt: Date.now(), expiresAt: expiryOf(asked['expires']), revokedAt: null },
  };
  await addKey(database, stored);
  process.stderr.write(`${lineOf(stored)}\nThe key is shown this once:\n`);
  process.stdout.write(`${key}\n`);
}

async function list(database: Database): Promise<void> {
  for (const key of await allKeys(database)) process.stdout.write(`${lineOf(key)}\n`);
}

async function revoke(database: Database, keyId: string): Promise<void> {
  if (!(await revokeKey(database, keyId))) throw new UsageError(`there is no key ${keyId} that holds`);
  process.stdout.write(
    `${keyId} lets nobody in any more; replicas know it within PORTFOLIO_KEY_REFRESH_MS\n`,
  );
}

function scopesOf(asked: string): Scope[] {
  const scopes = asked.split(',');
  const known = SCOPES.filter((scope) => scopes.includes(scope));
  if (known.length === 0 || known.length !== scopes.length)
    throw new UsageError(`--scopes: one or more of ${SCOPES.join(', ')}`);
  return known;
}

function expiryOf(asked: string | undefined): number | null {
  if (asked === undefined) return null;
  const at = /^\d{1,5}$/.test(asked) ? Date.now() + Number(asked) * DAY_MS : Date.parse(asked);
  if (!(at > Date.now())) throw new UsageError('--expires: a number of days, or a date that is to come');
  return at;
}

function lineOf(key: ApiKey): string {
  const state = key.revokedAt !== null ? 'revoked' : holds(key, Date.now()) ? 'holds' : 'expired';
  const until = key.expiresAt === null ? 'for ever' : `until ${new Date(key.expiresAt).toISOString()}`;
  return `${key.keyId}  ${state} ${until}  ${key.scopes.join('+')}  ${key.accounts?.join(',') ?? 'every account'}  ${key.name}`;
}

main().catch((error: unknown) => {
  const missing = codeOf(error) === '42P01';
  const told = error instanceof SettingsError || error instanceof UsageError;
  const message = missing ? 'the schema is too old: npm run migrate brings it up' : messageOf(error);
  process.stderr.write(`${told ? '' : 'keys: '}${message}\n`);
  process.exit(1);
});
