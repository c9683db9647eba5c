import type { RowOutcome, RowResult } from './row-result.js';

/** So many rows of a reason are named; the others are counted. */
const EXAMPLES = 3;
const LONGEST_KEY = 80;

/** How many rows something happened to, and the first of them. */
export interface Tally {
  count: number;
  readonly examples: string[];
}

/** What became of a store's rows: every row counts under one outcome, and remarks beside it. */
export class ImportReport {
  readonly outcomes = new Map<RowOutcome, number>();
  /** By outcome and reason, such as `refused exit_price_missing`. */
  readonly reasons = new Map<string, Tally>();
  readonly remarks = new Map<string, Tally>();

  add({ key, outcome, code, message, remarks }: RowResult): void {
    this.outcomes.set(outcome, this.of(outcome) + 1);
    if (code !== null) count(this.reasons, `${outcome} ${code}`, key, message);
    for (const remark of remarks) count(this.remarks, remark, key, null);
  }

  of(outcome: RowOutcome): number {
    return this.outcomes.get(outcome) ?? 0;
  }

  get rows(): number {
    let sum = 0;
    for (const count of this.outcomes.values()) sum += count;
    return sum;
  }

  /** Rows that a person should look at. */
  get objections(): number {
    return this.of('refused') + this.of('conflict');
  }

  /** One line: what was taken, what was there, and what was not taken. */
  get sentence(): string {
    const parts = [
      `${this.rows} rows read`,
      `${this.of('taken')} taken`,
      `${this.of('supplemented')} supplemented`,
      `${this.of('known')} already there`,
      `${this.of('nothing')} without effect`,
      `${this.of('foreign')} no trades`,
      `${this.of('refused')} refused`,
      `${this.of('conflict')} contradicting`,
    ];
    return parts.join(', ');
  }

  /** The reasons and remarks with their first rows, a line each, the most frequent first. */
  get details(): string[] {
    const lines = (tallies: ReadonlyMap<string, Tally>) =>
      [...tallies]
        .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
        .map(
          ([name, { count, examples }]) => `  ${String(count).padStart(8)}  ${name}: ${examples.join('; ')}`,
        );
    return [...lines(this.reasons), ...lines(this.remarks)];
  }
}

function count(tallies: Map<string, Tally>, name: string, key: string, message: string | null): void {
  const tally = tallies.get(name) ?? { count: 0, examples: [] };
  tallies.set(name, tally);
  tally.count += 1;
  if (tally.examples.length >= EXAMPLES) return;
  const shown = key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key;
  tally.examples.push(message === null ? shown : `${shown} (${message})`);
}
