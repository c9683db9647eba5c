import { Decimal } from '../shared/decimal.js';
import { contentFields, isDecimalField } from './fact-fields.js';
import type { Fact, FactHeader } from './facts.js';

const HEADER = ['accountId', 'eventId', 'source', 'timeFrom'] as const;
type Values = Readonly<Record<string, unknown>>;

/** A stored fact that cannot be read back: the ledger was changed by hand, or written by a newer version. */
export class FactCodecError extends Error {}

/**
 * The fact as JSON text for the ledger: one key order, decimals as exact canonical text, nulls left out, the time in
 * microseconds. Equal facts are equal texts, and `encodeFact(decodeFact(text))` is the text.
 */
export function encodeFact(fact: Fact): string {
  const values = fact as unknown as Values;
  let text = `{"kind":"${fact.kind}","occurredAt":${fact.occurredAt}`;
  for (const name of HEADER) text += member(name, values[name]);
  for (const [name] of fieldsOf(fact.kind)) text += member(name, values[name]);
  return `${text}}`;
}

function member(name: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Decimal) return `,"${name}":"${value.toString()}"`;
  return `,"${name}":${JSON.stringify(value)}`;
}

/**
 * Reads a stored fact, as text or as the object that a jsonb column gives. `columns` are header values kept outside of
 * the document; they win. Throws FactCodecError when it is no fact, DecimalError for a decimal that is none.
 */
export function decodeFact(stored: string | object, columns: Partial<FactHeader> = {}): Fact {
  const document = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Values;
  const values: Values = { ...document, ...columns };
  const fact: Record<string, unknown> = { kind: values['kind'], occurredAt: timeOf(values) };
  for (const name of ['accountId', 'eventId', 'source'] as const) fact[name] = values[name] ?? null;
  if (values['timeFrom']) fact['timeFrom'] = values['timeFrom'];
  for (const [name, type] of fieldsOf(String(values['kind']))) {
    const value = values[name] ?? null;
    fact[name] = value !== null && isDecimalField(type) ? Decimal.stored(value as string) : value;
  }
  return fact as unknown as Fact;
}

function timeOf(values: Values): number {
  const time = values['occurredAt'];
  if (typeof time === 'number' && Number.isSafeInteger(time)) return time;
  throw new FactCodecError(`a stored fact has no time in microseconds: ${String(time)}`);
}

function fieldsOf(kind: string): NonNullable<ReturnType<typeof contentFields>> {
  const fields = contentFields(kind);
  if (!fields) throw new FactCodecError(`a stored fact has an unknown kind: ${kind}`);
  return fields;
}
