import type { Redis } from 'ioredis';

/** No answer for so long: the other end is gone, whatever the operating system believes. */
export const SILENCE_LIMIT_MS = 3_000;
const BEAT_MS = 2_000;

/**
 * Says hello on a connection again and again. One that only listens has nothing to say by itself, and would not notice for hours that nobody
 * is there any more; with a question under way its `socketTimeout` cuts it, it comes back, and subscribes again. Returns what stops it.
 */
export function keepPulse(redis: Redis): () => void {
  const timer = setInterval(() => {
    // A failure is the connection's own end, which its listeners tell; while it is not there nothing is to be kept waiting for it.
    if (redis.status === 'ready') redis.ping().catch(() => undefined);
  }, BEAT_MS).unref();
  return () => clearInterval(timer);
}
