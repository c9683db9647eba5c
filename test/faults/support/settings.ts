/** What `npm run test:faults` was asked for; see scripts/faults.mjs. */
export const isFull = process.env['PORTFOLIO_TEST_FAULTS_FULL'] === 'on';
export const seed = Number(process.env['PORTFOLIO_TEST_FAULTS_SEED'] ?? 2026);
const given = process.env['PORTFOLIO_TEST_FAULTS_CYCLES'];
const asked = given === undefined ? null : Number(given);

/** How often a kill is repeated: as asked for, else `short` times, in the full form `full` times. */
export function cycles(short: number, full: number): number {
  return asked ?? inFull(short, full);
}

/** A time or a number that the full form has more patience for. */
export function inFull<T>(short: T, full: T): T {
  return isFull ? full : short;
}

/** How long one experiment may take; a cycle of a kill and a start takes up to 15 s on a machine that is busy. */
export const LIMIT_MS = inFull(240_000, 3_600_000) + (asked ?? 0) * 15_000;
