import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { codeOf } from '../shared/errors.js';
import { CATEGORIES } from './domain/classification.js';
import type { Category } from './domain/classification.js';

const MOST_BYTES = 1_048_576;
const BASE = /^[A-Z0-9]{1,20}$/;
const SECTOR = /^[A-Z0-9_]{1,20}$/;

/** A map as a file holds it: bases (or multiplier tickers such as `1000PEPE`) to sector and to category, upper case. */
export interface ClassificationFile {
  readonly sectors: ReadonlyMap<string, string>;
  readonly categories: ReadonlyMap<string, Category>;
  /** Names the content: the same file again has the same. */
  readonly digest: string;
}

/** What is wrong with a map, for the person who wrote it. */
export class ClassificationError extends Error {}

/**
 * Reads a file `{"sectors": {BASE: SECTOR}, "categories": {BASE: CATEGORY}}`; both are needed, nothing else may be in it. Throws
 * ClassificationError for anything that is not such a map, and names the entry.
 */
export async function readClassificationFile(path: string): Promise<ClassificationFile> {
  const text = await textOf(path);
  const file = parsed(text);
  const unknown = Object.keys(file).find((name) => name !== 'sectors' && name !== 'categories');
  if (unknown !== undefined)
    throw new ClassificationError(`${shown(unknown)} is neither sectors nor categories`);
  return {
    sectors: entriesOf(file, 'sectors', checkedSector),
    categories: entriesOf(file, 'categories', checkedCategory),
    digest: createHash('sha256').update(text).digest('hex'),
  };
}

/** A base in the form in which it is kept. Throws ClassificationError. */
export function checkedBase(base: string): string {
  const upper = base.toUpperCase();
  if (!BASE.test(upper)) throw new ClassificationError(`${shown(base)} is not a base: 1–20 of A–Z 0–9`);
  return upper;
}

/** A sector in the form in which it is kept. Throws ClassificationError. */
export function checkedSector(sector: string): string {
  const upper = sector.toUpperCase();
  if (!SECTOR.test(upper))
    throw new ClassificationError(`${shown(sector)} is not a sector: 1–20 of A–Z 0–9 _`);
  return upper;
}

/** Throws ClassificationError. */
export function checkedCategory(category: string): Category {
  const found = CATEGORIES.find((one) => one === category.toUpperCase());
  if (!found) throw new ClassificationError(`${shown(category)} is not a category: ${CATEGORIES.join(', ')}`);
  return found;
}

async function textOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new ClassificationError(`has ${size} bytes, at most ${MOST_BYTES}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof ClassificationError) throw error;
    throw new ClassificationError(`cannot be read: ${codeOf(error) ?? 'error'}`, { cause: error });
  }
}

function parsed(text: string): Record<string, unknown> {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    throw new ClassificationError('is not JSON', { cause: error });
  }
  if (!isObject(file)) throw new ClassificationError('is not a JSON object');
  return file;
}

function entriesOf<Value>(
  file: Record<string, unknown>,
  name: 'sectors' | 'categories',
  checked: (value: string) => Value,
): Map<string, Value> {
  const given = file[name];
  if (!isObject(given)) throw new ClassificationError(`${name} is missing, or not an object`);
  const entries = new Map<string, Value>();
  for (const [key, value] of Object.entries(given)) {
    const base = checkedBase(key);
    if (entries.has(base)) throw new ClassificationError(`${name}: ${base} is there twice`);
    if (typeof value !== 'string') throw new ClassificationError(`${name}: ${base} is not a text`);
    entries.set(base, checked(value));
  }
  return entries;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const shown = (text: string) => JSON.stringify(text.slice(0, 40));
