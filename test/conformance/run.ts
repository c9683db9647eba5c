import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { questionsOf } from './adapt.js';
import { type Findings, compareObject } from './compare.js';
import { type ConformanceCase, NotOffered, isObject } from './outcome.js';
import { sentinelsOf } from './sentinels.js';
import { decimalAt } from './values.js';

const FORMAT = 'portfolio-conformance/1';

/** What became of one case. A skip and a failure say why. */
export interface CaseResult {
  readonly file: string;
  readonly id: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly reasons: readonly string[];
}

/** Runs every case of every *.json file of a directory, in the order of their names. */
export function runDirectory(directory: string): CaseResult[] {
  const files = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return files.flatMap((file) => runFile(file, readFileSync(join(directory, file), 'utf8')));
}

/** Runs one file; what is no file of cases is skipped or fails as a whole. */
export function runFile(file: string, text: string): CaseResult[] {
  const parsed = parse(text);
  if (!isObject(parsed)) return [{ file, id: '(file)', status: 'failed', reasons: ['is not a JSON object'] }];
  if (parsed.format !== FORMAT || !Array.isArray(parsed.cases)) {
    return [{ file, id: '(file)', status: 'skipped', reasons: [`a file that is not ${FORMAT}`] }];
  }
  return (parsed.cases as unknown[]).map((test, index) => ({
    file,
    ...runCase(test as ConformanceCase, index),
  }));
}

/** Runs one case: it fails where we differ, is skipped where we cannot be asked, passes when everything was compared. */
export function runCase(test: ConformanceCase, index = 0): Omit<CaseResult, 'file'> {
  const id = String(test.id ?? `#${index + 1}`);
  const found: Findings = { differences: [], notOffered: [], compared: 0 };
  try {
    const measure = { tolerance: decimalAt(test.tolerance ?? 0, 'tolerance'), sentinels: sentinelsOf(test) };
    for (const { expected, answers, place } of questionsOf(test))
      compareObject(expected, answers, place, measure, found);
  } catch (error) {
    if (error instanceof NotOffered) found.notOffered.push(error.message);
    else
      found.differences.push(
        `our rule threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      );
  }
  if (found.differences.length > 0) return { id, status: 'failed', reasons: found.differences };
  if (found.notOffered.length > 0) return { id, status: 'skipped', reasons: found.notOffered };
  if (found.compared === 0) return { id, status: 'skipped', reasons: ['a case that expects nothing'] };
  return { id, status: 'passed', reasons: [] };
}

/** The report: a line per failure, a line per reason of skipping with its count, and the sums last. */
export function reportLines(results: readonly CaseResult[]): string[] {
  const failed = results.filter((result) => result.status === 'failed');
  const skipped = results.filter((result) => result.status === 'skipped');
  const reasons = new Map<string, string[]>();
  for (const { file, id, reasons: why } of skipped) {
    for (const reason of new Set(why)) reasons.set(reason, [...(reasons.get(reason) ?? []), `${file} ${id}`]);
  }
  const passed = results.length - failed.length - skipped.length;
  return [
    ...failed.map(({ file, id, reasons: why }) => `FAILED ${file} ${id}: ${why.join('; ')}`),
    ...[...reasons].map(([reason, cases]) => `skipped ${cases.length} for ${reason}: ${cases.join(', ')}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ];
}

/** Strings, which stay as they are, and what JSON has no number for, or a double no place. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b|-?\d+(?:\.\d+)?(?![\d.eE])/g;
/** More digits than a double is ever written with are exact, and only a text keeps them. */
const LONGEST_DOUBLE = 17;

function readable(token: string): string {
  if (token.startsWith('"')) return token;
  const digits = token.replace(/[-.]/g, '').replace(/^0+/, '');
  return /[NI]/.test(token) || digits.length > LONGEST_DOUBLE ? `"${token}"` : token;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(TOKENS, readable));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
