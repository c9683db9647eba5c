import { parseArgs } from 'node:util';
import { DEFAULT_ACCOUNT } from '../../transport/wire/header.js';
import { messageOf } from '../../shared/errors.js';
import type { StoreAddress } from './open-source.js';

export const USAGE = `Usage: npm run import:trades -- --sqlite PATH | --redis URL [--account ID] [--dry-run]

  --sqlite PATH   the file of the store, with its -wal beside it; read only
  --redis URL     redis://[user:password@]host:port/db of the store; read only
  --account ID    the account that the trades belong to (default ${DEFAULT_ACCOUNT})
  --dry-run       says what would become of each row, and writes nothing
  --help          says this

Into the database of the settings, or of a running \`npm start\`. Again and again is harmless, also after it was cut off.
Exit code 0; 1 = it came to the end, and some rows were refused or contradict what was taken; 2 = it could not be done.
`;

/** What the command line asks for. */
export interface Asked {
  readonly store: StoreAddress;
  readonly accountId: string;
  readonly dryRun: boolean;
}

/** The command line cannot be understood; the message says what is wrong with it. */
export class UsageError extends Error {}

const ACCOUNT = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Reads the command line; null = only help is asked for. Throws UsageError. */
export function readArguments(args: readonly string[]): Asked | null {
  const { sqlite, redis, account = DEFAULT_ACCOUNT, 'dry-run': dryRun, help } = parsed(args);
  if (help) return null;
  if ((sqlite === undefined) === (redis === undefined))
    throw new UsageError('either --sqlite or --redis is needed');
  if (!ACCOUNT.test(account)) throw new UsageError('--account is not 1–64 of A–Z a–z 0–9 _ . : -');
  const store: StoreAddress =
    sqlite !== undefined ? { type: 'sqlite', path: sqlite } : { type: 'redis', url: redisUrl(redis!) };
  return { store, accountId: account, dryRun: dryRun ?? false };
}

function parsed(args: readonly string[]) {
  try {
    const options = {
      sqlite: { type: 'string' },
      redis: { type: 'string' },
      account: { type: 'string' },
      'dry-run': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function redisUrl(text: string): string {
  if (/^rediss?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new UsageError('--redis must be a URL such as redis://127.0.0.1:6379/0');
}
