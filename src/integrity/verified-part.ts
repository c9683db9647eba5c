import { createHash } from 'node:crypto';
import { FactCodecError } from '../ledger/fact-codec.js';
import { DecimalError } from '../shared/decimal.js';
import { messageOf } from '../shared/errors.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import type { Work } from '../shared/turns.js';
import { Turns, atOnce, inTurns, mapInTurns } from '../shared/turns.js';
import type { Compared, Difference } from './domain/differences.js';
import { compareRow, inOrder } from './domain/differences.js';

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
    const equal: string[][] = [];
    for (const { table, equal: texts = [] } of tables)
      equal.push(await mapInTurns(texts, (text) => `${table}\t${text}`));
    const { differences, lines } = await inTurns(inOrder(await compare(tables), equal.flat()));
    return { version, carried, differences, digest: await inTurns(digesting(lines)) };
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
  const turns = new Turns();
  for (const { table, rows } of tables) {
    for (const pair of rows) {
      found.push(compareRow(table, pair));
      if (turns.isOver) await turns.next();
    }
  }
  return found;
}

export function digestOf(lines: readonly string[]): string {
  return atOnce(digesting(lines));
}

function* digesting(lines: readonly string[]): Work<string> {
  const hash = createHash('sha256');
  for (const line of lines) {
    hash.update(line).update('\n');
    yield;
  }
  return hash.digest('hex');
}
