import { createServer } from 'node:net';

/** Binds a port for a moment; resolves to the port, or to null when somebody has it. 0 asks for any free one. */
function tryPort(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host, exclusive: true }, () => {
      const bound = server.address().port;
      server.close(() => resolve(bound));
    });
  });
}

export async function isPortFree(port, host = '127.0.0.1') {
  return (await tryPort(port, host)) !== null;
}

/** The remembered port while it is free, so that addresses stay the same between runs; else a new one. */
export async function pickPort(remembered) {
  if (remembered && (await isPortFree(remembered))) return remembered;
  return tryPort(0, '127.0.0.1');
}
