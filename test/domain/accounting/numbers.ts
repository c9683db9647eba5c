import fc from 'fast-check';
import { Decimal } from '../../../src/shared/decimal.js';
import { LINEAR } from '../../../src/positions/domain/net-position-contract.js';
import type { PositionFill, PositionRules } from '../../../src/positions/domain/net-position-history.js';

/** A decimal from its text. */
export function d(text: string | number): Decimal {
  return Decimal.stored(String(text));
}

export function ds(...texts: (string | number)[]): Decimal[] {
  return texts.map(d);
}

/** A decimal as text, null as null: for expectations that read like a table. */
export function text(value: Decimal | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toString();
}

/** A fill from signed quantity and price; the fee is in quote. */
export function fill(
  quantity: string | number,
  price: string | number,
  fee: string | number = 0,
): PositionFill {
  const charged = { amount: d(fee), currency: 'USDT', paidIn: 'settlement' as const };
  return { id: null, occurredAt: null, quantity: d(quantity), price: d(price), fee: charged };
}

export const EXPENSED: PositionRules = { contract: LINEAR, fees: 'expensed' };
export const CAPITALISED: PositionRules = { contract: LINEAR, fees: 'capitalised' };
export const EXCLUDED: PositionRules = { contract: LINEAR, fees: 'excluded' };

/** Whole and fractional amounts with three decimals, as venues have them. */
export function amounts(min: number, max: number): fc.Arbitrary<Decimal> {
  return fc.integer({ min, max }).map((units) => Decimal.integer(units).dividedBy(Decimal.integer(1000), 3));
}

/** Signed quantity other than zero. */
export const quantities = fc
  .tuple(amounts(1, 50_000), fc.boolean())
  .map(([size, buys]) => (buys ? size : size.negated()));

/** Prices, negative and zero ones too. */
export const prices = amounts(-20_000, 2_000_000);

/** Histories of fills with fees and rebates, each with its own id and time. */
export const histories = fc
  .array(fc.tuple(quantities, prices, amounts(-500, 5_000)), { minLength: 1, maxLength: 25 })
  .map((rows) =>
    rows.map(([quantity, price, fee], index): PositionFill => ({
      id: `T${index}`,
      occurredAt: index * 10,
      quantity,
      price,
      fee: { amount: fee, currency: 'USDT', paidIn: 'settlement' },
    })),
  );

/** The smallest step that a division rounds to. */
export const UNIT = d('0.000000000000000001');
