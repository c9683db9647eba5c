import type { Message } from '../support/generate.js';
import type { CloseFact, OpenFact } from '../support/oracle-facts.js';
import { eventually } from '../support/eventually.js';
import { emitToPeers } from './support/peers.js';
import { counted } from './support/counts.js';
import { experiments, type Trial } from './support/experiment.js';
import type { Load } from './support/load.js';
import { inFull } from './support/settings.js';

const experiment = experiments();

for (const times of [2, 10])
  experiment(`the same entries ×${times}`, async (trial) => {
    const day = trial.load(inFull(60, 400));
    await counted(trial, [day], async () => {
      await day.send(trial.rig.redis);
      for (let repeat = 1; repeat < times; repeat += 1) await day.sendAgain(trial.rig.redis);
    });
  });

experiment('the same entries ×1000', async (trial) => {
  const day = trial.load(5);
  await counted(trial, [day], async () => {
    await day.send(trial.rig.redis);
    const few = day.messages.slice(0, inFull(8, 40));
    for (let repeat = 1; repeat < 1_000; repeat += 1) await day.put(trial.rig.redis, few);
  });
});

experiment('the same messages by both doors at once', async (trial) => {
  const { rig, random } = trial;
  const day = trial.load(inFull(80, 400));
  await counted(trial, [day], async () => {
    await Promise.all([
      day.put(rig.redis, day.messages),
      emitToPeers(rig.redis, day, random.shuffled(day.messages)),
      emitToPeers(rig.redis, day, day.messages),
    ]);
  });
});

experiment('the same id with other content', async (trial) => {
  const { rig } = trial;
  const day = trial.load(60);
  await counted(trial, [day], async () => {
    await day.send(rig.redis);
    const flows = day.messages.filter(({ fact }) => fact.kind === 'flow');
    const opens = day.messages.filter(({ fact }) => fact.kind === 'open' && fact.entryPrice !== null);
    const lies = [...flows.map(otherAmount), ...opens.map(otherQuantity)];
    await day.lie(rig.redis, lies);
    // Said again, a lie is the same lie: it has an entry of its own.
    await day.lie(rig.redis, lies.slice(0, 5));
  });
});

function otherAmount(message: Message): Message {
  const { fact } = message;
  return fact.kind === 'flow' ? { ...message, fact: { ...fact, amount: '777.5' } } : message;
}

function otherQuantity(message: Message): Message {
  const { fact } = message;
  return fact.kind === 'open' ? { ...message, fact: { ...fact, quantity: '777.5' } } : message;
}

experiment('a whole day shuffled', async (trial) => {
  const { rig, random } = trial;
  const day = trial.load(inFull(250, 2_000));
  await counted(trial, [day], () => day.put(rig.redis, random.shuffled(day.messages)));
});

const MINUTE = 60_000;

function opened(at: number): OpenFact {
  return {
    kind: 'open',
    tradeId: 'one',
    symbol: 'SOLUSDT',
    side: 'LONG',
    entryPrice: '80',
    quantity: '2',
    fee: '0.5',
    at,
  };
}

function closed(at: number, quantity: string | null = null): CloseFact {
  const nothing = { entryPrice: null, reportedPnl: null, reportedPct: null, fee: null };
  return {
    kind: 'close',
    tradeId: 'one',
    symbol: 'SOLUSDT',
    side: 'LONG',
    exitPrice: '90',
    quantity,
    ...nothing,
    at,
  };
}

for (const [what, gapMs] of [
  ['1 s', 1_000],
  ['10 min of event time', 10 * MINUTE],
] as const)
  experiment(`a close before its open by ${what}`, async (trial) => {
    const { rig } = trial;
    const account = trial.load(0);
    const at = Date.now() - 30 * MINUTE;
    await counted(trial, [account], async () => {
      await account.say(rig.redis, closed(at + gapMs));
      await eventually(async () => expect(await warningsOf(trial, account)).toContain('parked_closes:1'));
      await account.say(rig.redis, opened(at));
      await account.send(rig.redis);
    });
    await eventually(async () => expect(await warningsOf(trial, account)).not.toContain('parked_closes:1'));
  });

experiment('a close whose open never comes', async (trial) => {
  const account = trial.load(0);
  await counted(trial, [account], async () => {
    await account.say(trial.rig.redis, closed(Date.now() - 10 * MINUTE));
    await account.send(trial.rig.redis);
  });
  // Parked, and after five minutes of waiting a discrepancy.
  await eventually(async () => expect(await warningsOf(trial, account)).toContain('parked_closes:1'));
});

experiment('more is closed than is open', async (trial) => {
  const account = trial.load(0);
  const at = Date.now() - 10 * MINUTE;
  await counted(trial, [account], async () => {
    await account.say(trial.rig.redis, opened(at), { ...closed(at + 1, '5'), reportedPnl: '49.75' });
    await account.send(trial.rig.redis);
  });
  await eventually(async () => {
    const [row] = await trial.rig.postgres.query(
      "SELECT count(*)::int AS n FROM discrepancies WHERE account_id = $1 AND kind = 'over_close' AND symbol = 'SOLUSDT'",
      [account.account],
    );
    expect(row!['n']).toBeGreaterThan(0);
  });
});

async function warningsOf({ rig }: Trial, { account }: Load): Promise<string[]> {
  const answer = await rig.service.get(`/api/portfolio/snapshot?account=${account}`);
  return answer.json<{ warnings?: string[] }>().warnings ?? [];
}
