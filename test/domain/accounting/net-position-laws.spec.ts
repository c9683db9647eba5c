import fc from 'fast-check';
import { FLAT, applyFill, averagePrice, unrealizedPnl } from '../../../src/positions/domain/net-position.js';
import { foldFills, realizedOf } from '../../../src/positions/domain/net-position-history.js';
import { splitFee } from '../../../src/positions/domain/net-position-fees.js';
import { cashFlowOf } from '../../../src/positions/domain/net-position-report.js';
import { Decimal } from '../../../src/shared/decimal.js';
import {
  CAPITALISED,
  EXCLUDED,
  EXPENSED,
  UNIT,
  amounts,
  d,
  histories,
  prices,
  quantities,
} from './numbers.js';

const RUNS = { numRuns: 300 };

function feesOf(fills: readonly { fee: { amount: Decimal } | null }[]): Decimal {
  return Decimal.sum(fills.map((fill) => fill.fee?.amount ?? Decimal.ZERO));
}

describe('laws of positions', () => {
  it('realized + unrealized = cash flow + notional − fees, exactly', () => {
    fc.assert(
      fc.property(histories, prices, (fills, mark) => {
        const { state } = foldFills(fills, EXPENSED);
        const position = state.current?.position ?? FLAT;
        const cash = Decimal.sum(fills.map((fill) => fill.quantity.times(fill.price))).negated();
        const worth = cash.plus(position.quantity.times(mark)).minus(feesOf(fills));
        expect(state.realized.plus(unrealizedPnl(position, mark)).toString()).toBe(worth.toString());
      }),
      RUNS,
    );
  });

  it('holds what the fills add up to, and a flat position costs exactly nothing', () => {
    fc.assert(
      fc.property(histories, (fills) => {
        const held = Decimal.sum(fills.map((fill) => fill.quantity));
        const position = foldFills(fills).state.current?.position ?? FLAT;
        expect(position.quantity.toString()).toBe(held.toString());
        const closing = applyFill(position, { quantity: held.negated(), price: d(3) }).after;
        expect(closing.costBasis.isZero()).toBe(true);
      }),
      RUNS,
    );
  });

  it('extending realizes only the fee, reducing keeps the average, reversing reopens at the fill’s price', () => {
    fc.assert(
      fc.property(histories, (fills) => {
        for (const [index, step] of foldFills(fills, EXPENSED).steps.entries()) {
          const fill = fills[index]!;
          const { before, after, closed, opened, realized } = step.effect;
          if (closed.isZero()) {
            expect(realized.isZero()).toBe(true);
            expect(step.realized.toString()).toBe(feesOf([fill]).negated().toString());
          } else if (opened.isZero() && !after.quantity.isZero()) {
            const moved = averagePrice(after)!.minus(averagePrice(before)!).abs();
            const allowed = UNIT.dividedBy(after.quantity.abs(), 30).plus(UNIT);
            expect(moved.greaterThan(allowed)).toBe(false);
          } else if (!opened.isZero()) {
            expect(after.costBasis.toString()).toBe(after.quantity.times(fill.price).toString());
          }
        }
      }),
      RUNS,
    );
  });

  it('splitting a fill into two at one price changes nothing beyond the last unit', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 999 }), (fills, permille) => {
        const halves = fills.flatMap((fill) => {
          const part = fill.quantity.times(d(permille)).times(d('0.001'));
          return [
            { ...fill, quantity: part, fee: null },
            { ...fill, id: `${fill.id}b`, quantity: fill.quantity.minus(part) },
          ];
        });
        const whole = foldFills(fills).state;
        const split = foldFills(halves).state;
        const allowed = UNIT.times(Decimal.integer(2 * fills.length));
        expect(split.realized.minus(whole.realized).abs().greaterThan(allowed)).toBe(false);
        expect((split.current?.position.quantity ?? Decimal.ZERO).toString()).toBe(
          (whole.current?.position.quantity ?? Decimal.ZERO).toString(),
        );
      }),
      RUNS,
    );
  });

  it('any order of arrival, and every fill twice, end in the same state', () => {
    const shuffled = histories.chain((fills) =>
      fc.tuple(
        fc.constant(fills),
        fc.shuffledSubarray([...fills, ...fills], { minLength: 2 * fills.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([fills, arrived]) => {
        expect(JSON.stringify(foldFills(arrived))).toBe(JSON.stringify(foldFills(fills)));
      }),
      RUNS,
    );
  });

  it('a fee is split without a rest', () => {
    fc.assert(
      fc.property(quantities, quantities, amounts(-900, 90_000), (held, filled, fee) => {
        const position = applyFill(FLAT, { quantity: held, price: d(1) }).after;
        const { closing, opening } = splitFee(fee, applyFill(position, { quantity: filled, price: d(2) }));
        expect(closing.plus(opening).toString()).toBe(fee.toString());
      }),
      RUNS,
    );
  });

  it('fee conventions differ only in time: once flat, expensed and capitalised agree, excluded is gross', () => {
    fc.assert(
      fc.property(histories, prices, (fills, price) => {
        const held = Decimal.sum(fills.map((fill) => fill.quantity));
        const last = { id: 'last', occurredAt: 99_999, quantity: held.negated(), price, fee: null };
        const all = held.isZero() ? fills : [...fills, last];
        const [expensed, capitalised, excluded] = [EXPENSED, CAPITALISED, EXCLUDED].map(
          (rules) => foldFills(all, rules).state,
        );
        expect(capitalised!.realized.toString()).toBe(expensed!.realized.toString());
        expect(excluded!.realized.toString()).toBe(excluded!.realizedGross.toString());
        expect(excluded!.realized.minus(feesOf(all)).toString()).toBe(expensed!.realized.toString());
      }),
      RUNS,
    );
  });

  it('cycles add up to the whole, and a closed cycle earned what it did to the cash', () => {
    fc.assert(
      fc.property(histories, fc.constantFrom(EXPENSED, CAPITALISED), (fills, rules) => {
        const { state, cycles } = foldFills(fills, rules);
        expect(Decimal.sum(cycles.map(realizedOf)).toString()).toBe(state.realized.toString());
        for (const cycle of cycles.filter(({ position }) => position.quantity.isZero())) {
          expect(realizedOf(cycle).toString()).toBe(cashFlowOf(cycle).toString());
        }
      }),
      RUNS,
    );
  });

  it('a fee in the base asset conserves cash', () => {
    fc.assert(
      fc.property(histories, amounts(1, 2_000_000), (fills, mark) => {
        const paid = fills.map((fill) => ({
          ...fill,
          fee: { amount: fill.quantity.abs().times(d('0.001')), currency: 'ETH', paidIn: 'base' as const },
        }));
        const { state } = foldFills(paid, EXPENSED);
        const position = state.current?.position ?? FLAT;
        const cash = Decimal.sum(paid.map((fill) => fill.quantity.times(fill.price))).negated();
        expect(state.realized.plus(unrealizedPnl(position, mark)).toString()).toBe(
          cash.plus(position.quantity.times(mark)).toString(),
        );
      }),
      RUNS,
    );
  });
});
