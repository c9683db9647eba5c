import { Redis } from 'ioredis';
import pg from 'pg';
import { FACT_TYPES, now, streamOf } from '../lib/streams.mjs';
import { writes } from './statements.mjs';

/** The shortest durable way of one message: XREADGROUP, one INSERT into the ledger, COMMIT; then it is acknowledged. */
const ACCOUNT = 'main';
const STREAMS = FACT_TYPES.map(streamOf);

async function run({ databaseUrl, redisUrl, group }) {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const redis = new Redis(redisUrl);
  process.send({});
  for (let version = 0; ;) {
    const reply = await redis.xreadgroup(
      ...['GROUP', group, 'bench', 'COUNT', 500, 'BLOCK', 60_000, 'STREAMS'],
      ...[...STREAMS, '>', '>'],
    );
    for (const [stream, entries] of reply ?? []) {
      const messages = entries.map(([, fields]) => ({ text: fields[3], ...JSON.parse(fields[3]) }));
      await database.query('BEGIN');
      await database.query(writes.ledger(messages, version, new Date().toISOString(), ACCOUNT));
      await database.query('COMMIT');
      process.send({ at: now() });
      version += messages.length;
      await redis.xack(stream, group, ...entries.map(([id]) => id));
    }
  }
}

process.on('message', (question) => {
  run(question).catch((error) => {
    console.error(error);
    process.exit(1);
  });
});
