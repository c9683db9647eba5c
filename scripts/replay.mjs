import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson } from './lib/files.mjs';
import { messagesOf, sentAt } from './lib/messages-file.mjs';
import { runFile } from './lib/paths.mjs';
import { Progress } from './lib/progress.mjs';
import { elapsed, explain, say, Sentence } from './lib/say.mjs';
import { optionsOf, redisSettings } from './lib/redis-settings.mjs';

const USAGE =
  'Usage: npm run replay -- FILE.jsonl [--speed N]   (N times as fast as it was; without it, as fast as it goes)';
/** Commands under way at once: enough to keep Redis busy, few enough to keep the memory small. */
const BATCH = 500;
const PROBLEMS_SHOWN = 5;

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { speed: { type: 'string' } },
    allowPositionals: true,
  });
  const speed = Number(values.speed ?? 0);
  if (positionals.length !== 1 || !(speed >= 0)) throw new Sentence(USAGE);
  return { path: positionals[0], speed };
}

/** The Redis of the settings, with user, certificates and Sentinels as the service has them; else the one that a running `npm start` provides. */
async function redisPlace() {
  const settings = await redisSettings();
  if (settings) return settings;
  const url = (await readJson(runFile))?.redisUrl;
  if (url)
    return { name: new URL(url).host, options: await optionsOf({ REDIS_URL: url, REDIS_SENTINELS: [] }) };
  throw new Sentence(
    'There is no Redis to play into: set PORTFOLIO_REDIS_URL, or leave `npm start` running meanwhile.',
  );
}

async function connectTo({ name, options }) {
  const { Redis } = await import('ioredis').catch(() => {
    throw new Sentence('The dependencies are not installed: run `npm ci` first.');
  });
  const redis = new Redis({ ...options, lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
  redis.on('error', () => {});
  try {
    await redis.connect();
  } catch (error) {
    throw new Sentence(`Redis at ${name} does not answer: ${error.message}`);
  }
  return redis;
}

/** Waits as long as lay between two messages, divided by the speed; speed 0 never waits. */
class Pace {
  #first = null;

  constructor(speed) {
    this.speed = speed;
  }

  /** How many ms are left until the message is due. */
  left(message) {
    const at = this.speed > 0 ? sentAt(message) : null;
    if (at === null) return 0;
    this.#first ??= { at, now: Date.now() };
    return Math.max(0, (at - this.#first.at) / this.speed - (Date.now() - this.#first.now));
  }
}

function toCommand({ stream, fields }) {
  // Facts are never trimmed here: what is not read yet must not be pushed out. Ticks are, only the newest counts.
  const limit = stream.endsWith(':market.tick') ? ['MAXLEN', '~', 10_000] : [];
  const texts = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return ['xadd', stream, ...limit, '*', ...texts.flat()];
}

class Player {
  sent = 0;
  skipped = 0;
  streams = new Map();
  #batch = [];

  constructor(redis) {
    this.redis = redis;
  }

  add(message) {
    this.#batch.push(toCommand(message));
    this.streams.set(message.stream, (this.streams.get(message.stream) ?? 0) + 1);
  }

  skip(line, problem) {
    this.skipped += 1;
    if (this.skipped <= PROBLEMS_SHOWN) say(`Line ${line} is left out: ${problem}`);
  }

  get isFull() {
    return this.#batch.length >= BATCH;
  }

  async flush() {
    const commands = this.#batch.splice(0);
    if (commands.length === 0) return;
    for (const [error] of await this.redis.pipeline(commands).exec()) {
      if (error) throw new Sentence(`Redis refused a message after ${this.sent}: ${error.message}`);
      this.sent += 1;
    }
  }
}

/** Sends every message of the file in its order. */
async function play(path, pace, player, progress) {
  const { size } = await stat(path).catch((error) => {
    throw new Sentence(`${path} cannot be read: ${error.message}`);
  });
  let read = 0;
  for await (const { message, problem, bytes, line } of messagesOf(path)) {
    read += bytes;
    if (!message) {
      player.skip(line, problem);
      continue;
    }
    const wait = pace.left(message);
    if (wait > 0 || player.isFull) await player.flush();
    if (wait > 0) await delay(wait);
    player.add(message);
    progress.show(read / size, player.sent);
  }
  await player.flush();
  progress.finish(player.sent);
}

function summarise(player, since) {
  say(`${player.sent} messages sent in ${elapsed(since)}, ${player.skipped} left out.`);
  for (const [stream, count] of [...player.streams].sort()) say(`  ${String(count).padStart(8)}  ${stream}`);
}

async function main() {
  const { path, speed } = readArguments();
  const redis = await connectTo(await redisPlace());
  const player = new Player(redis);
  const since = Date.now();
  try {
    await play(path, new Pace(speed), player, new Progress());
  } finally {
    redis.disconnect();
  }
  summarise(player, since);
  process.exitCode = player.skipped > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  say(error.code?.startsWith('ERR_PARSE_ARGS') ? USAGE : explain(error));
  process.exitCode = 2;
}
