import type { EquityCurve, IndexPoint } from '../../../src/drawdown/domain/equity-curve.js';
import { EMPTY_CURVE, indexOf, moveMoney, observe } from '../../../src/drawdown/domain/equity-curve.js';
import type { DrawdownFigures } from '../../../src/drawdown/domain/drawdown-figures.js';
import { drawdownFigures } from '../../../src/drawdown/domain/drawdown-figures.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { Calendar } from '../../../src/shared/periods.js';
import { calendarOf, microsOf } from '../../../src/shared/periods.js';
import { figuresIn } from '../../support/figures.js';

export const UTC = calendarOf('UTC');

export function d(text: string | number): Decimal {
  return Decimal.stored(String(text));
}

/** One line of a path of equity: seen to be (`is`), or moved by (`flow`, + = deposit) at a moment. */
export type Line = readonly [at: string, step: 'is' | 'flow', amount: string | number];

/** A moment of the tests' year: `05 10:00` = 5 January 2026, 10:00 UTC (a Monday); a full ISO moment stays one. */
export const at = (moment: string): number =>
  microsOf(moment.includes('T') ? moment : `2026-01-${moment.slice(0, 2)}T${moment.slice(3)}:00Z`);

/** The curve after a path, as the service feeds it: a flow moves money, then equity is seen to be what it is. */
export function path(
  lines: readonly Line[],
  calendar: Calendar = UTC,
  from: EquityCurve = EMPTY_CURVE,
): EquityCurve {
  let curve = from;
  for (const [moment, step, amount] of lines) {
    const now = at(moment);
    if (step === 'is') curve = observe(curve, d(amount), now, calendar);
    else {
      curve = moveMoney(curve, d(amount), now, calendar);
      curve = observe(curve, curve.equity, now, calendar);
    }
  }
  return curve;
}

/** Figures as text; null stays null. */
export function figures(
  curve: EquityCurve,
  moment: string,
  calendar: Calendar = UTC,
): Record<keyof DrawdownFigures, unknown> {
  const shown = figuresIn(drawdownFigures(curve, at(moment), calendar), ['curve', 'now']).map(
    ([name, value]): [string, unknown] => [name, value instanceof Decimal ? value.toString() : value],
  );
  return Object.fromEntries<unknown>(shown) as Record<keyof DrawdownFigures, unknown>;
}

export const index = (point: IndexPoint | null): string | null => (point ? indexOf(point).toString() : null);
