import type { LimitName } from './limit.js';
import type { ToldLimit } from './told-limit.js';

/** Everything that was told of limits, by limit and symbol: hundreds of symbols may each have been told several. */
export class ToldLimits {
  private readonly byLimit = new Map<LimitName, ToldLimit[]>();
  private readonly known = new Map<LimitName, Map<string | null, readonly ToldLimit[]>>();

  constructor(all: Iterable<ToldLimit>) {
    for (const one of all) {
      const told = this.byLimit.get(one.limit);
      if (told) told.push(one);
      else this.byLimit.set(one.limit, [one]);
    }
  }

  /** Whether nobody told anything. */
  get isEmpty(): boolean {
    return this.byLimit.size === 0;
  }

  /** What was told of a limit for every symbol and for this one, in the order of the telling; null = for every symbol only. */
  of(limit: LimitName, symbol: string | null): readonly ToldLimit[] {
    const told = this.byLimit.get(limit);
    if (!told) return [];
    const known = this.known.get(limit) ?? new Map<string | null, readonly ToldLimit[]>();
    this.known.set(limit, known);
    const found = known.get(symbol) ?? told.filter((one) => one.symbol === null || one.symbol === symbol);
    known.set(symbol, found);
    return found;
  }
}
