import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { outcome } from './support.js';

interface Sample {
  readonly stream: string;
  readonly fields: Record<string, string>;
}

const PREFIX = 'quantum:stream:';
const samples = JSON.parse(readFileSync(resolve('test/fixtures/inbound.json'), 'utf8')) as Sample[];

const HEADER = { accountId: 'main', eventId: null, source: null };
const CLOSED = {
  ...HEADER,
  kind: 'trade.closed',
  tradeId: null,
  side: null,
  entryPrice: null,
  exitPrice: null,
  quantity: null,
  reportedPnl: null,
  reportedPnlPct: null,
  fee: null,
  orderId: null,
  leverage: null,
  reason: null,
  model: null,
};
const EXECUTED = {
  ...HEADER,
  kind: 'order.executed',
  orderId: null,
  executionId: null,
  tradeId: null,
  quantity: null,
  side: null,
  price: null,
  fee: null,
  feeCurrency: null,
  leverage: null,
  reduceOnly: null,
};
const OPENED = {
  ...HEADER,
  kind: 'trade.opened',
  source: 'execution',
  leverage: null,
  stopLoss: null,
  takeProfit: null,
  fee: null,
  category: null,
  model: null,
};
const TRIPPED = {
  ...HEADER,
  kind: 'ess.tripped',
  source: 'risk_safety',
  severity: 'CRITICAL',
  dailyDrawdownPct: null,
  openLossPct: null,
  currentDrawdownPct: null,
};
const POLICY = { kind: 'policy.updated', key: null, value: null, version: null };

const mark = (symbol: string, price: string, at: number, source = 'market.tick') => {
  return { kind: 'mark', symbol, price, at, source };
};

/** An order that the exchange acknowledged but that was not polled: FILLED without a price, a fee or a size. */
const UNPOLLED = {
  ...EXECUTED,
  source: 'execution-service',
  occurredAt: 1770348995832383,
  orderId: '234787678',
  symbol: 'XMRUSDT',
  side: 'BUY',
  leverage: '5',
  executed: true,
  status: 'FILLED',
};
/** The price of a rejected order is the one it was sent with; its order id is a placeholder. */
const REJECTED = {
  ...EXECUTED,
  source: 'execution-service',
  occurredAt: 1770679225849497,
  symbol: 'BTCUSDT',
  side: 'SELL',
  price: '71208.945',
  fee: '0',
  leverage: '5',
  executed: false,
  status: 'REJECTED',
};

/** In the order of the file: what each message says, and what becomes of it. A text is the code of a refusal. */
const EFFECTS: [what: string, effect: Record<string, unknown> | string][] = [
  [
    'a flat close by the autonomous trader, without trade id and quantity',
    {
      ...CLOSED,
      source: 'autonomous_trader',
      occurredAt: 1771123813389352,
      symbol: 'ETHUSDT',
      side: 'SHORT',
      entryPrice: '2060.73',
      exitPrice: '2058.31',
      reportedPnl: '0.71',
      reportedPnlPct: '0.12',
      orderId: '8321137723',
      reason: 'FEE_PROTECTION_net_R=-0.0 (gross=0.0, fees_eaten=0.04R over 0.0h)',
      model: 'autonomous_exit',
    },
  ],
  [
    'a flat close with 17 decimals',
    {
      ...CLOSED,
      source: 'autonomous_trader',
      occurredAt: 1771363595884213,
      symbol: 'ALICEUSDT',
      side: 'SHORT',
      entryPrice: '0.1104977523725',
      exitPrice: '0.11384645177535838',
      reportedPnl: '-6.03',
      reportedPnlPct: '-3.03',
      orderId: '89628152',
      reason: 'emergency_stop_loss (R=-1.52)',
      model: 'autonomous_exit',
    },
  ],
  ['a tick with float seconds', mark('SOLUSDT', '84.94', 1771364397517197)],
  ['another tick', mark('BNBUSDT', '617.1', 1771364767664869)],
  [
    'a policy update with seven digits of a second, cut to microseconds',
    { ...POLICY, version: '1.0.0-ai-v1', occurredAt: 1770557817599522 },
  ],
  ['another policy update', { ...POLICY, version: '1.0.0-ai-v1', occurredAt: 1770667391783314 }],
  ['a closed candle, at its end', mark('INJUSDT', '3.142', 1771304759999000, 'market.klines')],
  ['another candle', mark('SOLUSDT', '85.05', 1771364759999000, 'market.klines')],
  [
    'an exchange position',
    {
      kind: 'position.snapshot',
      accountId: 'main',
      occurredAt: 1771362498000000,
      source: 'balance-tracker',
      symbol: 'A2ZUSDT',
      side: 'SHORT',
      quantity: '946857',
      entryPrice: '0.0009494375053',
      markPrice: '0.0009640075053',
      unrealizedPnl: '-13.79570649',
      leverage: '20',
    },
  ],
  [
    'an exchange position of a multiplier symbol',
    {
      kind: 'position.snapshot',
      accountId: 'main',
      occurredAt: 1771364740000000,
      source: 'balance-tracker',
      symbol: '1000CHEEMSUSDT',
      side: 'SHORT',
      quantity: '206748',
      entryPrice: '0.0004880077137',
      markPrice: '0.0004870077137',
      unrealizedPnl: '0.206748',
      leverage: '20',
    },
  ],
  ['a plan that was skipped', { kind: 'ignored', reason: 'not_an_execution' }],
  ['another skipped plan', { kind: 'ignored', reason: 'not_an_execution' }],
  ['the mirror of an unpolled execution', UNPOLLED],
  ['the mirror of a rejection', REJECTED],
  [
    'a balance',
    {
      kind: 'account.balance',
      accountId: 'main',
      occurredAt: 1771361256000000,
      source: null,
      walletBalance: '3920.26822534',
      available: '3414.48773942',
      marginUsed: '399.13459206',
      unrealizedPnl: '-101.64711317',
      positions: 13,
    },
  ],
  [
    'the balance of the recorded account',
    {
      kind: 'account.balance',
      accountId: 'main',
      occurredAt: 1771364740000000,
      source: null,
      walletBalance: '3902.68617702',
      available: '3378.35427135',
      marginUsed: '419.81892415',
      unrealizedPnl: '-101.40761817',
      positions: 14,
    },
  ],
  ['an unpolled execution', UNPOLLED],
  ['a rejection', REJECTED],
  [
    'an opened long',
    {
      ...OPENED,
      occurredAt: 1764835200123456,
      tradeId: 'ORDER_BTCUSDT_1764835200',
      symbol: 'BTCUSDT',
      side: 'LONG',
      entryPrice: '42000',
      quantity: '0.2',
      leverage: '5',
    },
  ],
  [
    'a market order: price unknown',
    {
      ...OPENED,
      occurredAt: 1764835260000001,
      tradeId: 'ORDER_ETHUSDT_1764835260',
      symbol: 'ETHUSDT',
      side: 'SHORT',
      entryPrice: null,
      quantity: '1.5',
    },
  ],
  [
    'a close that tells nothing but a PnL',
    { ...CLOSED, source: 'execution', occurredAt: 1764841200000000, symbol: 'BTCUSDT', reportedPnl: '-12.5' },
  ],
  [
    'a close whose PnL of 0.0 is a placeholder',
    {
      ...CLOSED,
      source: 'intent_executor_main',
      occurredAt: 1771409472131415,
      symbol: 'BTCUSDT',
      side: 'LONG',
      entryPrice: '68000.5',
      exitPrice: '68120',
      reportedPnlPct: '0.18',
      orderId: '8321137999',
      reason: 'main_lane_flat',
      model: 'main_lane_close',
    },
  ],
  [
    'a close by a SELL order: a long',
    {
      ...CLOSED,
      occurredAt: 1766931316171819,
      symbol: 'BTCUSDT',
      side: 'LONG',
      exitPrice: '95320.5',
      reportedPnlPct: '1.27',
      leverage: '10',
      model: 'ensemble',
    },
  ],
  ['a paper trade', { kind: 'ignored', reason: 'paper_trade' }],
  [
    'an executed order',
    {
      ...EXECUTED,
      source: 'execution',
      occurredAt: 1771123813000000,
      orderId: '8321137723',
      symbol: 'ETHUSDT',
      quantity: '0.295',
      side: 'BUY',
      price: '2058.31',
      executed: true,
      status: 'FILLED',
    },
  ],
  [
    'a rejected signal: symbol and side are nested',
    {
      ...EXECUTED,
      source: 'execution',
      occurredAt: 1766550736000000,
      tradeId: 'T000018',
      symbol: 'NEARUSDT',
      side: 'BUY',
      leverage: '1',
      executed: false,
      status: 'REJECTED',
    },
  ],
  [
    'a blocked signal',
    {
      ...EXECUTED,
      source: 'execution',
      occurredAt: 1766550780000000,
      tradeId: 'T000019',
      symbol: 'NEARUSDT',
      side: 'BUY',
      executed: false,
      status: 'BLOCKED',
    },
  ],
  [
    'a flat execution with epoch seconds',
    {
      ...EXECUTED,
      occurredAt: 1768723200000000,
      orderId: 'test_entry_1768723200',
      symbol: 'ETHUSDT',
      quantity: '1',
      side: 'BUY',
      price: '3000',
      executed: true,
      status: 'FILLED',
    },
  ],
  ['a price on the execution stream: no fill', mark('ETHUSDT', '3050', 1768723205000000, 'exchange.raw')],
  ['an attribution row', { kind: 'ignored', reason: 'not_an_execution' }],
  [
    'an executed plan that reduces',
    {
      ...EXECUTED,
      source: 'intent_executor',
      occurredAt: 1773500100000000,
      orderId: '9988776655',
      symbol: 'BTCUSDT',
      quantity: '-0.002',
      side: 'SELL',
      executed: true,
      status: 'FILLED',
      reduceOnly: true,
    },
  ],
  [
    'an emergency stop with metrics',
    {
      ...TRIPPED,
      occurredAt: 1767607200000000,
      reason: 'Daily drawdown 6.20% >= 5.00%',
      dailyDrawdownPct: '6.2',
      openLossPct: '1.1',
    },
  ],
  ['an emergency stop without severity', { ...TRIPPED, occurredAt: 1767607200000000, reason: 'Unknown' }],
  [
    'an emergency stop with a level and no time of its own',
    {
      ...TRIPPED,
      occurredAt: 1767607200001000,
      timeFrom: 'envelope',
      reason: 'Drawdown exceeded 10%',
      currentDrawdownPct: '12.5',
    },
  ],
  ['a tick that is a payload alone', mark('BTCUSDT', '87680', 1766550734062679)],
  ['a tick without event_type', mark('ETHUSDT', '2951.7', 1766716225123456)],
  ['a flat tick', mark('BTCUSDT', '42500', 1768780800123456)],
  ['a simulated tick', mark('BTCUSDT', '50000', 1764835200000000)],
  [
    'a changed policy value',
    { ...POLICY, key: 'ess.max_daily_loss_pct', value: '0.04', occurredAt: 1767607200000000 },
  ],
  ['a changed policy mode', { ...POLICY, value: 'DEFENSIVE', occurredAt: 1767607200000000 }],
  ['cut-off JSON', 'malformed_json'],
  ['an empty payload', 'payload_empty'],
  ['a price that is the text NaN', 'price_invalid'],
  ['a bare NaN price', 'price_invalid'],
];

describe('every message of the live system', () => {
  test('is in the table', () => expect(EFFECTS).toHaveLength(samples.length));

  test.each(EFFECTS.map(([what, effect], index) => [index, what, effect] as const))(
    '%d: %s',
    (index, _what, effect) => {
      const { stream, fields } = samples[index]!;
      const type = stream.slice(PREFIX.length);
      expect(outcome(type, Object.entries(fields).flat())).toEqual(effect);
      expect(outcome(type, fields)).toEqual(effect);
    },
  );
});
