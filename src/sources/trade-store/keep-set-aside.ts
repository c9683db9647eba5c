import { netstrings, setAside } from '../../ledger/quarantine.js';
import type { Unit } from '../../ledger/unit.js';
import type { Settled } from './read-row.js';
import type { Telling } from './row-facts.js';
import type { Found } from './source.js';

/** Rows that were refused, contradict a fact, or were told differently by another source are kept with all their values, once. */
export async function keepSetAside(
  unit: Unit,
  outcomes: readonly Settled[],
  { accountId, origin }: Telling,
): Promise<void> {
  const kept = outcomes.flatMap(({ row, result: { outcome, code, message, version } }) => {
    if (code === null || outcome === 'nothing' || outcome === 'foreign') return [];
    return [
      {
        accountId,
        code,
        message: message ?? '',
        stream: origin,
        entryId: `${accountId}:${row.key}:${code}`,
        fields: netstrings(valuesOf(row)),
        firstVersion: version,
        receivedAt: unit.now,
      },
    ];
  });
  await setAside(unit.tx, kept);
}

function valuesOf(row: Found): Buffer[] {
  if ('foreign' in row) return [];
  return [...row.values].flat().map((text) => Buffer.from(text));
}
