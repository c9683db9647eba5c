import { eventually } from '../support/eventually.js';
import { messagesCounted, pricesCounted } from '../support/metrics.js';
import { readSamples } from '../support/samples.js';
import { startStack, type Stack } from '../support/stack.js';
import { entriesOf, send, sendFields, settled, streamOf } from '../support/streams.js';

type Body = Record<string, unknown>;

/** What one sample is expected to have done, judged from before and after. */
type Effect = (step: Step) => void | Promise<void>;

interface State {
  readonly realized: number;
  readonly wallet: string;
  readonly positions: Body[];
  readonly facts: number;
  readonly kinds: Record<string, number>;
}

interface Step {
  readonly id: string;
  readonly type: string;
  readonly before: State;
  readonly after: State;
  readonly counted: (outcome: string) => number;
}

const samples = readSamples();
const PROBED = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'INJUSDT', 'A2ZUSDT', '1000CHEEMSUSDT'];
let stack: Stack;

async function read(route: string, account: string): Promise<Body> {
  const answer = await stack.service.get(`/api/portfolio/${route}?numbers=string&account=${account}`);
  return answer.status === 200 ? answer.json() : {};
}

async function state(): Promise<State> {
  const [snapshot, pnl] = [await read('snapshot', 'main'), await read('pnl', 'main')];
  const rows = await stack.database.query<{ kind: string; facts: number }>(
    "SELECT kind, count(*)::int AS facts FROM ledger WHERE account_id = 'main' GROUP BY kind",
  );
  return {
    realized: Number(pnl['realized_pnl_total'] ?? 0),
    wallet: String(snapshot['cash_balance']),
    positions: (snapshot['positions'] ?? []) as Body[],
    facts: rows.reduce((sum, row) => sum + row.facts, 0),
    kinds: Object.fromEntries(rows.map((row) => [row.kind, row.facts])),
  };
}

/** The price at which an account that holds every probed symbol is valued. */
async function markOf(symbol: string): Promise<unknown> {
  const positions = (await read('snapshot', 'probe'))['positions'] as Body[];
  return positions.find((position) => position['symbol'] === symbol)?.['current_price'];
}

const realizes =
  (amount: number): Effect =>
  ({ before, after }) => {
    expect(after.realized - before.realized).toBeCloseTo(amount, 9);
    expect(after.facts).toBe(before.facts + 1);
  };

const marks =
  (symbol: string, price: string): Effect =>
  () =>
    eventually(async () => expect(await markOf(symbol)).toBe(price));

const records =
  (kind: string): Effect =>
  ({ before, after }) => {
    expect(after.kinds[kind] ?? 0).toBe((before.kinds[kind] ?? 0) + 1);
    movesNothing({ before, after });
  };

const counts =
  (outcome: string): Effect =>
  ({ before, after, counted }) => {
    expect(counted(outcome)).toBe(1);
    expect(after).toEqual(before);
  };

/** A permanent refusal is in the dead letters and in quarantine, with the original and the reason. */
const isRefused =
  (error: RegExp): Effect =>
  async ({ id, type, before, after }) => {
    expect(after).toEqual(before);
    const letter = await eventually(async () => {
      const letters = await entriesOf(stack.redis, `quantum:dlq:${type}`);
      expect(letters.map(({ fields }) => fields['original_id'])).toContain(id);
      return letters.find(({ fields }) => fields['original_id'] === id)!;
    });
    const [original] = await stack.redis.xrange(streamOf(type), id, id);
    expect(letter.fields).toMatchObject({
      error: expect.stringMatching(error),
      deliveries: expect.stringMatching(/^\d+$/),
      failed_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
    expect(Object.entries(letter.fields).flat()).toEqual(expect.arrayContaining(original![1]));
    const rows = await stack.database.query('SELECT code FROM quarantine WHERE entry_id = $1', [id]);
    expect(rows).toHaveLength(1);
  };

const all =
  (...effects: Effect[]): Effect =>
  async (step) => {
    for (const effect of effects) await effect(step);
  };

function movesNothing({ before, after }: Pick<Step, 'before' | 'after'>): void {
  expect(after.realized).toBe(before.realized);
  expect(after.positions).toEqual(before.positions);
}

const holds =
  (position: Body): Effect =>
  ({ after }) =>
    expect(after.positions).toEqual(expect.arrayContaining([expect.objectContaining(position)]));

const holdsNo =
  (symbol: string, side: string): Effect =>
  ({ after }) =>
    expect(after.positions.filter((held) => held['symbol'] === symbol && held['side'] === side)).toEqual([]);

const isStoppedAtOnce: Effect = async (step) => {
  await records('ess.tripped')(step);
  for (const type of ['portfolio.drawdown_updated', 'portfolio.exposure_updated'])
    await eventually(async () => {
      const since = await entriesOf(stack.redis, streamOf(type), step.id);
      expect(since.some(({ fields }) => JSON.parse(fields['payload']!).account_id === 'main')).toBe(true);
    });
};

/** In the order in which they are sent: [index in the file, what it is, its effect]. */
const STEPS: [index: number, what: string, effect: Effect][] = [
  [0, 'a close of an ETH short nobody opened here, complete in itself, is booked', realizes(0.71)],
  [1, 'a close of an ALICE short nobody opened here is booked', realizes(-6.03)],
  [2, 'a SOL trade price is the mark', marks('SOLUSDT', '84.94')],
  [3, 'a BNB trade price is the mark', marks('BNBUSDT', '617.1')],
  [6, 'the close of an INJ candle is the mark where no trade was seen', marks('INJUSDT', '3.142')],
  [7, 'the close of a SOL candle replaces a trade price that is long past', marks('SOLUSDT', '85.05')],
  [8, 'an exchange position brings its mark price', marks('A2ZUSDT', '0.0009640075053')],
  [9, 'an exchange position brings its mark price, once more', marks('1000CHEEMSUSDT', '0.0004870077137')],
  [4, 'a policy update is taken note of', counts('applied')],
  [5, 'a second policy update is taken note of', counts('applied')],
  [10, 'a skipped plan moves nothing', counts('ignored')],
  [11, 'a plan skipped as a duplicate moves nothing', counts('ignored')],
  [12, 'an execution without a price is recorded by its order', records('order.executed')],
  [16, 'the same execution from its other stream is a duplicate', counts('duplicate')],
  [13, 'a rejected order moves nothing', ({ before, after }) => movesNothing({ before, after })],
  [
    17,
    'the rejected order from its other stream moves nothing',
    ({ before, after }) => movesNothing({ before, after }),
  ],
  [
    18,
    'a BTC long is opened',
    holds({ symbol: 'BTCUSDT', side: 'LONG', size: '0.2', entry_price: '42000', leverage: '5' }),
  ],
  [21, 'a placeholder PnL is unknown, so the whole BTC long closes at the computed one', realizes(5224)],
  // The SELL of December closes before the close of February, which then finds nothing and lacks a size of its own.
  [
    22,
    'an earlier SELL that comes late takes the long instead',
    all(realizes(10_664.1 - 5_224), holdsNo('BTCUSDT', 'LONG')),
  ],
  [20, 'an even earlier close without a side takes the only side that is open', realizes(-12.5 - 10_664.1)],
  [
    19,
    'an ETH short at an unknown price joins the close that came first, which tells the price',
    holds({ symbol: 'ETHUSDT', side: 'SHORT', size: '1.206611570247933884', entry_price: '2060.73' }),
  ],
  [23, 'a paper trade is counted and not booked', counts('ignored')],
  [24, 'an executed order is recorded', records('order.executed')],
  [25, 'a rejected signal moves nothing', ({ before, after }) => movesNothing({ before, after })],
  [26, 'a blocked signal moves nothing', ({ before, after }) => movesNothing({ before, after })],
  [27, 'a filled flat row is recorded', records('order.executed')],
  [30, 'an executed close order is recorded', records('order.executed')],
  [31, 'an emergency stop with metrics', isStoppedAtOnce],
  [32, 'an emergency stop without severity', isStoppedAtOnce],
  [33, 'an emergency stop with a level, without a time', isStoppedAtOnce],
  [34, 'a payload-only BTC price is the mark', marks('BTCUSDT', '87680')],
  [35, 'an ETH price without event_type is the mark', marks('ETHUSDT', '2951.7')],
  [36, 'a flat, newer BTC price is the mark', marks('BTCUSDT', '42500')],
  [37, 'an older BTC price is ignored', marks('BTCUSDT', '42500')],
  [
    28,
    'a price on the execution stream is a price and no fill',
    all(marks('ETHUSDT', '3050'), ({ before, after }) => expect(after.facts).toBe(before.facts)),
  ],
  [29, 'an attribution row is no execution', counts('ignored')],
  [38, 'a changed policy value is taken note of', counts('applied')],
  [39, 'a changed policy mode is taken note of', counts('applied')],
  [
    14,
    'the first wallet of the exchange is an opening deposit',
    // It is dated before the ALICE loss of 6.03, which comes on top of it.
    ({ after }) => expect(after.wallet).toBe('3914.23822534'),
  ],
  [
    15,
    'a later wallet of the exchange is adopted, the difference being performance',
    ({ after }) => expect(after.wallet).toBe('3902.68617702'),
  ],
  [40, 'cut-off JSON is refused', isRefused(/JSON/i)],
  [41, 'an empty payload is refused', isRefused(/missing|empty/i)],
  [42, 'a price that is no number is refused', isRefused(/price/)],
  [43, 'a bare NaN price is refused', isRefused(/price/)],
];

describe('every recorded message has its effect or its refusal', () => {
  beforeAll(async () => {
    stack = await startStack();
    for (const symbol of PROBED) {
      const trade = { trade_id: `probe-${symbol}`, symbol, side: 'LONG', entry_price: '1', quantity: '1' };
      const probe = { account_id: 'probe', timestamp: '2025-01-01T00:00:00Z' };
      await send(stack.redis, 'trade.opened', 'V1', { ...trade, ...probe });
    }
    await settled(stack.service, stack.redis);
  });
  afterAll(() => stack.stop());

  test('the table below names every sample once', () => {
    const named = STEPS.map(([index]) => index).sort((first, second) => first - second);
    expect(named).toEqual(samples.map((_sample, index) => index));
  });

  test.each(STEPS)('%d: %s', async (index, _what, effect) => {
    const { stream, event: type, fields } = samples[index]!;
    const outcomes = ['applied', 'ignored', 'duplicate', 'refused'];
    const count = async (): Promise<Record<string, number>> => {
      const counts = await Promise.all(
        outcomes.map((outcome) => messagesCounted(stack.service, type, outcome)),
      );
      return Object.fromEntries(outcomes.map((outcome, at) => [outcome, counts[at]!]));
    };
    const [before, countedBefore] = [await state(), await count()];
    const taken = async (): Promise<number> =>
      (await messagesCounted(stack.service, type)) + (await pricesCounted(stack.service));
    const total = await taken();
    const id = await sendFields(stack.redis, stream, fields);
    await settled(stack.service, stack.redis);
    // Whatever became of it, it was counted: nothing is silently lost.
    await eventually(async () => expect(await taken()).toBeGreaterThan(total));
    const [after, countedAfter] = [await state(), await count()];
    await effect({ id, type, before, after, counted: (name) => countedAfter[name]! - countedBefore[name]! });
  });
});
