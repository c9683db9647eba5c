import type { Redis } from 'ioredis';
import { Num, jsonOf, type Payload } from '../../support/envelope.js';
import type { Message } from '../../support/generate.js';
import { wireOf } from '../../support/generate-wire.js';
import type { Load } from './load.js';

/** The stock transport makes doubles of JSON numbers: a peer that has more than 15 digits to tell sends texts. */
function asTexts(payload: Payload): Payload {
  const texts = Object.entries(payload).map(([name, value]) => [
    name,
    value instanceof Num ? value.text : value,
  ]);
  return Object.fromEntries(texts) as Payload;
}

/** Sends messages as a Nest peer does that emits them: by the stock Redis transport, pub/sub. */
export async function emitToPeers(redis: Redis, load: Load, messages: readonly Message[]): Promise<void> {
  for (const message of messages) {
    const { eventType, payload } = wireOf(message, load.random, load.account);
    const heard = await redis.publish(
      eventType,
      `{"pattern":${JSON.stringify(eventType)},"data":${jsonOf(asTexts(payload))}}`,
    );
    if (heard === 0) throw new Error(`nobody listens to ${eventType}`);
    load.told.add(message);
    load.sent += 1;
  }
}
