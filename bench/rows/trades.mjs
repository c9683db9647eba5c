import { bareConsumer, BARE_GROUP } from '../lib/bare-database.mjs';
import { takeTurns } from '../lib/pairs.mjs';
import { atLeast, row } from '../lib/results.mjs';
import { openAccount, untilQuiet, withStack } from '../lib/stack.mjs';
import { FACT_TYPES, sendAtOnce, untilAcknowledged } from '../lib/streams.mjs';

const TRADES = {
  id: 'trades',
  what: 'trade events (opened and closed in turn, over 200 symbols), Redis → committed in Postgres → acknowledged | bare pg writing the same ledger, trade, position, account and outbox rows in batches of the same size with unnest, read and acknowledged the same way',
  unit: 'events/s',
  target: atLeast(0.5),
};

const SYMBOLS = 200;

export const ids = [TRADES.id];

export function measure(bench) {
  return withStack(bench, async (stack) => {
    const desk = await openAccount(stack, { count: SYMBOLS });
    const { ours, baseline } = await compare(stack, desk);
    return [row(TRADES, ours, baseline)];
  });
}

async function compare(stack, desk) {
  const count = stack.quick ? 10_000 : 50_000;
  let messages = desk.next(count);
  const ours = () => tradesPerSecond(stack, messages);
  const baseline = () => consumedPerSecond(stack.bareRedis, messages, () => BARE_GROUP);
  const program = await bareConsumer(stack, 'trades');
  await program.ask(await oursInShape(stack, ours));
  return takeTurns(stack.rounds, { ours, baseline }, () => (messages = desk.next(count)));
}

/** How many of these events a second the service takes in. */
export async function tradesPerSecond(stack, messages) {
  const perSecond = await consumedPerSecond(stack.redis, messages);
  await untilQuiet(stack);
  return perSecond;
}

async function consumedPerSecond(redis, messages, groupOf) {
  const since = await sendAtOnce(redis, messages);
  return (messages.length * 1000) / ((await untilAcknowledged(redis, FACT_TYPES, groupOf)) - since);
}

/** Lets the service take a load and sees in which batches it did, and which events it wrote for one: the bare part does the same. */
async function oursInShape({ service, ask }, load) {
  const before = await batchesOf(service);
  await load();
  const after = await batchesOf(service);
  const events = await ask(
    'SELECT event_type AS "type", payload FROM outbox WHERE version = (SELECT max(version) FROM outbox) ORDER BY id',
  );
  return { batch: Math.round((after.messages - before.messages) / (after.batches - before.batches)), events };
}

async function batchesOf(service) {
  const text = String((await service.get('/metrics')).body);
  const read = (name) => Number(new RegExp(`^portfolio_batch_size_${name} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
  return { messages: read('sum'), batches: read('count') };
}
