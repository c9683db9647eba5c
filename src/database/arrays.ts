/** What has to be escaped inside the quotes of an array's element. */
const SPECIAL = /["\\]/;

/** A Postgres array of texts, as a parameter in its text form; null = NULL. The driver takes it as it is. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '';
  for (const value of values) text += text === '' ? element(value) : `,${element(value)}`;
  return `{${text}}`;
}

/** The same of values that need no quotes: numbers, moments, flags. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

function element(value: string | null): string {
  if (value === null) return 'NULL';
  return SPECIAL.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}
