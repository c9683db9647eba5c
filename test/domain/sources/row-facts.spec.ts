import { Refusal } from '../../../src/ledger/facts.js';
import { isoOf } from '../../../src/shared/periods.js';
import type { RowFacts } from '../../../src/sources/trade-store/row-facts.js';
import { factsOf } from '../../../src/sources/trade-store/row-facts.js';

const TELLING = { accountId: 'desk', origin: 'trade_store:sqlite' };
const OPEN = {
  trade_id: 'T1',
  symbol: 'btcusdt',
  side: 'LONG',
  status: 'OPEN',
  quantity: '0.5',
  leverage: '10.0',
  entry_price: '40000.0',
  entry_time: '2026-01-10T08:00:00.123456',
  entry_fee_usd: '8.0',
};
const CLOSED = {
  ...OPEN,
  status: 'CLOSED',
  exit_price: '41000',
  exit_time: '2026-01-11T08:00:00',
  exit_fee_usd: '8.2',
  funding_fees_usd: '1.5',
  pnl_usd: '5000',
};

const read = (values: Record<string, string>) =>
  factsOf({ key: 'T1', values: new Map(Object.entries(values)) }, TELLING);
const facts = (values: Record<string, string>) => read(values) as RowFacts;
const refusalOf = (values: Record<string, string>) => {
  try {
    read(values);
    return null;
  } catch (error) {
    return error instanceof Refusal ? error.code : error;
  }
};

describe('a row of a trade store', () => {
  test('that is open tells an open, its times in UTC', () => {
    const { opened, closed, remarks } = facts({
      ...OPEN,
      sl_price: '39000',
      tp_price: 'None',
      model: 'lgbm',
    });
    expect(opened).toMatchObject({
      kind: 'trade.opened',
      accountId: 'desk',
      source: 'trade_store:sqlite',
      eventId: null,
    });
    expect(opened).toMatchObject({
      tradeId: 'T1',
      symbol: 'BTCUSDT',
      side: 'LONG',
      model: 'lgbm',
      takeProfit: null,
    });
    expect([opened.quantity, opened.entryPrice, opened.fee, opened.stopLoss].map(String)).toEqual([
      '0.5',
      '40000',
      '8',
      '39000',
    ]);
    expect(isoOf(opened.occurredAt)).toBe('2026-01-10T08:00:00.123456+00:00');
    expect([closed, remarks]).toEqual([null, []]);
  });

  test('that is closed tells its end too: exit fee and funding as its cost, their PnL as a claim', () => {
    const { closed } = facts(CLOSED);
    expect(closed).toMatchObject({
      kind: 'trade.closed',
      tradeId: 'T1',
      whole: true,
      quantity: null,
      reportedPnl: null,
    });
    expect([closed!.fee, closed!.exitPrice, closed!.claimedPnl].map(String)).toEqual([
      '9.7',
      '41000',
      '5000',
    ]);
  });

  test('that tells no cost of closing leaves it unknown, and funding that was received lowers it', () => {
    const { exit_fee_usd: _fee, funding_fees_usd: _funding, ...bare } = CLOSED;
    expect(facts(bare).closed!.fee).toBeNull();
    expect(String(facts({ ...CLOSED, funding_fees_usd: '-10' }).closed!.fee)).toBe('-1.8');
  });

  test('whose PnL is a placeholder claims nothing', () => {
    expect(facts({ ...CLOSED, pnl_usd: '0.0', pnl_pct: '3.1' }).closed!.claimedPnl).toBeNull();
    expect(String(facts({ ...CLOSED, pnl_usd: '0.0', pnl_pct: '0.0' }).closed!.claimedPnl)).toBe('0');
  });

  test('loses a number that moves no money and cannot be read, and says so', () => {
    const bad = { leverage: 'lots', sl_price: '-1', tp_price: '1.2.3', pnl_usd: '12 USDT' };
    const { opened, closed, remarks } = facts({ ...CLOSED, ...bad });
    expect([
      opened.leverage,
      opened.stopLoss,
      opened.takeProfit,
      closed!.leverage,
      closed!.claimedPnl,
    ]).toEqual(Array(5).fill(null));
    expect(remarks).toEqual([
      'leverage_unreadable',
      'sl_price_unreadable',
      'tp_price_unreadable',
      'pnl_usd_unreadable',
    ]);
    expect(facts({ ...CLOSED, pnl_usd: '0', pnl_pct: '?' })).toMatchObject({
      remarks: ['pnl_pct_unreadable'],
    });
    expect(facts({ ...CLOSED, pnl_usd: '5', pnl_pct: '?', sl_price: 'nan' }).remarks).toEqual([]);
  });

  test.each([
    ['datetime.datetime(2026, 1, 10, 8, 0)', '2026-01-10T08:00:00.000000+00:00'],
    ['datetime.datetime(2026, 1, 10, 8, 0, 5, 123)', '2026-01-10T08:00:05.000123+00:00'],
    ['datetime(2026, 1, 10)', '2026-01-10T00:00:00.000000+00:00'],
    [
      'datetime.datetime(2026, 1, 10, 8, 0, tzinfo=datetime.timezone.utc)',
      '2026-01-10T08:00:00.000000+00:00',
    ],
    ['datetime.datetime(2026, 1, 10, 8, 0, tzinfo=<UTC>)', null],
    [
      'datetime.datetime(2026, 1, 10, 8, 0, tzinfo=datetime.timezone(datetime.timedelta(seconds=5400)))',
      '2026-01-10T06:30:00.000000+00:00',
    ],
    [
      'datetime.datetime(2026, 1, 10, 8, 0, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68400)))',
      '2026-01-10T13:00:00.000000+00:00',
    ],
    ['datetime.datetime(2026, 1, 10, 8, 0, tzinfo=zoneinfo.Somewhere)', null],
    ['datetime.datetime(2026, 13, 10, 8, 0)', null],
  ])('opened at %s', (entry_time, expected) => {
    const values = { ...OPEN, entry_time };
    if (expected === null) expect(refusalOf(values)).toBe('time_invalid');
    else expect(isoOf(facts(values).opened.occurredAt)).toBe(expected);
  });

  test('knows an enum by its module, too', () => {
    const values = {
      ...CLOSED,
      status: 'core.store.TradeStatus.CLOSED',
      side: '<core.PositionSide.LONG: 1>',
    };
    expect(facts(values)).toMatchObject({ opened: { side: 'LONG' }, closed: { whole: true } });
  });

  test.each([
    'PENDING',
    'CANCELLED',
    'FAILED',
    'TradeStatus.FAILED',
    "<TradeStatus.PENDING: 'pending'>",
    'cancelled',
  ])('of a trade that is %s tells nothing', (status) =>
    expect(read({ ...OPEN, status })).toHaveProperty('nothing'),
  );

  test('that took a part of its profit says that nobody knows how much is left', () => {
    expect(facts({ ...OPEN, status: 'PARTIAL_TP' })).toMatchObject({
      closed: null,
      remarks: ['partial_size_unknown'],
    });
  });

  test('without its own times falls back to those of the row, which are no content', () => {
    const { entry_time: _entry, ...open } = OPEN;
    expect(facts({ ...open, created_at: '2026-01-10T07:00:00' })).toMatchObject({
      opened: { timeFrom: 'envelope' },
      remarks: ['opened_at_by_created_at'],
    });
    const { exit_time: _exit, ...closed } = CLOSED;
    expect(facts({ ...closed, updated_at: '2026-01-12 07:00:00+00:00' })).toMatchObject({
      closed: { timeFrom: 'envelope' },
      remarks: ['closed_at_by_updated_at'],
    });
  });

  test.each([
    ['status_missing', { ...OPEN, status: 'None' }],
    ['status_unknown', { ...OPEN, status: 'ZOMBIE' }],
    ['trade_id_missing', { ...OPEN, trade_id: '' }],
    ['side_missing', { ...OPEN, side: '' }],
    ['side_unknown', { ...OPEN, side: 'UP' }],
    ['symbol_invalid', { ...OPEN, symbol: 'a b' }],
    ['quantity_missing', { ...OPEN, quantity: 'nan' }],
    ['quantity_invalid', { ...OPEN, quantity: '-1' }],
    ['entry_time_missing', { ...OPEN, entry_time: '' }],
    ['time_invalid', { ...OPEN, entry_time: 'soon' }],
    ['entry_price_missing', { ...CLOSED, entry_price: '0.0' }],
    ['exit_price_missing', { ...CLOSED, exit_price: '' }],
    ['exit_time_missing', { ...CLOSED, exit_time: 'None' }],
    ['exit_fee_usd_invalid', { ...CLOSED, exit_fee_usd: '-1' }],
    ['funding_fees_usd_invalid', { ...CLOSED, funding_fees_usd: 'much' }],
  ])('is refused as %s', (code, values) => expect(refusalOf(values)).toBe(code));

  test.each([
    ['{"signal_category": "core"}', 'CORE', 0],
    ["{'signal_category': 'TOXIC', 'a': None, 'b': (True, -1.5e3), \"it's\": ['x', {}]}", 'TOXIC', 0],
    ["{'signal_category': <SignalCategory.CORE: \"c\">, 'b': 1}", 'CORE', 0],
    ["{'signal_category': SignalCategory.EXPANSION, 'size': Decimal('0.1')}", 'EXPANSION', 0],
    ['{"signal_category": null}', null, 0],
    ['{"signal_category": ["CORE"]}', null, 0],
    ['"{\\"signal_category\\": \\"CORE\\"}"', 'CORE', 0],
    ['None', null, 0],
    ['[1, 2]', null, 1],
    ['{broken', null, 1],
    ["{'a': ", null, 1],
    ['5', null, 1],
    ['NaN', null, 0],
    ['{"signal_category": NaN}', null, 0],
    [
      "{'at': datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc), 'signal_category': 'CORE'}",
      'CORE',
      0,
    ],
    ["{'tags': {'a', 'b'}, 'signal_category': 'CORE'}", 'CORE', 0],
    ["{'a': f(b=)}", null, 1],
  ])('with the metadata %s is of category %s', (metadata, category, unreadable) => {
    const { opened, remarks } = facts({ ...OPEN, metadata });
    expect([opened.category, remarks.length]).toEqual([category, unreadable]);
  });

  test('with more metadata than anybody reads is taken without a category', () => {
    const { opened, remarks } = facts({ ...OPEN, metadata: `{'a': '${'x'.repeat(9_000_000)}'}` });
    expect([opened.category, remarks]).toEqual([null, ['metadata_unreadable']]);
  });

  test('is read whatever Python made of its numbers', () => {
    const values = { quantity: "Decimal('0.5')", entry_price: 'np.float64(40000.0)', entry_fee_usd: '1e-07' };
    const { opened } = facts({ ...OPEN, ...values });
    expect([opened.quantity, opened.entryPrice, opened.fee].map(String)).toEqual([
      '0.5',
      '40000',
      '0.0000001',
    ]);
  });
});
