import { Decimal } from '../../src/shared/decimal.js';
import { type Answer, Answers, isStatistic } from './answers.js';
import { type Json, type JsonObject, NotOffered, isObject, textOf } from './outcome.js';
import { exactNumber, isUndefined } from './values.js';

/** What comparing found: places where we differ, and names that nothing answers to. */
export interface Findings {
  readonly differences: string[];
  readonly notOffered: string[];
  /** How many values were really compared. */
  compared: number;
}

/** How to compare: the allowed distance, and which numbers are this case's way of saying "undefined". */
export interface Measure {
  readonly tolerance: Decimal;
  readonly sentinels: readonly Decimal[];
}

const CONTRASTS = /^(naive.*|arrivalOrder.*|.*Answer)$/;
const TOLERANCE = /^(.+)Tol$/;

/** Compares every expected key, recursively; contrasts and tolerances are not expectations. */
export function compareObject(
  expected: JsonObject,
  answers: Answers,
  path: string,
  measure: Measure,
  found: Findings,
): void {
  for (const [key, value] of Object.entries(expected)) {
    if (CONTRASTS.test(key) || TOLERANCE.test(key)) continue;
    const place = path === '' ? key : `${path}.${key}`;
    const rule = answers.rule(key);
    if (rule === null) {
      found.notOffered.push(`expected key "${key}"`);
      continue;
    }
    try {
      const tolerance = toleranceFor(key, expected) ?? measure.tolerance;
      compareValue(value, rule(value), place, { ...measure, tolerance }, found);
    } catch (error) {
      if (!(error instanceof NotOffered)) throw error;
      found.notOffered.push(error.message);
    }
  }
}

/** `<key>Tol`, or a `<ending>Tol` such as ratioTol for every key with that ending. */
function toleranceFor(key: string, siblings: JsonObject): Decimal | null {
  const own = exactNumber(siblings[`${key}Tol`]);
  if (own !== null) return own;
  for (const [name, value] of Object.entries(siblings)) {
    const ending = TOLERANCE.exec(name)?.[1];
    if (ending !== undefined && !(ending in siblings) && key.toLowerCase().endsWith(ending.toLowerCase()))
      return exactNumber(value);
  }
  return null;
}

function compareValue(
  expected: Json,
  answer: Answer,
  place: string,
  measure: Measure,
  found: Findings,
): void {
  if (answer !== null && isStatistic(answer)) {
    if (answer.value === null) compareUndefined(expected, answer.reason, place, measure, found);
    else compareValue(expected, answer.value, place, measure, found);
  } else if (answer === null) compareUndefined(expected, 'null', place, measure, found);
  else if (answer instanceof Answers) compareNamed(expected, answer, place, measure, found);
  else if (answer instanceof Map) compareAmounts(expected, answer, place, measure, found);
  else if (Array.isArray(answer)) compareList(expected, answer, place, measure, found);
  else compareScalar(expected, answer as Decimal | number | string | boolean, place, measure, found);
}

function compareNamed(
  expected: Json,
  answers: Answers,
  place: string,
  measure: Measure,
  found: Findings,
): void {
  if (isObject(expected)) compareObject(expected, answers, place, measure, found);
  else throw new NotOffered(`${place} as a single value`);
}

/** Both ways: an amount nobody expects is as wrong as one that is missing. */
function compareAmounts(
  expected: Json,
  amounts: ReadonlyMap<string, Decimal>,
  place: string,
  measure: Measure,
  found: Findings,
): void {
  if (!isObject(expected)) throw new NotOffered(`${place} as a single value`);
  for (const key of new Set([...Object.keys(expected), ...amounts.keys()])) {
    const value = expected[key];
    if (value === undefined) differ(found, `${place}.${key}`, 'nothing', amounts.get(key));
    else compareValue(value, amounts.get(key) ?? null, `${place}.${key}`, measure, found);
  }
  found.compared += 1;
}

function compareList(
  expected: Json,
  list: readonly Answer[],
  place: string,
  measure: Measure,
  found: Findings,
): void {
  if (!Array.isArray(expected)) throw new NotOffered(`${place} as a single value`);
  if (expected.length !== list.length)
    differ(found, place, `${expected.length} entries`, `${list.length} entries`);
  found.compared += 1;
  const pairs = expected.slice(0, list.length) as Json[];
  for (const [index, value] of pairs.entries())
    compareValue(value, list[index] ?? null, `${place}[${index}]`, measure, found);
}

/** We say undefined: met by null, NaN and infinities, and by a number only where the case uses it to say "undefined". */
function compareUndefined(
  expected: Json,
  reason: string,
  place: string,
  measure: Measure,
  found: Findings,
): void {
  found.compared += 1;
  if (isUndefined(expected)) return;
  const number = exactNumber(expected);
  if (number !== null && measure.sentinels.some((sentinel) => sentinel.equals(number))) return;
  differ(found, place, expected, `undefined (${reason})`);
}

function compareScalar(
  expected: Json,
  answer: Decimal | number | string | boolean,
  place: string,
  measure: Measure,
  found: Findings,
): void {
  found.compared += 1;
  const same =
    typeof answer === 'string' || typeof answer === 'boolean'
      ? sameText(expected, answer)
      : close(expected, answer, measure);
  if (!same) differ(found, place, expected, answer);
}

function sameText(expected: Json, answer: string | boolean): boolean {
  return textOf(expected).toLowerCase() === String(answer).toLowerCase();
}

/** Within the tolerance; a number that the file writes as a double is also met by the nearest double. */
function close(expected: Json, answer: Decimal | number, { tolerance }: Measure): boolean {
  const wanted = exactNumber(expected);
  const given = typeof answer === 'number' ? exactNumber(String(answer)) : answer;
  if (wanted === null || given === null) return false;
  if (typeof expected === 'number' && given.toNumber() === expected) return true;
  return !wanted.minus(given).abs().greaterThan(tolerance);
}

function differ(found: Findings, place: string, expected: unknown, answer: unknown): void {
  found.differences.push(`${place}: expected ${String(expected)}, got ${String(answer)}`);
}
