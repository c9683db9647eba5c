import { Decimal } from '../../src/shared/decimal.js';
import { type ConformanceCase, isObject, textOf } from './outcome.js';
import { exactNumber } from './values.js';

/**
 * What other products write where a number is not defined. Ours is null, and null meets these numbers only in a case that
 * comes from such a product or says so itself.
 */
const BY_PRODUCT: Readonly<Record<string, readonly string[]>> = {
  'QuantConnect/Lean': ['0', '10'],
  'freqtrade/freqtrade': ['0', '-100'],
  'nautechsystems/nautilus_trader': ['0'],
  'barter-rs/barter-rs': ['79228162514264337593543950335', '-79228162514264337593543950335'],
  'hummingbot/hummingbot': ['0'],
  'jesse-ai/jesse': ['0'],
};

const MARKED_PARAM = /(cap|sentinel|undefined)$/i;
const MARKED_NOTE =
  /([−-]?\d+(?:\.\d+)?)\s+(?:when|if)\s+(?:it is |there is )?(?:undefined|no )|(?:sentinel|undefined =)\s*([−-]?\d+(?:\.\d+)?)/gi;

/** The numbers that mean "undefined" in this case: of its product, of its params, of its note. */
export function sentinelsOf(test: ConformanceCase): Decimal[] {
  const product = BY_PRODUCT[test.source?.repo ?? ''] ?? [];
  const params = isObject(test.params) ? Object.entries(test.params) : [];
  const marked = params.filter(([key]) => MARKED_PARAM.test(key)).map(([, value]) => textOf(value));
  const noted = [...(test.note ?? '').matchAll(MARKED_NOTE)].map((match) =>
    (match[1] ?? match[2] ?? '').replace('−', '-'),
  );
  return [...product, ...marked, ...noted].map((text) => exactNumber(text)).filter((value) => value !== null);
}
