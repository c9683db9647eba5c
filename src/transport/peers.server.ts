import { ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { nestsDeeperThan, parseKeepingDigits } from '../shared/exact-json.js';
import { jsonText } from '../shared/json-text.js';
import { MAX_DEPTH, MAX_TEXT_LENGTH } from './wire/json.js';

/**
 * Nest's stock Redis transport, with every digit: it would read and write numbers as doubles. What a double does not hold comes in as a
 * text, as the streams give every number, and decimals go out as JSON numbers as long as they are.
 */
export class PeersServer extends ServerRedis {
  override parseMessage(content: string): Record<string, unknown> {
    // One level is the packet's own. What is beyond would cost whoever reads or writes it his stack, here and in the transport; as a text
    // it is refused where the streams' own is, and kept.
    if (content.length > MAX_TEXT_LENGTH || nestsDeeperThan(content, MAX_DEPTH + 1))
      return content as unknown as Record<string, unknown>;
    try {
      return parseKeepingDigits(content) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // Not JSON: the stock transport takes it for a text, and whoever it is for refuses it with what it says.
      return content as unknown as Record<string, unknown>;
    }
  }

  override getPublisher(redis: Redis, pattern: string, id: string): (response: object) => Promise<number> {
    return (response) => redis.publish(this.getReplyPattern(pattern), jsonText({ ...response, id }));
  }
}
