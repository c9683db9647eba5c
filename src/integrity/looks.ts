/** An account with so many facts or fewer is verified in one look; a larger one symbol by symbol. */
export const SMALL = 5_000;

/** What there is to look at. */
export interface AccountPlan {
  readonly facts: number;
  readonly symbols: readonly { readonly symbol: string; readonly facts: number }[];
}

/** Symbols that are looked at together: as many as have few facts, and a large one alone. */
export function inLooks(symbols: AccountPlan['symbols']): string[][] {
  const looks: string[][] = [];
  let room = 0;
  for (const { symbol, facts } of symbols) {
    if (facts > room || looks.length === 0) {
      looks.push([]);
      room = SMALL;
    }
    looks.at(-1)!.push(symbol);
    room -= facts;
  }
  return looks;
}
