import { bare } from './loads.mjs';
import { BARE, createDatabase, redisUrlOf } from './servers.mjs';
import { migrate } from './seed.mjs';
import { FACT_TYPES, streamOf } from './streams.mjs';

export const BARE_GROUP = 'bench';
const DATABASE = 'bare';

/** A second database with the same schema and indexes. Resolves to its URL. */
export async function bareDatabase(servers) {
  const databaseUrl = await createDatabase(servers, DATABASE);
  await migrate(databaseUrl);
  return databaseUrl;
}

/** Starts a bare consumer of trades: a database of its own, and the streams of the other Redis database with a group on them. */
export async function bareConsumer(stack, name) {
  const databaseUrl = await bareDatabase(stack);
  for (const type of FACT_TYPES)
    await stack.bareRedis.xgroup('CREATE', streamOf(type), BARE_GROUP, '0', 'MKSTREAM');
  const program = bare(stack, name);
  await program.ask({ databaseUrl, redisUrl: redisUrlOf(stack, BARE), group: BARE_GROUP });
  return program;
}
