/** What `npm run test:faults` was asked for; see scripts/faults.mjs. */
export const isFull = process.env['PORTFOLIO_TEST_FAULTS_FULL'] === 'on';
export const seed = Number(process.env['PORTFOLIO_TEST_FAULTS_SEED'] ?? 2026);

/** How often a kill is repeated: as asked for, else `short` times, in the full form `full` times. */
export function cycles(short: number, full: number): number {
  const asked = process.env['PORTFOLIO_TEST_FAULTS_CYCLES'];
  if (asked !== undefined) return Number(asked);
  return isFull ? full : short;
}

/** A time or a number that the full form has more patience for. */
export function inFull<T>(short: T, full: T): T {
  return isFull ? full : short;
}
