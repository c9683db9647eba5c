import { eventually } from '../support/eventually.js';
import { dayOf, factsOf } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { answersOf } from '../support/oracle.js';
import type { LogicalFact } from '../support/oracle-facts.js';
import type { TestDatabase } from '../support/postgres.js';
import { sendMessages, tellFrom } from '../support/send-facts.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

type DayRow = readonly [day: string, realized: string];

const NEW_YORK = 'America/New_York';
const KOLKATA = 'Asia/Kolkata';

async function daysIn(database: TestDatabase, account: string): Promise<DayRow[]> {
  const sql = 'SELECT day::text, realized::text FROM pnl_days WHERE account_id = $1 ORDER BY day';
  const rows = await database.query(sql, [account]);
  return rows.map((row) => [row['day'] as string, row['realized'] as string]);
}

function daysOf(facts: readonly LogicalFact[], timeZone: string): DayRow[] {
  const days = [...answersOf(facts, timeZone).realizedByDay];
  return days.map(([day, amount]): DayRow => [day, amount.toString()]).sort();
}

/**
 * Funding of 1, 10, 100 … around the midnights of New York when its clocks change (in spring midnight is at 05:00 UTC
 * before and 04:00 after, in autumn the other way round), and at one midnight of Kolkata.
 */
const MIDNIGHTS = [
  ...['2025-03-09T04:59:59.999Z', '2025-03-09T05:00:00.000Z', '2025-03-09T07:00:00.000Z'],
  ...['2025-03-10T03:59:59.999Z', '2025-03-10T04:00:00.000Z'],
  ...['2025-11-02T03:59:59.999Z', '2025-11-02T04:00:00.000Z', '2025-11-02T06:00:00.000Z'],
  ...['2025-11-03T04:59:59.999Z', '2025-11-03T05:00:00.000Z', '2025-11-03T18:30:00.000Z'],
];

/** Which of them fall on which local day, by hand. */
const LOCAL_DAYS: Record<string, DayRow[]> = {
  UTC: [
    ['2025-03-09', '111'],
    ['2025-03-10', '11000'],
    ['2025-11-02', '11100000'],
    ['2025-11-03', '11100000000'],
  ],
  [NEW_YORK]: [
    ['2025-03-08', '1'],
    ['2025-03-09', '1110'],
    ['2025-03-10', '10000'],
    ['2025-11-01', '100000'],
    ['2025-11-02', '111000000'],
    ['2025-11-03', '11000000000'],
  ],
  [KOLKATA]: [
    ['2025-03-09', '111'],
    ['2025-03-10', '11000'],
    ['2025-11-02', '11100000'],
    ['2025-11-03', '1100000000'],
    ['2025-11-04', '10000000000'],
  ],
};

const generated = dayOf({ seed: 8, trades: 40, end: Date.now() - 120_000, durationMs: 9 * 86_400_000 });
const facts = factsOf(generated);

async function sendEverything(stack: Stack): Promise<void> {
  await sendMessages(stack.redis, generated, new Random(6));
  for (const [power, timestamp] of MIDNIGHTS.entries()) {
    const payload = { event_id: `midnight-${power}`, type: 'FUNDING', amount: String(10 ** power) };
    await tellFrom(stack.redis, 'account.cash_flow', { account_id: 'midnights', ...payload, timestamp });
  }
  await settled(stack.service, stack.redis);
}

async function expectPeriodsOf(timeZone: string, { database, service }: Stack): Promise<void> {
  expect(await daysIn(database, 'midnights')).toEqual(LOCAL_DAYS[timeZone]);
  expect(await daysIn(database, 'main')).toEqual(daysOf(facts, timeZone));
  const expected = answersOf(facts, timeZone);
  await eventually(async () =>
    expect(await shownBy(service)).toEqual(shownFrom(expected, new Date(), timeZone)),
  );
}

describe.each(['UTC', NEW_YORK, KOLKATA])('a process whose own time zone is %s', (zone) => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { TZ: zone, PGTZ: zone } });
    await sendEverything(stack);
  }, 60_000);
  afterAll(() => stack.stop());

  test('keeps the days, weeks and months of UTC, which is the setting', () => expectPeriodsOf('UTC', stack));

  test('shows moments in UTC', async () => {
    const { timestamp } = (await stack.service.get('/api/portfolio/snapshot')).json<{ timestamp: string }>();
    expect(timestamp).toMatch(/(Z|\+00:00)$/);
    expect(Math.abs(Date.parse(timestamp) - Date.now())).toBeLessThan(60_000);
  });
});

describe('PORTFOLIO_TIMEZONE', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_TIMEZONE: NEW_YORK } });
    await sendEverything(stack);
  }, 60_000);
  afterAll(() => stack.stop());

  test('puts bookings into the local day, also where the clocks change', () =>
    expectPeriodsOf(NEW_YORK, stack));

  test.each([KOLKATA, 'UTC'])('changed to %s between two runs: the days are grouped anew', async (zone) => {
    await stack.service.stop();
    await stack.startAgain({ PORTFOLIO_TIMEZONE: zone });
    await expectPeriodsOf(zone, stack);
    expect(stack.service.logs()).toContain('TIMEZONE');
  });

  test('unchanged, a new run finds the days as they are', async () => {
    await stack.service.stop();
    await stack.startAgain({ PORTFOLIO_TIMEZONE: 'UTC' });
    await expectPeriodsOf('UTC', stack);
    expect(stack.service.logs()).not.toContain('rebuilt');
  });
});
