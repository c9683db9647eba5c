import type { Random } from './generate-random.js';

/** Texts that have broken programs before: sizes, signs, encodings, other languages' notions of nothing. */
const ODD = [
  ...[
    '',
    ' ',
    '\u0000',
    '0',
    '-0',
    '-1',
    '1e400',
    '1e-400',
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '1_000',
    '1,5',
  ],
  ...['9007199254740993', '123456789012345678901234567890', '0.0000000000000000001', '00', '+1', '.5', '5.'],
  ...[
    'null',
    'None',
    'undefined',
    'true',
    '[]',
    '{}',
    '[object Object]',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    '../../etc/passwd',
    "' OR 1=1 --",
    '${7*7}',
    '{{7*7}}',
    '<script>',
    '%00',
    '%',
    '%zz',
    '\r\nX: y',
    '\ud800',
    '🙂',
  ],
  ...[
    'ВTCUSDT',
    'BTC\u0000USDT',
    'btcusdt',
    '1970-01-01',
    '2099-12-31T23:59:59Z',
    '0000-00-00',
    '1771123813.39',
    '1e12',
  ],
  ...['main', 'BTCUSDT', 'OPEN', 'LONG', '1h', 'day', 'realized_pnl_today', '2026-02-15', '10', 'string'],
] as const;

/** An odd text, a very long one, a mutation of a good one, or noise. */
export function oddText(random: Random, good = 'main'): string {
  const way = random.integer(0, 9);
  if (way < 5) return random.pick(ODD);
  if (way === 5) return random.pick(ODD).repeat(random.integer(2, 300));
  if (way < 8) return mutated(random, good);
  return noise(random, random.integer(1, 40)).toString('latin1');
}

export function noise(random: Random, bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => random.integer(0, 255)));
}

/** One character gone, doubled, exchanged or turned into another. */
export function mutated(random: Random, text: string): string {
  if (text === '') return random.pick(ODD);
  const at = random.integer(0, text.length - 1);
  const [before, one, after] = [text.slice(0, at), text[at]!, text.slice(at + 1)];
  return random.pick([
    before + after,
    before + one + one + after,
    before + random.pick(ODD) + after,
    before + String.fromCharCode(one.charCodeAt(0) ^ (1 << random.integer(0, 6))) + after,
    after + one + before,
  ]);
}

/** A message's fields with one or more of them gone, strange, renamed, doubled or wrapped in a payload; sometimes bytes. */
export function mutatedFields(
  random: Random,
  fields: Readonly<Record<string, string>>,
): [string | Buffer, string | Buffer][] {
  const pairs: [string | Buffer, string | Buffer][] = Object.entries(fields);
  for (let turns = random.integer(1, 3); turns > 0 && pairs.length > 0; turns -= 1) {
    const at = random.integer(0, pairs.length - 1);
    const [name, value] = pairs[at]!.map(String) as [string, string];
    const changed = random.pick<() => [string | Buffer, string | Buffer][]>([
      () => [],
      () => [[name, oddText(random, value)]],
      () => [[name, mutated(random, value)]],
      () => [[oddText(random, name), value]],
      () => [
        [name, value],
        [name, oddText(random, value)],
      ],
      () => [[name, noise(random, random.integer(0, 60))]],
      () => [[name, `${'['.repeat(500)}${value}`]],
    ])();
    pairs.splice(at, 1, ...changed);
  }
  if (pairs.length === 0) return [['payload', oddText(random)]];
  if (!random.chance(0.3)) return pairs;
  const payload = JSON.stringify(
    Object.fromEntries(pairs.map(([name, value]) => [String(name), String(value)])),
  );
  return [[random.pick(['payload', 'data']), random.chance(0.5) ? mutated(random, payload) : payload]];
}
