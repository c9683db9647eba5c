import fc from 'fast-check';
import { Refusal } from '../../../src/ledger/facts.js';
import { MAX_DEPTH, MAX_TEXT_LENGTH, parseJson, textOf } from '../../../src/transport/wire/json.js';
import type { Json } from '../../../src/transport/wire/json.js';

const codeOf = (text: string): string => {
  try {
    return `parsed ${JSON.stringify(ordinary(parseJson(text)))}`;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

/** As JSON.parse would give it, but with numbers as their source text. */
function ordinary(value: Json): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([name, each]) => [name, ordinary(each as Json)]));
  return Array.isArray(value) ? value.map(ordinary) : value;
}

const numbersAsText = (value: unknown): unknown => {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(numbersAsText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, numbersAsText(each)]));
};

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('the JSON reader', () => {
  test('keeps every number as it was written', () => {
    const numbers = [
      '1e400',
      '1.50',
      '-0',
      '12345678901234567890.123456789',
      '1E+2',
      'NaN',
      'Infinity',
      '-Infinity',
    ];
    expect(parseJson(`[${numbers.join(', ')}]`)).toEqual(numbers);
  });

  test('lets the last of equal names count', () => {
    expect(parseJson('{"a": 1, "b": 2, "a": 3}')).toEqual(new Map([['a', '3'], ['b', '2']])); // prettier-ignore
  });

  test('takes __proto__ for a name like any other', () => {
    const parsed = parseJson('{"__proto__": {"polluted": true}, "constructor": 1}');
    expect([...(parsed as Map<string, Json>).keys()]).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test.each([
    ...[
      '',
      ' ',
      '{',
      '[',
      '"',
      '{"a"',
      '{"a":',
      '{"a":1',
      '{"a":1,}',
      '[1,]',
      '[,1]',
      '{,}',
      '{a:1}',
      "{'a':1}",
    ],
    ...[
      '01',
      '1.',
      '.5',
      '+1',
      '--1',
      '1e',
      '0x1',
      'nan',
      'undefined',
      'True',
      'tru',
      '1 2',
      '{} {}',
      '"\\x"',
      '"\\u12"',
    ],
    ...[
      '"a\nb"',
      '"\u0001"',
      '\ufeff{}',
      '{"a":1}\u0000',
      '[1 2]',
      '{"a" 1}',
      '{1: 2}',
      '"\\',
      '\u00a01',
      ']',
      '}',
    ],
  ])('refuses %j', (text) => expect(codeOf(text)).toBe('malformed_json'));

  test('reads nesting up to the limit and refuses what is deeper at once', () => {
    expect(codeOf(nested(MAX_DEPTH))).toMatch(/^parsed/);
    expect(codeOf(nested(MAX_DEPTH + 1))).toBe('payload_too_deep');
    expect(codeOf('['.repeat(200_000))).toBe('payload_too_deep');
    expect(codeOf('{"a":'.repeat(100_000))).toBe('payload_too_deep');
  });

  test('does not look at what is too large', () => {
    expect(codeOf(`"${'x'.repeat(MAX_TEXT_LENGTH - 2)}"`)).toMatch(/^parsed/);
    expect(codeOf(`"${'x'.repeat(MAX_TEXT_LENGTH - 1)}"`)).toBe('payload_too_large');
  });

  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(ordinary(parseJson(text))).toEqual(numbersAsText(JSON.parse(text)));
      }),
    );
  });

  test('refuses what JSON.parse refuses, and nothing else', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '.5',
      'e3',
      'true',
      'null',
      ' ',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');
        const reads = (parse: (from: string) => unknown): boolean => {
          try {
            parse(text);
            return true;
          } catch {
            return false;
          }
        };
        expect(reads(parseJson)).toBe(reads(JSON.parse));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the text of a part', () => {
  test.each(['x', 'ß', '中', '\u{1f600}', '\0'])('of %j is whole while it is looked at', (sign) => {
    const text = sign.repeat(MAX_TEXT_LENGTH / sign.length);
    expect(textOf(Buffer.from(text))).toBe(text);
  });

  test.each([['x'], ['中'], ['\u{1f600}'], [Buffer.of(0xff)], [Buffer.of(0xe2, 0x82)]])(
    'that is far too long is a beginning that is too long (%j)',
    (sign) => {
      const part = Buffer.alloc(16 * 2 ** 20, sign);
      const text = textOf(part);
      expect(text.length).toBeGreaterThan(MAX_TEXT_LENGTH);
      expect(text.length).toBeLessThan(4 * MAX_TEXT_LENGTH);
    },
  );
});
