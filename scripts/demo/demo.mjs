import { Redis } from 'ioredis';
import { setInterval as every } from 'node:timers/promises';
import { explain, say } from '../lib/say.mjs';
import { currentAccount } from './account.mjs';
import { number } from './amounts.mjs';
import { DAY } from './day.mjs';
import { Desk } from './desk.mjs';
import { Market } from './market.mjs';
import { tick } from './messages.mjs';
import { randomFrom } from './random.mjs';

const STEP_MS = 250;
const DEPOSIT = 10_000;

/** Plays a trading day into the streams, then lets the prices go on. Resolves nothing: it runs until `stop()`. */
export function startDemo({ redisUrl, serviceUrl }) {
  const controller = new AbortController();
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  // ioredis connects again by itself; what is lost meanwhile is a price or two.
  redis.on('error', () => {});
  const over = play(redis, serviceUrl, controller.signal).catch((error) => {
    if (!controller.signal.aborted) say(`The demo has ended: ${explain(error)}`);
  });
  const stop = async () => {
    controller.abort();
    redis.disconnect();
    await over;
  };
  return { stop };
}

async function play(redis, serviceUrl, signal) {
  const account = await currentAccount(serviceUrl, signal);
  const random = randomFrom(Date.now());
  const market = new Market(
    random,
    Object.fromEntries(account.positions.map((held) => [held.symbol, held.current_price])),
  );
  const desk = new Desk(market);
  const day = [...morning(account, market), ...DAY];
  const opened = Date.now();
  for await (const _ of every(STEP_MS, undefined, { signal })) {
    market.step();
    await sendTicks(redis, market, random);
    while (day.length > 0 && day[0][0] * 1000 <= Date.now() - opened) {
      const [, act] = day.shift();
      await send(redis, act(desk));
      if (day.length === 0) say('The trading day is over; what is still open goes on with the prices.');
    }
  }
}

/** A first run brings the money; a later one closes what the one before left open, in what this market lists. */
function morning(account, market) {
  const held = account.positions.filter(({ symbol }) => market.symbols.includes(symbol));
  const closes = held.map(({ symbol, side }) => [1, (desk) => desk.closeLeftover(symbol, side)]);
  return account.isEmpty ? [[1, (desk) => desk.deposit(DEPOSIT)], ...closes] : closes;
}

async function sendTicks(redis, market, random) {
  if (redis.status !== 'ready') return;
  const messages = market.symbols.map((symbol) => {
    const quantity = Number((random() * 2).toFixed(3));
    return tick(symbol, number(market.price(symbol)), quantity, random() < 0.5);
  });
  await Promise.all(messages.map((message) => send(redis, message)));
}

function send(redis, { stream, fields }) {
  return redis.xadd(stream, 'MAXLEN', '~', 10_000, '*', ...Object.entries(fields).flat());
}
