import fc from 'fast-check';
import { Answer, answerText, snapshotPieces } from '../../../src/portfolio/answer.js';
import { ListBytes } from '../../../src/portfolio/list-bytes.js';
import { Decimal } from '../../../src/shared/decimal.js';
import type { Unchanging } from '../../../src/shared/json-text.js';
import { jsonText } from '../../../src/shared/json-text.js';

class Part implements Unchanging {
  constructor(private readonly size: string) {}

  text(strings: boolean): string {
    const { size } = this;
    const members = { symbol: 'BTCUSDT', size: Decimal.parse(size), category: 'é'.repeat(size.length) };
    return jsonText(members, strings);
  }
}

const answerOf = (positions: readonly Part[], equity: string) =>
  Answer.of({
    account_id: 'main',
    total_equity: Decimal.parse(equity),
    positions,
    warnings: ['price_stale:"positions":['],
    timestamp: '2026-01-01T00:00:00Z',
  });

const size = fc.integer({ min: 0, max: 10_000_000 }).map(String);
/** What becomes of the list: one part is another, one more stands somewhere, one goes. */
const change = fc.record({
  do: fc.constantFrom('replace', 'insert', 'remove'),
  at: fc.nat(20),
  size,
  equity: size,
});

describe('the snapshot in pieces', () => {
  it('is, whatever becomes of its positions, the text of the answer and has its tag', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const list = new ListBytes();
        let parts: readonly Part[] = [];
        for (const { do: what, at, size, equity } of changes) {
          const isThere = what === 'replace' || what === 'remove' ? 1 : 0;
          parts = parts.toSpliced(
            Math.min(at, parts.length),
            isThere,
            ...(what === 'remove' ? [] : [new Part(size)]),
          );
          const answer = answerOf(parts, equity);
          const { pieces, tag } = snapshotPieces(answer, list);
          const whole = answerText(answer);
          expect(Buffer.concat(pieces).toString()).toBe(whole.text);
          expect(JSON.parse(whole.text)).toMatchObject({
            total_equity: Number(equity),
            timestamp: '2026-01-01T00:00:00Z',
          });
          expect(tag).toBe(whole.tag);
        }
      }),
    );
  });

  it('has another tag as soon as one position says something else, and the same when other objects say the same', () => {
    const tagOf = (...sizes: string[]) =>
      answerText(
        answerOf(
          sizes.map((one) => new Part(one)),
          '1',
        ),
      ).tag;
    expect(tagOf('1', '2')).toBe(tagOf('1', '2'));
    expect(new Set([tagOf('1', '2'), tagOf('2', '1'), tagOf('1', '3'), tagOf('1'), tagOf()]).size).toBe(5);
    const answer = answerOf([new Part('1')], '1');
    expect(answerText(answer, true).tag).not.toBe(answerText(answer).tag);
    expect(answerText(answer, true).text).toContain('"size":"1"');
  });
});
