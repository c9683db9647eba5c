import type { Redis } from 'ioredis';
import type { Random } from '../support/generate-random.js';
import { eventually } from '../support/eventually.js';
import { sendFields, streamOf } from '../support/streams.js';
import { counted } from './support/counts.js';
import { experiments } from './support/experiment.js';
import type { Load } from './support/load.js';
import { MEMORY_LIMIT_MB } from './support/outage.js';
import { inFull } from './support/settings.js';

const experiment = experiments();
const FACTS = ['trade.opened', 'trade.closed', 'account.cash_flow'] as const;

/** A message that would be a good one of any type, with one thing changed; values are JSON texts. */
function changed(load: Load, changes: Record<string, string>): string {
  const id = JSON.stringify(`P-${load.account}-${load.sent}`);
  const good = {
    event_id: id,
    trade_id: id,
    account_id: JSON.stringify(load.account),
    symbol: '"SOLUSDT"',
    side: '"LONG"',
    type: '"DEPOSIT"',
    amount: '"1"',
    entry_price: '"80"',
    exit_price: '"90"',
    quantity: '"1"',
    realized_pnl: '"10"',
    timestamp: JSON.stringify(new Date(Date.now() - 60_000).toISOString()),
  };
  return `{${Object.entries({ ...good, ...changes })
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`)
    .join(',')}}`;
}

/** Numbers that no amount, price or quantity may be. */
const NUMBERS = {
  '1e308': '1e308',
  '1e400': '1e400',
  NaN: 'NaN',
  '-Infinity': '-Infinity',
  '60 digits': '9'.repeat(60),
  '19 decimals': '"0.1234567890123456789"',
  'a negative': '"-1"',
  'no number': '"1,5"',
  'an exponent that takes forever': '"1e50000000"',
};

const everyNumber = (text: string): Record<string, string> => ({
  amount: text,
  entry_price: text,
  exit_price: text,
  quantity: text,
});

/** What can never be a fact, whatever the type. */
const REFUSED: Record<string, (load: Load) => string> = {
  ...Object.fromEntries(
    Object.entries(NUMBERS).map(([name, text]) => [name, (load) => changed(load, everyNumber(text))]),
  ),
  'bad JSON': () => '{"symbol": "SOLUSDT",',
  '200 000 nested arrays': () => `{"a": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
  'a time in 2099': (load) => changed(load, { timestamp: '"2099-01-01T00:00:00Z"' }),
  'NUL in its id': (load) =>
    changed(load, {
      event_id: '"a\\u0000b"',
      trade_id: '"a\\u0000b"',
      symbol: '"S\\u0000L"',
      type: '"D\\u0000"',
    }),
  'nothing but a prototype': () => '{"__proto__": {"symbol": "SOLUSDT"}, "constructor": {"prototype": 1}}',
};

/** What only a trade has. */
const REFUSED_TRADES: Record<string, (load: Load) => string> = {
  'a symbol in letters that only look like it': (load) => changed(load, { symbol: '"ЅOLUSDT"' }),
  'an unknown side': (load) => changed(load, { side: '"sideways"' }),
  'a quantity of zero': (load) => changed(load, { quantity: '"0"' }),
};

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: 300 }, () => random.integer(0, 255)));
}

async function poison(redis: Redis, load: Load, type: string, text: string | Buffer): Promise<void> {
  await sendFields(redis, streamOf(type), [['payload', text]]);
  load.sent += 1;
}

experiment('poison of every kind', async (trial) => {
  const { rig } = trial;
  const day = trial.load(30);
  // Conflicts and refusals of what could be decoded name the account.
  day.aside = null;
  await counted(trial, [day], async () => {
    for (const type of FACTS) {
      const kinds = { ...REFUSED, ...(type !== 'account.cash_flow' && REFUSED_TRADES) };
      for (const make of Object.values(kinds)) {
        await poison(rig.redis, day, type, make(day));
        await day.send(rig.redis, 1);
      }
      await poison(rig.redis, day, type, noise(trial.random));
    }
    await day.send(rig.redis);
  });
});

experiment('messages that are odd and true', async (trial) => {
  const { rig } = trial;
  const day = trial.load(0);
  const at = Date.now() - 60_000;
  const flow = (amount: string, time = at) => ({ kind: 'flow', type: 'DEPOSIT', amount, at: time }) as const;
  await counted(trial, [day], async () => {
    await day.send(rig.redis);
    // Of a repeated key the last value counts; a prototype is a field that nobody asks for.
    for (const [changes, fact] of [
      [{ __proto__: '{"amount": "5"}' }, flow('1')],
      [{ timestamp: String(Math.floor(at / 1000)) }, flow('1', Math.floor(at / 1000) * 1000)],
      [{ timestamp: String(at) }, flow('1')],
      [{ amount: '"0.000000000000000001"' }, flow('0.000000000000000001')],
    ] as const) {
      await poison(rig.redis, day, 'account.cash_flow', changed(day, changes));
      day.more.push(fact);
    }
    const repeated = changed(day, {}).replace('"amount":"1"', '"amount":"7","amount":"3"');
    await poison(rig.redis, day, 'account.cash_flow', repeated);
    day.more.push(flow('3'));
  });
});

experiment('a field of 64 MB', async (trial) => {
  const { rig } = trial;
  const day = trial.load(30);
  await counted(trial, [day], async () => {
    for (const type of inFull(['trade.opened'], [...FACTS]))
      await poison(rig.redis, day, type, Buffer.alloc(64 * 2 ** 20, 'x'));
    await day.send(rig.redis);
  });
  const [kept] = await rig.postgres.query('SELECT max(length(fields))::int AS most FROM quarantine');
  expect(kept!['most']).toBeLessThan(2 * 2 ** 20);
  expect(await rig.redis.memory('USAGE', 'quantum:dlq:trade.opened', 'SAMPLES', 0)).toBeLessThan(8 * 2 ** 20);
  for (const type of FACTS) await rig.redis.del(streamOf(type));
  expect(rig.service.memoryMb()).toBeLessThan(MEMORY_LIMIT_MB);
});

experiment('ticks of symbols that nobody has', async (trial) => {
  const { rig } = trial;
  await rig.running();
  const day = trial.load(30);
  const symbols = inFull(30_000, 400_000);
  await day.send(rig.redis, 40);
  for (let first = 0; first < symbols; first += 2_000) {
    const pipeline = rig.redis.pipeline();
    for (let one = first; one < first + 2_000; one += 1)
      pipeline.xadd(
        streamOf('market.tick'),
        '*',
        'symbol',
        `J${one}USDT`,
        'price',
        '1',
        'timestamp',
        String(Date.now()),
      );
    await pipeline.exec();
  }
  const recoveryMs = await rig.recovered(Date.now());
  await day.send(rig.redis);
  const most = 'SELECT count(*)::int AS n FROM marks';
  await eventually(async () => expect((await rig.postgres.query(most))[0]!['n']).toBeLessThan(12_000));
  expect(rig.service.memoryMb()).toBeLessThan(MEMORY_LIMIT_MB);
  return recoveryMs;
});
