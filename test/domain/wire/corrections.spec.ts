import { encodeFact } from '../../../src/ledger/fact-codec.js';
import type { Fact, TradeCorrected } from '../../../src/ledger/facts.js';
import { relate } from '../../../src/ledger/identity.js';
import { decodeEntry } from '../../../src/transport/wire/decode.js';
import { GOOD, ISO, plain } from './support.js';

const replacement = { event_type: 'trade.opened', ...GOOD['trade.opened'], entry_price: '41999' };

/** A correction as it comes with one envelope or another. */
function correction(envelope: Record<string, string>, body: object = replacement): TradeCorrected {
  const payload = JSON.stringify({
    ...{ event_id: 'c1', symbol: 'BTCUSDT', corrects_type: 'trade.opened', trade_id: 'T1', timestamp: ISO },
    replacement: body,
  });
  return decodeEntry('trade.corrected', { ...envelope, payload }) as TradeCorrected;
}

describe('a correction with a replacement', () => {
  const full = { event_type: 'trade.corrected', source: 'executor', timestamp: '2026-02-15T03:00:00' };

  it.each([
    ['without an envelope', {}],
    ['with the envelope of another moment', { ...full, timestamp: '2026-02-15T03:00:09' }],
    ['from another source', { ...full, source: 'audit' }],
  ])('says the same when it is told again %s', (_how, envelope) => {
    expect(relate(correction(full), correction(envelope))).toMatchObject({
      ...{ relation: 'duplicate', differs: false, contradicted: [] },
    });
  });

  it('says the same whatever its envelope tells when its replacement has no time of its own', () => {
    const { timestamp: _own, ...timeless } = replacement;
    const [first, again] = [correction(full, timeless), correction({ ...full, timestamp: ISO }, timeless)];
    expect(again.replacement).toBe(first.replacement);
  });

  it('says another thing when the replacement does', () => {
    const other = correction(full, { ...replacement, entry_price: '41998' });
    expect(relate(correction(full), other)).toMatchObject({ relation: 'conflict', differs: true });
  });

  it('keeps all that the replacement tells', () => {
    const { replacement: text } = correction(full);
    const {
      source: _source,
      eventId: _id,
      ...opened
    } = decodeEntry('trade.opened', {
      ...GOOD['trade.opened'],
      entry_price: '41999',
    }) as Fact;
    expect(JSON.parse(text!)).toMatchObject(JSON.parse(encodeFact(opened as Fact)) as object);
    expect(plain(opened as Fact)).toMatchObject({ kind: 'trade.opened', entryPrice: '41999' });
  });
});
