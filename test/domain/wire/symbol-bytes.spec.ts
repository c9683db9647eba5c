import { readSymbol } from '../../../src/transport/wire/symbol.js';
import { symbolOfBytes } from '../../../src/transport/wire/symbol-bytes.js';

/** All in one place, as those of one answer after another may be. */
const place = Buffer.alloc(64);
const read = (text: string) => symbolOfBytes(place, 1, 1 + place.write(text, 1));

describe('a symbol as bytes', () => {
  test('is the symbol that its text is, the first time and again', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `s${index}usdt`);
    for (const text of [...texts, ...texts]) expect(read(text)).toBe(readSymbol(text));
  });

  test('is not that of another spelling on the same place', () => {
    // 31 × 'A' + 'b' is 31 × 'B' + 'C': two spellings of one hash.
    for (const text of ['AbUSDT', 'BCUSDT', 'AbUSDT', 'AbUSDTX']) expect(read(text)).toBe(text.toUpperCase());
  });
});
