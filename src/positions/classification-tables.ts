import type { Transaction } from '../database/database.js';
import type { ClassificationFile } from './classification-file.js';
import type { ClassificationMap } from './domain/classification.js';

/** Which map counts, and where it is from. */
export interface ClassificationState {
  /** Grows with every change. */
  readonly revision: string;
  /** `default`, `file` (of the settings) or `loaded`, and behind it ` + changes` when entries were set by hand since. */
  readonly origin: string;
  /** The content of the settings' file that was taken last; null = none was. */
  readonly fileDigest: string | null;
}

type Asked = Pick<Transaction, 'query'>;

export async function readState(database: Asked): Promise<ClassificationState> {
  const [row] = await database.query<ClassificationState>(
    'SELECT revision::text, origin, file_digest AS "fileDigest" FROM classification_state',
  );
  return row!;
}

export async function readMap(database: Asked): Promise<ClassificationMap> {
  const rows = await database.query<{ base: string; sector: string | null; category: string | null }>(
    'SELECT base, sector, category FROM sectors FULL JOIN categories USING (base)',
  );
  return {
    sectors: new Map(rows.flatMap(({ base, sector }) => (sector === null ? [] : [[base, sector]]))),
    categories: new Map(rows.flatMap(({ base, category }) => (category === null ? [] : [[base, category]]))),
  };
}

/** Whoever changes the map waits here for others who do. */
export async function lockState(tx: Transaction): Promise<ClassificationState> {
  await tx.query('SELECT 1 FROM classification_state FOR UPDATE');
  return readState(tx);
}

/** Puts a file's map in the place of both maps. */
export async function replaceMap(
  tx: Transaction,
  { sectors, categories }: ClassificationFile,
): Promise<void> {
  await tx.query('DELETE FROM sectors');
  await tx.query('DELETE FROM categories');
  await tx.query('INSERT INTO sectors (base, sector) SELECT * FROM unnest($1::text[], $2::text[])', [
    [...sectors.keys()],
    [...sectors.values()],
  ]);
  await tx.query('INSERT INTO categories (base, category) SELECT * FROM unnest($1::text[], $2::text[])', [
    [...categories.keys()],
    [...categories.values()],
  ]);
}

/** Puts the default map back. */
export async function restoreDefaults(tx: Transaction): Promise<void> {
  await tx.query('DELETE FROM sectors');
  await tx.query('DELETE FROM categories');
  await tx.query('INSERT INTO sectors (base, sector) SELECT base, sector FROM default_sectors');
  await tx.query('INSERT INTO categories (base, category) SELECT base, category FROM default_categories');
}

/** Sets what is given of one base; the rest of it stays. */
export async function setEntry(
  tx: Transaction,
  { base, sector, category }: { base: string; sector?: string | undefined; category?: string | undefined },
): Promise<void> {
  if (sector !== undefined)
    await tx.query(
      'INSERT INTO sectors (base, sector) VALUES ($1, $2) ON CONFLICT (base) DO UPDATE SET sector = EXCLUDED.sector',
      [base, sector],
    );
  if (category !== undefined)
    await tx.query(
      `INSERT INTO categories (base, category) VALUES ($1, $2)
       ON CONFLICT (base) DO UPDATE SET category = EXCLUDED.category`,
      [base, category],
    );
}

/** Says that the map changed, so that every replica loads it. A digest is only given with the settings' file. */
export async function markChanged(
  tx: Transaction,
  { origin, fileDigest }: { origin: string; fileDigest?: string },
): Promise<void> {
  await tx.query(
    `UPDATE classification_state SET revision = revision + 1, origin = $1, file_digest = coalesce($2, file_digest),
       changed_at = now()`,
    [origin, fileDigest ?? null],
  );
}
