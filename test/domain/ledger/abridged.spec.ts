import { createHash } from 'node:crypto';
import { abridged, netstrings } from '../../../src/ledger/quarantine.js';

const MIB = 2 ** 20;
const texts = (parts: readonly Buffer[]): string[] => parts.map((part) => part.toString());

describe('a message that is set aside', () => {
  test('is kept whole up to 1 MiB', () => {
    const parts = [Buffer.from('payload'), Buffer.alloc(MIB - 7, 'x')];
    expect(abridged(parts)).toBe(parts);
  });

  test('keeps its beginning, its size and its digest beyond that', () => {
    const parts = [Buffer.from('payload'), Buffer.alloc(MIB, 'x')];
    const sha256 = createHash('sha256').update(netstrings(parts)).digest('hex');
    expect(texts(abridged(parts))).toEqual([
      'payload',
      'x'.repeat(65_536),
      'abridged',
      `${MIB + 7} bytes in 2 parts, sha256 ${sha256}`,
    ]);
  });

  test('keeps pairs of fields and values, however many there are', () => {
    const parts = Array.from({ length: 200 }, (_nothing, index) => Buffer.alloc(60_000, String(index % 10)));
    const kept = abridged(parts);
    expect(kept.length % 2).toBe(0);
    expect(kept.length).toBeLessThan(30);
    expect(netstrings(kept).length).toBeLessThan(1.2 * MIB);
  });
});
