import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isLoopback } from '../access/loopback.js';
import type { Config } from '../config.js';

/** How many connections there may be, and how many of one address; one too many is cut before anything is read from it. */
export function limitConnections(
  server: Server,
  limits: Pick<Config, 'MAX_CONNECTIONS' | 'MAX_CONNECTIONS_PER_ADDRESS'>,
): void {
  const most = limits.MAX_CONNECTIONS_PER_ADDRESS;
  server.maxConnections = limits.MAX_CONNECTIONS;
  if (most === 0) return;
  // As many entries as there are connections, at most.
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    if (isLoopback(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => release(open, address));
    if (count > most) socket.destroy();
  });
}

function release(open: Map<string, number>, address: string): void {
  const left = (open.get(address) ?? 1) - 1;
  if (left > 0) open.set(address, left);
  else open.delete(address);
}
