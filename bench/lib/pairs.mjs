/**
 * Measures two (or more) things side by side: each is warmed up once, in round -1, then they take turns, and who is first alternates
 * too, so that neither a busy neighbour nor a growing table falls on one of them alone. `prepare` comes before each round.
 * Resolves to the values of each by its name.
 */
export async function takeTurns(rounds, measures, prepare = () => undefined) {
  const names = Object.keys(measures);
  const values = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round += 1) {
    await prepare(round);
    const order = round % 2 === 0 ? [...names].reverse() : names;
    for (const name of order) {
      const value = await measures[name](round);
      if (round >= 0) values[name].push(value);
    }
  }
  return values;
}

/** The same for one thing alone. */
export async function repeat(rounds, measure) {
  return (await takeTurns(rounds, { ours: measure })).ours;
}
