import type { Redis } from 'ioredis';
import { jsonOf, type PayloadValue } from './envelope.js';
import type { Message } from './generate.js';
import type { Random } from './generate-random.js';
import { wireOf } from './generate-wire.js';
import { send, sendFields, streamOf } from './streams.js';

/** Sends messages in the order given, each in a form of its own. */
export async function sendMessages(
  redis: Redis,
  messages: readonly Message[],
  random: Random,
  accountId?: string,
): Promise<void> {
  for (const message of messages) {
    const { eventType, variant, payload } = wireOf(message, random, accountId);
    await send(redis, eventType, variant, payload);
  }
}

/** Sends a payload as it is, with the source named, so that a repeat comes from the same one. */
export function tellFrom(
  redis: Redis,
  eventType: string,
  payload: Record<string, PayloadValue>,
): Promise<string> {
  return sendFields(redis, streamOf(eventType), { payload: jsonOf(payload), source: 'execution' });
}

/** The messages once to three times each, in any order. */
export function shuffledWithRepeats<One>(messages: readonly One[], random: Random): One[] {
  return random.shuffled(
    messages.flatMap((message) => Array.from({ length: random.integer(1, 3) }, () => message)),
  );
}
