import Fastify from 'fastify';

/** Bare Fastify that answers the bytes it was given, from a Buffer. */
let bytes = Buffer.alloc(0);

const app = Fastify();
app.get('/api/portfolio/snapshot', (_request, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8').send(bytes);
});

process.on('message', async ({ body }) => {
  bytes = Buffer.from(body, 'base64');
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 });
  process.send({ port: app.server.address().port });
});
