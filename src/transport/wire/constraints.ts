import { ValidateBy } from 'class-validator';
import { Decimal } from '../../shared/decimal.js';

const ACCOUNT = /^[A-Za-z0-9_.:-]{1,64}$/;
const SYMBOL = /^[A-Z0-9][A-Z0-9_.\-/:]{0,39}$/;
// Control characters and lone surrogates cannot be stored as text and would make equal-looking ids differ.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** A property and what must hold for it. */
export type Rule = readonly [property: string, holds: (value: unknown) => boolean];

const rules = new WeakMap<object, Rule[]>();

/**
 * Every rule of a message's class and its parents. class-validator collects, groups and filters its metadata for each
 * object anew, which costs three times as much as decoding; a message that breaks none of its rules needs no more.
 */
export function* rulesOf(message: object): Generator<Rule> {
  for (
    let type = Object.getPrototypeOf(message) as object | null;
    type;
    type = Object.getPrototypeOf(type) as object
  ) {
    yield* rules.get(type) ?? [];
  }
}

/** A property decorator of class-validator that ignores null: what may not be null was required when it was read. */
function constraint(
  name: string,
  says: string,
  allows: (value: unknown) => boolean,
): () => PropertyDecorator {
  const holds = (value: unknown): boolean => value === null || allows(value);
  return () => (target, property) => {
    rules.set(target, [...(rules.get(target) ?? []), [String(property), holds]]);
    ValidateBy({ name, validator: { validate: holds, defaultMessage: () => says } })(target, property);
  };
}

/** 1–64 of A–Z a–z 0–9 _ . : - */
export const IsAccount = constraint('isAccount', 'is not an account id', (value) => matches(value, ACCOUNT));

/** An upper-case symbol of 1–40 characters. */
export const IsSymbol = constraint('isSymbol', 'is not a symbol', (value) => matches(value, SYMBOL));

/** An id of somebody else's: 1–128 printable characters. */
export const IsId = constraint('isId', 'is not an id of at most 128 printable characters', (value) => {
  return typeof value === 'string' && value.length > 0 && value.length <= 128 && !UNPRINTABLE.test(value);
});

/** A word such as a status or an asset: 1–64 printable characters. */
export const IsWord = constraint('isWord', 'is not a word of at most 64 printable characters', (value) => {
  return typeof value === 'string' && value.length > 0 && value.length <= 64 && !UNPRINTABLE.test(value);
});

/** Greater than zero. */
export const IsAboveZero = constraint('isAboveZero', 'is not above zero', (value) => {
  return value instanceof Decimal && value.isPositive();
});

/** Zero or greater. */
export const IsNotNegative = constraint('isNotNegative', 'is negative', (value) => {
  return value instanceof Decimal && !value.isNegative();
});

/** Any number but zero. */
export const IsNotZero = constraint('isNotZero', 'is zero', (value) => {
  return value instanceof Decimal && !value.isZero();
});

/** Any exact number. */
export const IsDecimal = constraint('isDecimal', 'is not a decimal', (value) => value instanceof Decimal);

function matches(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}
