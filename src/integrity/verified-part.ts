import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { FactCodecError } from '../ledger/fact-codec.js';
import { DecimalError } from '../shared/decimal.js';
import { messageOf } from '../shared/errors.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import type { Compared, Difference } from './domain/differences.js';
import { compareRow, inOrder } from './domain/differences.js';

/** So many rows are compared before messages have their turn: a few milliseconds. */
const ROWS_AT_ONCE = 500;

/** A part of an account, as it was found at a version. */
export interface VerifiedPart {
  readonly version: number;
  readonly digest: string;
  readonly differences: readonly Difference[];
  readonly carried: ReadonlyMap<string, unknown>;
}

const isUnreadable = (error: unknown) =>
  [FactCodecError, DecimalError, SyntaxError].some((kind) => error instanceof kind);

/** null = something of it cannot be read. */
export async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

interface Looked {
  readonly version: number;
  readonly carried: ReadonlyMap<string, unknown>;
  readonly place: string;
}

/** A stored fact that cannot be read is a difference too. */
export async function verified(
  { version, carried, place }: Looked,
  look: () => Promise<AuditedTable[]>,
): Promise<VerifiedPart> {
  try {
    const tables = await look();
    const { differences, lines } = inOrder(await compare(tables));
    return { version, carried, differences, digest: digestOf(lines) };
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const unreadable: Difference = {
      ...{ table: 'ledger', key: place, kind: 'changed' },
      stored: { fact: `cannot be read: ${messageOf(error)}` },
      expected: null,
    };
    return { version, carried, differences: [unreadable], digest: digestOf([]) };
  }
}

/** Row by row, with room for trades in between. */
async function compare(tables: readonly AuditedTable[]): Promise<Compared[]> {
  const found: Compared[] = [];
  for (const { table, rows } of tables) {
    for (const pair of rows) {
      found.push(compareRow(table, pair));
      if (found.length % ROWS_AT_ONCE === 0) await turn();
    }
  }
  return found;
}

export function digestOf(lines: readonly string[]): string {
  const hash = createHash('sha256');
  for (const line of lines) hash.update(line).update('\n');
  return hash.digest('hex');
}
