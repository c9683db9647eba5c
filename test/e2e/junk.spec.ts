import { Num, type Payload } from '../support/envelope.js';
import { eventually } from '../support/eventually.js';
import { Random } from '../support/generate-random.js';
import { startStack, type Stack } from '../support/stack.js';
import { GROUPED_TYPES, PRICE_TYPES, send, sendFields, settled, streamOf } from '../support/streams.js';

type Body = Record<string, unknown>;
type Pairs = [string | Buffer, string | Buffer][];

const random = new Random(99);

function noise(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => random.integer(0, 255)));
}

/** Entries that can never mean anything on any stream. */
function junk(): Pairs[] {
  const time = '2026-02-15T00:00:00Z';
  return [
    [[noise(8), noise(64)]],
    [['payload', noise(200)]],
    [[Buffer.from([0xff, 0xfe, 0x00]), Buffer.from([0x00])]],
    [['payload', '']],
    [['payload', 'not json at all']],
    [['payload', '[1, 2, 3]']],
    [['payload', '"text"']],
    [['payload', 'null']],
    [['payload', '{"symbol": "BTCUSDT", "price": 1e400, "quantity": -1, "timestamp": "yesterday"}']],
    [['payload', `{"a": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`]],
    [['payload', '{"__proto__": {"symbol": "BTCUSDT"}, "constructor": 1}']],
    [['payload', `{"symbol": "BTC\\u0000USDT", "side": "LONG", "price": "1", "timestamp": "${time}"}`]],
    [
      [
        'data',
        `{"symbol": "ВTCUSDT", "side": "up", "quantity": "1.0000000000000000001", "timestamp": "${time}"}`,
      ],
    ],
    [
      ['symbol', 'BTCUSDT'],
      ['side', noise(12)],
      ['price', 'Infinity'],
      ['entry_price', '1,5'],
      ['timestamp', '2099-13-45'],
    ],
    [['payload', JSON.stringify({ symbol: { deep: true }, price: {}, trade_id: [], timestamp: {} })]],
    [['x'.repeat(10_000), 'y'.repeat(100_000)]],
  ];
}

const GOOD: [type: string, payload: Payload][] = [
  [
    'account.cash_flow',
    { event_id: 'good', type: 'DEPOSIT', amount: '1000', timestamp: '2026-02-15T00:00:00Z' },
  ],
  [
    'trade.opened',
    {
      ...{ trade_id: 'good', symbol: 'BTCUSDT', side: 'buy', entry_price: '100', quantity: '2' },
      timestamp: '2026-02-15T01:00:00Z',
    },
  ],
  [
    'trade.closed',
    {
      ...{ trade_id: 'good', symbol: 'BTCUSDT', side: 'LONG', exit_price: '110', quantity: '1' },
      timestamp: '2026-02-15T02:00:00Z',
    },
  ],
  ['market.tick', { symbol: 'BTCUSDT', price: new Num('120'), timestamp: '2026-02-15T03:00:00Z' }],
];

describe('noise and binary junk on every stream', () => {
  let stack: Stack;
  const rounds = junk();

  beforeAll(async () => {
    stack = await startStack();
    for (const type of [...GROUPED_TYPES, ...PRICE_TYPES]) {
      for (const pairs of rounds) await sendFields(stack.redis, streamOf(type), pairs);
      await sendFields(stack.redis, streamOf(type), { init: '1' });
    }
    for (const [type, payload] of GOOD) await send(stack.redis, type, 'V1', payload);
    await settled(stack.service, stack.redis, { timeoutMs: 60_000 });
  });
  afterAll(() => stack.stop());

  test('the good message behind it is applied', async () => {
    await eventually(async () => {
      const snapshot = (await stack.service.get('/api/portfolio/snapshot?numbers=string')).json();
      // Wallet 1000 + (110 − 100) × 1; unrealized (120 − 100) × 1.
      expect(snapshot).toMatchObject({ cash_balance: '1010', unrealized_pnl: '20', total_equity: '1030' });
      expect((snapshot['positions'] as Body[])[0]).toMatchObject({ size: '1', current_price: '120' });
    });
  });

  test('no account came into being by it', async () => {
    const { accounts } = (await stack.service.get('/api/portfolio/accounts')).json<{ accounts: Body[] }>();
    expect(accounts.map(({ account_id }) => account_id)).toEqual(['main']);
  });

  test.each(['trade.opened', 'trade.closed', 'account.cash_flow', 'account.balance', 'market.tick'])(
    '%s: every piece of it is kept as it was, in quarantine and in the dead letters',
    async (type) => {
      const [row] = await stack.database.query<{ kept: number }>(
        'SELECT count(*)::int AS kept FROM quarantine WHERE stream = $1',
        [streamOf(type)],
      );
      expect(row).toEqual({ kept: rounds.length });
      await eventually(async () => expect(await stack.redis.xlen(`quantum:dlq:${type}`)).toBe(rounds.length));
    },
  );

  test.each(['trade.opened', 'market.tick'])('%s: what is no text is kept byte for byte', async (type) => {
    const rows = await stack.database.query<{ fields: Buffer }>(
      'SELECT fields FROM quarantine WHERE stream = $1',
      [streamOf(type)],
    );
    const [field, value] = rounds[0]![0]! as [Buffer, Buffer];
    const keeps = (bytes: Buffer): boolean => rows.some(({ fields }) => fields.includes(bytes));
    expect([keeps(field), keeps(value)]).toEqual([true, true]);
  });

  test('the service is the same process, healthy, and its log has not grown with the junk', async () => {
    expect((await stack.service.get('/health')).json()).toMatchObject({ status: 'healthy' });
    expect(stack.service.logs().length).toBeLessThan(400_000);
  });
});
