import { Redis } from 'ioredis';
import { symbolsFrom, tick } from '../lib/messages.mjs';
import { streamOf } from '../lib/streams.mjs';

/** A steady stream of ticks: so many a second, spread evenly over ten or more bursts a second, until told to stop. */
const KEPT = 10_000;
const BURST_MS = 5;

let redis = null;
let timer = null;
let stepsDone = 0;

function burst(symbols, due) {
  const pipeline = redis.pipeline();
  for (; stepsDone < due; stepsDone += 1) {
    const { eventType, fields } = tick(symbols[stepsDone % symbols.length], stepsDone);
    pipeline.xadd(streamOf(eventType), 'MAXLEN', '~', KEPT, '*', ...fields);
  }
  return pipeline.exec();
}

function start({ redisUrl, first, count, perSecond }) {
  redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const symbols = symbolsFrom(first, count);
  const since = performance.now();
  let underWay = false;
  stepsDone = 0;
  timer = setInterval(async () => {
    // A Redis that is slower than asked for gets no more than it can take.
    if (underWay) return;
    underWay = true;
    await burst(symbols, Math.floor(((performance.now() - since) * perSecond) / 1000));
    underWay = false;
  }, BURST_MS);
  return { since };
}

let run = null;
process.on('message', async (question) => {
  if (question.perSecond) {
    run = start(question);
    process.send({});
    return;
  }
  clearInterval(timer);
  await redis.quit();
  process.send({ perSecond: (stepsDone * 1000) / (performance.now() - run.since) });
});
