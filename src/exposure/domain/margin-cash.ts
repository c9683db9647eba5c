import { Decimal } from '../../shared/decimal.js';
import { type Contract, contractValue } from '../../positions/domain/net-position-contract.js';
import type { FillFee } from '../../positions/domain/net-position-fees.js';

/** A fill as the cash account sees it. Quantity signed: + buys, − sells. */
export interface CashFill {
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly fee: FillFee | null;
  readonly settlement: string;
  readonly contract: Contract;
}

/** Balances of a cash account after fills: a buy pays its value, a sell receives it, a fee leaves in its own currency. */
export function cashAfterFills(
  balances: ReadonlyMap<string, Decimal>,
  fills: readonly CashFill[],
): Map<string, Decimal> {
  const cash = new Map(balances);
  const pay = (currency: string, amount: Decimal) =>
    cash.set(currency, (cash.get(currency) ?? Decimal.ZERO).minus(amount));
  for (const fill of fills) {
    pay(fill.settlement, contractValue(fill.contract, fill.quantity, fill.price));
    if (fill.fee !== null) pay(fill.fee.currency, fill.fee.amount);
  }
  return cash;
}
