import type { HistoryWindow } from './rest.js';

/** Of the symbols of which nothing is said, so many are asked for in one reading: 300 of the 1800 weights that we use in a minute. */
const AT_ONCE = 60;
/** The exchange gives fills of seven days at most at once, and a step forwards is a day: nobody waits longer for his turn. */
const LONGEST_WAIT_MS = 5 * 86_400_000;

/**
 * Whose fills are asked for in which window. Whatever cost or earned anything is in the income, and its symbol is asked for at once. A fill
 * that did neither is in no income: symbols that are held are asked for in turn, each from where it was asked last, so that any number of
 * them fits the weights of a minute and none of their time is left out.
 */
export class FillTurns {
  private readonly upTo = new Map<string, number>();
  private asked: ReadonlyMap<string, HistoryWindow> = new Map();

  constructor(private readonly atOnce = AT_ONCE) {}

  /** The windows of the symbols that have their turn, by symbol. */
  next(
    { startTime, endTime }: HistoryWindow,
    held: Iterable<string>,
    mentioned: Iterable<string>,
  ): ReadonlyMap<string, HistoryWindow> {
    const named = new Set(mentioned);
    // Who is new has been asked for up to here: before that nobody held it.
    for (const symbol of [...held, ...named])
      if (!this.upTo.has(symbol)) this.upTo.set(symbol, startTime - 1);
    const waiting = [...this.upTo].filter(([symbol]) => !named.has(symbol)).sort(([, a], [, b]) => a - b);
    const turn = waiting.filter(([, at], i) => i < this.atOnce || endTime - at > LONGEST_WAIT_MS);
    const symbols = [...named, ...turn.map(([symbol]) => symbol)].sort();
    this.asked = new Map(
      symbols.map((symbol) => [
        symbol,
        { startTime: Math.min(startTime, this.upTo.get(symbol)! + 1), endTime },
      ]),
    );
    return this.asked;
  }

  /** What was asked for is in the ledger. `stillHeld` are those that go on having turns; the others had their last one. */
  taken(stillHeld: ReadonlySet<string>): void {
    for (const [symbol, { endTime }] of this.asked) {
      if (stillHeld.has(symbol)) this.upTo.set(symbol, Math.max(this.upTo.get(symbol)!, endTime));
      else this.upTo.delete(symbol);
    }
    this.asked = new Map();
  }
}
