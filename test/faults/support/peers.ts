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

/** A message as a Nest peer emits it: the channel of the stock Redis transport, and what is said on it. */
function emitted(load: Load, message: Message): readonly [channel: string, text: string] {
  const { eventType, payload } = wireOf(message, load.random, load.account);
  return [eventType, `{"pattern":${JSON.stringify(eventType)},"data":${jsonOf(asTexts(payload))}}`];
}

/** Repeats messages that were told already, as fast as Redis takes them. */
export async function floodPeers(
  redis: Redis,
  load: Load,
  messages: readonly Message[],
  times: number,
): Promise<void> {
  const pipeline = redis.pipeline();
  for (let time = 0; time < times; time += 1)
    for (const message of messages) pipeline.publish(...emitted(load, message));
  await pipeline.exec();
}

/** Sends messages as a Nest peer does that emits them: by the stock Redis transport, pub/sub. */
export async function emitToPeers(redis: Redis, load: Load, messages: readonly Message[]): Promise<void> {
  for (const message of messages) {
    const [channel, text] = emitted(load, message);
    if ((await redis.publish(channel, text)) === 0) throw new Error(`nobody listens to ${channel}`);
    load.told.add(message);
    load.sent += 1;
  }
}
