import type { Difference } from './differences.js';

/** Lines of two states that differ, as differences of the table `book`: `stored` is what memory has, `expected` what the database says. */
export function differencesBetween(
  held: ReadonlyMap<string, string>,
  database: ReadonlyMap<string, string>,
): Difference[] {
  const keys = [...new Set([...held.keys(), ...database.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [held.get(key), database.get(key)];
    if (was === is) return [];
    const kind = was === undefined ? 'missing' : is === undefined ? 'surplus' : 'changed';
    const of = (value: string | undefined) => (value === undefined ? null : { value });
    return [{ table: 'book', key, kind, stored: of(was), expected: of(is) }];
  });
}
