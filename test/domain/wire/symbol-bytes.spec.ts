import { readSymbol } from '../../../src/transport/wire/symbol.js';
import { symbolOfBytes } from '../../../src/transport/wire/symbol-bytes.js';

const read = (text: string) => {
  const bytes = Buffer.from(`>${text}<`);
  const symbol = symbolOfBytes(bytes, 1, bytes.length - 1);
  bytes.fill(0);
  return symbol;
};

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
