import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Gate {
  /** The address of the server behind, through the gate. */
  readonly url: string;
  /** Cuts every connection and lets no new one through. */
  shut(): void;
  open(): void;
  stop(): Promise<void>;
}

/** Stands between a client and a server of ours, so that a test can take the server away and give it back. */
export async function openGate(behind: string): Promise<Gate> {
  const target = new URL(behind);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    // A cut connection is what the gate is for; whoever used it notices by itself.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    if (!isOpen) return void client.destroy();
    const other = connect(Number(target.port), target.hostname);
    keep(other);
    client.pipe(other).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(behind);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    shut: () => {
      isOpen = false;
      cut();
    },
    open: () => {
      isOpen = true;
    },
    stop: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
