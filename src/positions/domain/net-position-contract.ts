import { Decimal } from '../../shared/decimal.js';
import { harmonicAverage, inverseValue } from './inverse-contract.js';

/** How quantity and price make money: linear contracts settle in the quote currency, inverse ones in the base coin. */
export interface Contract {
  readonly kind: 'linear' | 'inverse';
  /** Base units (linear) or quote units (inverse) that one contract stands for, > 0. */
  readonly multiplier: Decimal;
}

/** Spot and USDT-margined futures: one contract is one unit of the base. */
export const LINEAR: Contract = { kind: 'linear', multiplier: Decimal.ONE };

/**
 * What `quantity` (signed) is worth at `price`, in the settlement currency, signed so that PnL = worth − cost for both
 * sides: quantity × price × multiplier, exact (linear), or −quantity × multiplier ÷ price (inverse).
 */
export function contractValue(contract: Contract, quantity: Decimal, price: Decimal): Decimal {
  if (quantity.isZero()) return Decimal.ZERO;
  if (contract.kind === 'inverse') return inverseValue(quantity, price, contract.multiplier);
  return quantity.times(price).times(contract.multiplier);
}

/** The price at which `quantity` is worth `value`: the inverse function of contractValue. null for a quantity of zero. */
export function contractPrice(contract: Contract, quantity: Decimal, value: Decimal): Decimal | null {
  if (quantity.isZero()) return null;
  if (contract.kind === 'inverse') return harmonicAverage(quantity, value, contract.multiplier);
  return value.dividedBy(quantity.times(contract.multiplier));
}
