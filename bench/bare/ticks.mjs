import { Redis } from 'ioredis';
import { now } from '../lib/streams.mjs';

/** The least that must be done with a tick: read it, parse it, keep the newest of each symbol. */
const newest = new Map();

async function run({ redisUrl, batch, last }) {
  const redis = new Redis(redisUrl);
  let from = '$';
  process.send({});
  for (;;) {
    const reply = await redis.xread(
      'COUNT',
      batch,
      'BLOCK',
      60_000,
      'STREAMS',
      'quantum:stream:market.tick',
      from,
    );
    if (!reply) continue;
    const [[, entries]] = reply;
    for (const [, fields] of entries) {
      const tick = JSON.parse(fields[3]);
      const known = newest.get(tick.symbol);
      if (!known || tick.timestamp >= known.timestamp) newest.set(tick.symbol, tick);
      if (tick.symbol === last) process.send({ at: now() });
    }
    from = entries.at(-1)[0];
  }
}

process.on('message', (question) => {
  run(question).catch((error) => {
    console.error(error);
    process.exit(1);
  });
});
