import type { Payload } from './envelope.js';
import { eventually } from './eventually.js';
import { dayOf } from './generate.js';
import { Random } from './generate-random.js';
import { tellOddities, time } from './oddities.js';
import { sendMessages, shuffledWithRepeats, tellFrom } from './send-facts.js';
import { runToEnd, type TestService } from './service.js';
import type { Stack } from './stack.js';
import { settled } from './streams.js';

/** What `/api/portfolio/integrity` says, as far as tests ask. */
export interface Told {
  readonly state: string;
  readonly state_reason: string | null;
  readonly version: number;
  readonly verified_version: number | null;
  readonly verified_at: string | null;
  readonly age_sec: number | null;
  readonly digest: string | null;
  readonly uncovered_tables: readonly string[];
  readonly differences: readonly {
    readonly table: string;
    readonly key: string;
    readonly kind: string;
    readonly symbol: string | null;
    readonly stored: Record<string, unknown> | null;
    readonly expected: Record<string, unknown> | null;
  }[];
  readonly differences_total: number;
}

/** The promise: a row that was changed by hand is found within it, on a machine that has other things to do. */
export const A_MINUTE = 60_000;

export async function told(service: TestService, account = 'main'): Promise<Told> {
  const { status, text } = await service.get(`/api/portfolio/integrity?account=${account}`);
  expect(status).toBe(200);
  return JSON.parse(text) as Told;
}

export async function warningsOf(service: TestService): Promise<string[]> {
  const { text } = await service.get('/api/portfolio/snapshot');
  return (JSON.parse(text) as { warnings: string[] }).warnings;
}

/** Verified at the version that the account has now. */
export async function verified(service: TestService, account = 'main'): Promise<Told> {
  let found: Told | null = null;
  await eventually(
    async () => {
      found = await told(service, account);
      expect(found).toMatchObject({ state: 'verified', differences: [], verified_version: found.version });
    },
    { timeoutMs: A_MINUTE },
  );
  return found!;
}

/** A day with everything in it that can make a fold differ from the path that led to it. */
export async function tellDay(stack: Stack): Promise<void> {
  const random = new Random(31);
  const day = dayOf({ seed: 31, trades: 40, end: Date.now() - 120_000, durationMs: 40 * 3_600_000 });
  const tell = (type: string, payload: Payload): Promise<unknown> => tellFrom(stack.redis, type, payload);
  await sendMessages(stack.redis, shuffledWithRepeats(day, random), random);
  await tellOddities(tell);
  for (const [balance, minute] of [
    ['251000', 480],
    ['250990.5', 500],
  ] as const)
    await tell('account.balance', { balance, timestamp: time(minute) });
  await tell('account.cash_flow', {
    type: 'FUNDING',
    amount: '-3.5',
    symbol: 'BTCUSDT',
    timestamp: time(10),
  });
  await tell('account.cash_flow', { type: 'FEE', amount: '1', timestamp: time(11) });
  await sendMessages(stack.redis, day, random, 'second');
  await settled(stack.service, stack.redis);
}

export const rebuild = (stack: Stack) =>
  runToEnd({ PORTFOLIO_DATABASE_URL: stack.database.url }, 'dist/rebuild.js');
