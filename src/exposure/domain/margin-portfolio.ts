import { Decimal } from '../../shared/decimal.js';
import { type Contract, contractValue } from '../../positions/domain/net-position-contract.js';
import {
  type NetPosition,
  averagePrice,
  notionalValue,
  unrealizedPnl,
} from '../../positions/domain/net-position.js';
import { type MarginModel, requiredMargin } from './margin-model.js';

/** One position of a portfolio with what values it. Money in its settlement currency. */
export interface Holding {
  readonly symbol: string;
  readonly settlement: string;
  readonly contract: Contract;
  readonly position: NetPosition;
  /** Net realized PnL of all its cycles. */
  readonly realized: Decimal;
  /** null = no price known. */
  readonly mark: Decimal | null;
}

/** Amounts by currency or symbol. */
export type Amounts = ReadonlyMap<string, Decimal>;

/** Net quantity per symbol, flat ones included. */
export function netQuantities(holdings: readonly Holding[]): Amounts {
  return summed(
    holdings,
    (held) => held.symbol,
    (held) => held.position.quantity,
  );
}

/** Unrealized PnL per settlement currency; a currency without an open, valued position is absent. */
export function unrealizedBySettlement(holdings: readonly Holding[]): Amounts {
  return summed(
    valued(holdings),
    (held) => held.settlement,
    (held) => unrealizedPnl(held.position, held.mark, held.contract),
  );
}

/** Net realized PnL per settlement currency. */
export function realizedBySettlement(holdings: readonly Holding[]): Amounts {
  return summed(
    holdings,
    (held) => held.settlement,
    (held) => held.realized,
  );
}

/** Realized + unrealized per settlement currency. */
export function totalBySettlement(holdings: readonly Holding[]): Amounts {
  const unrealized = unrealizedBySettlement(holdings);
  const total = [...realizedBySettlement(holdings)].map(([currency, realized]): [string, Decimal] => [
    currency,
    realized.plus(unrealized.get(currency) ?? Decimal.ZERO),
  ]);
  return new Map(total);
}

/** Signed exposure per symbol at the mark (long − short), of what is open and valued. */
export function exposureBySymbol(holdings: readonly Holding[]): Amounts {
  return summed(valued(holdings), (held) => held.symbol, signedNotional);
}

/** Size of the net exposure per settlement currency: Σ over symbols of |long − short|; no symbol offsets another. */
export function netExposureBySettlement(holdings: readonly Holding[]): Amounts {
  const bySymbol = exposureBySymbol(holdings);
  const settlements = new Map(holdings.map((held) => [held.symbol, held.settlement]));
  return summed(
    [...bySymbol],
    ([symbol]) => settlements.get(symbol)!,
    ([, amount]) => amount.abs(),
  );
}

/** Signed worth of what is open at the mark, per settlement currency. */
export function markValueBySettlement(holdings: readonly Holding[]): Amounts {
  return summed(valued(holdings), (held) => held.settlement, signedNotional);
}

/**
 * Equity per currency. A margin account owns its balances and the unrealized PnL; in a cash account the balances have paid
 * for the assets, so it owns the balances and what the assets are worth.
 */
export function equityBySettlement(
  balances: Amounts,
  holdings: readonly Holding[],
  account: 'MARGIN' | 'CASH',
): Amounts {
  const equity = new Map(balances);
  const open = account === 'MARGIN' ? unrealizedBySettlement(holdings) : markValueBySettlement(holdings);
  for (const [currency, amount] of open)
    equity.set(currency, amount.plus(equity.get(currency) ?? Decimal.ZERO));
  return equity;
}

/** Margin per symbol: on the notional at the average entry price, or at the mark. Flat and unvalued ones are absent. */
export function marginBySymbol(
  holdings: readonly Holding[],
  rate: Decimal,
  basis: 'entry' | 'mark',
  model: MarginModel = 'standard',
  leverage: Decimal = Decimal.ONE,
): Amounts {
  const priced = holdings.flatMap((held) => {
    const price = basis === 'entry' ? averagePrice(held.position, held.contract) : held.mark;
    return price === null || held.position.quantity.isZero() ? [] : [{ ...held, price }];
  });
  return summed(
    priced,
    (held) => held.symbol,
    (held) => requiredMargin(notionalValue(held.position, held.price, held.contract), rate, model, leverage),
  );
}

type Valued = Holding & { readonly mark: Decimal };

function valued(holdings: readonly Holding[]): Valued[] {
  return holdings.filter((held): held is Valued => held.mark !== null && !held.position.quantity.isZero());
}

function signedNotional(held: Valued): Decimal {
  const size = contractValue(held.contract, held.position.quantity, held.mark).abs();
  return held.position.quantity.isNegative() ? size.negated() : size;
}

function summed<T>(
  items: readonly T[],
  key: (item: T) => string,
  amount: (item: T) => Decimal,
): Map<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? Decimal.ZERO).plus(amount(item)));
  return sums;
}
