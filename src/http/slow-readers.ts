import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const CHECK_EVERY_MS = 1_000;
/** Whoever takes less of an answer than this is not on a slow line: he holds our memory on purpose. */
const LEAST_BYTES_A_SECOND = 1_024;

interface Waiting {
  readonly since: number;
  readonly taken: number;
}

/**
 * Cuts connections whose answers wait to be read: a client that takes nothing, or a byte now and then, for `patienceMs`. A limit for
 * silence alone would let him drip for ever. `onCut` hears of each.
 */
export function cutSlowReaders(server: Server, patienceMs: number, onCut: () => void): void {
  const waiting = new Map<Socket, Waiting | null>();
  server.on('connection', (socket: Socket) => {
    waiting.set(socket, null);
    socket.once('close', () => waiting.delete(socket));
  });
  const look = () => {
    for (const [socket, before] of waiting) {
      const found = lookedAt(socket, before, patienceMs);
      if (found !== 'too slow') waiting.set(socket, found);
      else {
        socket.destroy();
        onCut();
      }
    }
  };
  const timer = setInterval(look, Math.min(CHECK_EVERY_MS, patienceMs));
  timer.unref();
  server.once('close', () => clearInterval(timer));
}

/** What is to be remembered of a connection until the next look; null = nothing waits to be read. */
function lookedAt(socket: Socket, before: Waiting | null, patienceMs: number): Waiting | null | 'too slow' {
  if (socket.writableLength === 0) return null;
  const now = performance.now();
  // What was given to the socket less what it still holds is with the other side, or on its way.
  const taken = socket.bytesWritten - socket.writableLength;
  if (before === null) return { since: now, taken };
  const waitedMs = now - before.since;
  if (waitedMs < patienceMs) return before;
  const isMoving = taken - before.taken >= (LEAST_BYTES_A_SECOND * waitedMs) / 1_000;
  return isMoving ? { since: now, taken } : 'too slow';
}
