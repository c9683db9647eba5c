import { ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { parseKeepingDigits } from '../shared/exact-json.js';
import { jsonText } from '../shared/json-text.js';

/**
 * Nest's stock Redis transport, with every digit: it would read and write numbers as doubles. What a double does not hold comes in as a
 * text, as the streams give every number, and decimals go out as JSON numbers as long as they are.
 */
export class PeersServer extends ServerRedis {
  override parseMessage(content: string): Record<string, unknown> {
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
