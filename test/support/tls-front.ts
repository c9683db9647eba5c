import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

export interface TlsFront {
  readonly port: number;
  /** How many connections asked for TLS, and how many began to speak without. */
  readonly seen: { encrypted: number; plain: number };
  stop(): Promise<void>;
}

const SSL_REQUEST = 80_877_103;

/** Speaks Postgres' TLS handshake in front of a server that may have none, and takes no connection without it. */
export async function startTlsFront(behind: string, pem: { cert: string; key: string }): Promise<TlsFront> {
  const target = new URL(behind);
  const sockets = new Set<Socket>();
  const seen = { encrypted: 0, plain: 0 };
  const server = createServer((client) => {
    sockets.add(client);
    // A client that does not trust the certificate hangs up; the test looks at what it says.
    client.on('error', () => client.destroy());
    client.once('data', (first: Buffer) => {
      if (first.length !== 8 || first.readUInt32BE(4) !== SSL_REQUEST) {
        seen.plain += 1;
        return void client.destroy();
      }
      seen.encrypted += 1;
      client.write('S');
      const secure = new TLSSocket(client, { isServer: true, ...pem });
      const other = connect(Number(target.port), target.hostname);
      sockets.add(other);
      for (const socket of [secure, other]) socket.on('error', () => socket.destroy());
      secure.pipe(other).pipe(secure);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
