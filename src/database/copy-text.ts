/** What COPY's text form has to have escaped: its own escape, and what ends a field or a row. */
const SPECIAL = /[\\\t\n\r]/;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A text as a field of COPY's text form; null = NULL. Numbers, moments and flags have nothing to escape and need no call. */
export function copyField(text: string | null): string {
  if (text === null) return '\\N';
  return SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (mark) => ESCAPED[mark]!) : text;
}

/** From so many rows on COPY is worth its own round trip: it costs Postgres half of what an INSERT of the same rows does. */
export const WORTH_A_COPY = 200;
