import type { Redis } from 'ioredis';
import { Num, type Payload } from './envelope.js';
import type { Stack } from './stack.js';
import { send, settled } from './streams.js';

const MINUTE = 60_000;

export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 60 * MINUTE).toISOString();
const minutesAgo = (minutes: number): string => hoursAgo(minutes / 60);

type Told = readonly [type: string, payload: Payload];

const opened = (
  id: string,
  symbol: string,
  side: string,
  price: string,
  quantity: string,
  at: string,
  more: Payload = {},
): Told => [
  'trade.opened',
  {
    event_id: `open-${id}`,
    trade_id: id,
    symbol,
    side,
    entry_price: price,
    quantity,
    timestamp: at,
    ...more,
  },
];
const closed = (event: string, symbol: string, at: string, more: Payload): Told => [
  'trade.closed',
  { event_id: event, symbol, side: 'LONG', timestamp: at, ...more },
];
const flow = (event_id: string, type: string, amount: string, at: string, more: Payload = {}): Told => [
  'account.cash_flow',
  { event_id, type, amount, timestamp: at, ...more },
];
const fill = (
  order: string,
  symbol: string,
  side: string,
  price: string,
  quantity: string,
  at: string,
  more: Payload = {},
): Told => ['order.executed', { order_id: order, symbol, side, price, quantity, timestamp: at, ...more }];
const tick = (symbol: string, price: string): Told => [
  'market.tick',
  { symbol, price: new Num(price), timestamp: minutesAgo(0.1) },
];

/** Deposits, fees and funding over four days; every way in which a trade can open and close. */
const FIRST: readonly Told[] = [
  flow('start', 'DEPOSIT', '10000', hoursAgo(72)),
  flow('out', 'WITHDRAWAL', '500.5', hoursAgo(50)),
  flow('funding', 'FUNDING', '-1.25', hoursAgo(26), { symbol: 'ETHUSDT' }),
  flow('fee', 'FEE', '0.4', minutesAgo(90)),
  // A fee of 0.1 for 3: each third is divided.
  opened('partial', 'BTCUSDT', 'buy', '100', '3', hoursAgo(48), { fee: '0.1' }),
  closed('partial-1', 'BTCUSDT', hoursAgo(25), {
    trade_id: 'partial',
    quantity: '1',
    exit_price: '110',
    fee: '0.05',
  }),
  closed('partial-2', 'BTCUSDT', minutesAgo(80), {
    ...{ trade_id: 'partial', quantity: '1', exit_price: '111', realized_pnl: '10.9' },
  }),
  opened('e1', 'ETHUSDT', 'buy', '2000', '1', hoursAgo(20)),
  opened('e2', 'ETHUSDT', 'buy', '2100', '2', hoursAgo(19), { fee: '0.3' }),
  closed('unnamed', 'ETHUSDT', minutesAgo(70), { quantity: '2', exit_price: '2050', realized_pnl: '10' }),
  opened('over', 'SOLUSDT', 'buy', '90', '1', hoursAgo(10)),
  closed('over-close', 'SOLUSDT', minutesAgo(60), {
    trade_id: 'over',
    quantity: '3',
    exit_price: '80',
    realized_pnl: '-31',
  }),
  closed('orphan', 'LINKUSDT', minutesAgo(55), {
    ...{ trade_id: 'ghost', quantity: '2', entry_price: '14', exit_price: '15', realized_pnl: '1.9' },
  }),
  closed('waiting', 'UNIUSDT', minutesAgo(54), { trade_id: 'never', quantity: '4' }),
  opened('off', 'AVAXUSDT', 'buy', '30', '1', hoursAgo(5)),
  closed('off-close', 'AVAXUSDT', minutesAgo(50), { trade_id: 'off', exit_price: '31', realized_pnl: '5' }),
  opened('blind', 'ADAUSDT', 'buy', '0.0', '10', hoursAgo(4)),
  closed('blind-close', 'ADAUSDT', minutesAgo(45), { trade_id: 'blind', quantity: '5', exit_price: '0.5' }),
  opened('short', 'BTCUSDT', 'sell', '120', '2', hoursAgo(4), { fee: '0.07' }),
  opened('dog', 'DOGEUSDT', 'sell', '0.2', '1000', hoursAgo(3)),
  closed('dog-part', 'DOGEUSDT', minutesAgo(40), {
    trade_id: 'dog',
    side: 'SHORT',
    quantity: '300',
    exit_price: '0.19',
  }),
  opened('quiet', 'AAVEUSDT', 'buy', '70', '0.7', hoursAgo(2)),
  // Averages that no decimal holds, a fee in the base asset and a reversal, where fills are the source.
  fill('f1', 'BTCUSDT', 'BUY', '100', '1', hoursAgo(47), { fee: '0.1' }),
  fill('f2', 'BTCUSDT', 'BUY', '101', '2', hoursAgo(46), { fee: '0.001', fee_currency: 'BTC' }),
  fill('f3', 'BTCUSDT', 'SELL', '105', '1', hoursAgo(2)),
  fill('f4', 'ETHUSDT', 'SELL', '2000', '3', hoursAgo(2)),
  fill('f5', 'ETHUSDT', 'BUY', '2010', '4', hoursAgo(1), { fee: '0.7' }),
  fill('f6', 'DOGEUSDT', 'SELL', '0.2', '700', hoursAgo(1)),
];

/** What comes late, is told again otherwise, or is corrected. */
const SECOND: readonly Told[] = [
  opened('e0', 'ETHUSDT', 'buy', '1900', '1', hoursAgo(21)),
  fill('f0', 'BTCUSDT', 'BUY', '99', '1', hoursAgo(49)),
  opened('e1', 'ETHUSDT', 'buy', '2001', '1', hoursAgo(20)),
  [
    'trade.corrected',
    {
      event_id: 'void',
      symbol: 'AVAXUSDT',
      corrects: 'unknown-to-us',
      action: 'VOID',
      timestamp: minutesAgo(9),
    },
  ],
  flow('in', 'DEPOSIT', '250', minutesAgo(8)),
];

const PRICES: readonly Told[] = [
  ...[tick('BTCUSDT', '113.37'), tick('ETHUSDT', '2049.995'), tick('DOGEUSDT', '0.187')],
  ...[tick('LINKUSDT', '15.5'), tick('ADAUSDT', '0.45'), tick('SOLUSDT', '81')],
];

/** Sends a history that holds every way in which money is booked, in three waves. */
export async function fillRichBook(stack: Stack): Promise<void> {
  for (const wave of [FIRST, PRICES, SECOND]) {
    for (const [type, payload] of wave) await tell(stack.redis, type, payload);
    await settled(stack.service, stack.redis);
  }
}

/** Sends this many facts as fast as Redis takes them: deposits and fees by turns, so that each changes the wallet. */
export async function fillBusily(stack: Stack, facts: number): Promise<void> {
  for (let i = 1; i <= facts; i += 1)
    await tell(stack.redis, ...flow(`busy-${i}`, i % 2 === 0 ? 'DEPOSIT' : 'FEE', `0.${i}1`, minutesAgo(5)));
}

function tell(redis: Redis, type: string, payload: Payload): Promise<string> {
  return send(redis, type, 'V1', payload);
}
