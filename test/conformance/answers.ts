import { Decimal } from '../../src/shared/decimal.js';
import type { Statistic } from '../../src/pnl/domain/statistics/statistic.js';
import { type Json, plainName } from './outcome.js';

/** What a rule of the product says: a value, an amount per currency or symbol, a list, or named answers. */
export type Answer =
  | Decimal
  | number
  | string
  | boolean
  | null
  | Statistic<Decimal>
  | Statistic<number>
  | ReadonlyMap<string, Decimal>
  | readonly Answer[]
  | Answers;

/** Computes an answer; it sees what is expected only to know its shape (one amount, or one per currency). */
export type Rule = (expected: Json) => Answer;

/** Rules by the names under which files expect their numbers. Nothing is computed before it is asked for. */
export class Answers {
  private readonly rules = new Map<string, Rule>();

  /** Every entry: the names of one number, separated by blanks, and the rule that gives it. */
  constructor(entries: Readonly<Record<string, Rule>>) {
    for (const [names, rule] of Object.entries(entries)) {
      for (const name of names.split(' ')) this.rules.set(plainName(name), rule);
    }
  }

  rule(name: string): Rule | null {
    return this.rules.get(plainName(name)) ?? null;
  }

  /** These answers, and for names not found here those of others. */
  or(others: Answers): Answers {
    const both = new Answers({});
    for (const [name, rule] of [...others.rules, ...this.rules]) both.rules.set(name, rule);
    return both;
  }
}

export function isStatistic(answer: Answer): answer is Statistic<Decimal> | Statistic<number> {
  return typeof answer === 'object' && answer !== null && 'reason' in answer;
}
