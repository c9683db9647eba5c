import { setTimeout as delay } from 'node:timers/promises';

const CHUNK = 5_000;
const PATIENCE_MS = 300_000;
const POLL_MS = 3;

export const streamOf = (eventType) => `quantum:stream:${eventType}`;
export const FACT_TYPES = ['trade.opened', 'trade.closed'];

/** Milliseconds by a clock that all processes of the machine share. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

async function run(pipeline) {
  for (const [error] of await pipeline.exec()) if (error) throw error;
  return now();
}

/** Adds messages in their order. */
export async function send(redis, messages) {
  for (let at = 0; at < messages.length; at += CHUNK) {
    const pipeline = redis.pipeline();
    for (const { eventType, fields } of messages.slice(at, at + CHUNK))
      pipeline.xadd(streamOf(eventType), '*', ...fields);
    await run(pipeline);
  }
}

/** Adds all messages at one stroke: no reader sees any of them before the last one is there. Resolves to that moment. */
export function sendAtOnce(redis, messages) {
  const multi = redis.multi();
  for (const { eventType, fields } of messages) multi.xadd(streamOf(eventType), '*', ...fields);
  return run(multi);
}

/** The same for very many messages of one stream, which they replace: they are gathered under another name first. */
export async function replaceAtOnce(redis, messages) {
  const [{ eventType }] = messages;
  const gathered = `bench:${eventType}`;
  await redis.del(gathered);
  for (let at = 0; at < messages.length; at += CHUNK) {
    const pipeline = redis.pipeline();
    for (const { fields } of messages.slice(at, at + CHUNK)) pipeline.xadd(gathered, '*', ...fields);
    await run(pipeline);
  }
  return run(redis.pipeline().rename(gathered, streamOf(eventType)));
}

const ourGroup = (eventType) => `quantum:group:portfolio_intelligence:${eventType}`;

/** Waits until a group has read and acknowledged all there is on the streams of these types. Resolves to that moment. */
export async function untilAcknowledged(redis, types = FACT_TYPES, groupOf = ourGroup) {
  for (const deadline = now() + PATIENCE_MS; now() < deadline; await delay(POLL_MS)) {
    const states = await Promise.all(
      types.map((type) => isAcknowledged(redis, streamOf(type), groupOf(type))),
    );
    if (states.every(Boolean)) return now();
  }
  throw new Error(`${types.join(', ')} were not acknowledged in ${PATIENCE_MS} ms`);
}

async function isAcknowledged(redis, stream, group) {
  const [[, info], [, groups]] = await redis
    .pipeline()
    .call('XINFO', 'STREAM', stream)
    .call('XINFO', 'GROUPS', stream)
    .exec();
  if (!Array.isArray(info) || !Array.isArray(groups)) return false;
  const state = groups.map(fieldsOf).find(({ name }) => name === group);
  return state?.pending === 0 && state['last-delivered-id'] === fieldsOf(info)['last-generated-id'];
}

/** Redis answers XINFO as a flat list of names and values. */
function fieldsOf(flat) {
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]]] : [])));
}

/** How often a command was called so far. */
export async function callsOf(redis, command) {
  const text = await redis.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0);
}
