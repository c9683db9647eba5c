import type { TradeClosed } from '../../ledger/facts.js';
import { SAME_MOMENT } from '../../positions/domain/lone-trade.js';
import type { OtherEnd } from './told-already.js';

/**
 * Of closes whose trades were only just opened: those that are surely not what somebody told without a name, because some trade of
 * theirs was taken by such a close of quite another time. They have to be folded first; what is left over is then matched anew.
 */
export function notTold(
  closes: readonly TradeClosed[],
  told: ReadonlyMap<string, OtherEnd>,
): ReadonlySet<TradeClosed> {
  const isNear = (close: TradeClosed, { at }: OtherEnd) => Math.abs(close.occurredAt - at) <= SAME_MOMENT;
  const strays = closes.flatMap((close) => {
    const end = told.get(close.tradeId!);
    return end && !end.isNamed && !isNear(close, end) ? [{ close, end }] : [];
  });
  const taken = new Set(strays.map(({ close }) => close));
  return new Set(
    closes.filter((close) => {
      const near = strays.some(({ close: { symbol }, end }) => symbol === close.symbol && isNear(close, end));
      const mayGo = taken.has(close) || !told.has(close.tradeId!);
      return strays.length > 0 && mayGo && !near;
    }),
  );
}
