import { Num } from './envelope.js';
import type { Stack } from './stack.js';
import { send } from './streams.js';

/** Sends a book with one long, one short, a win and a loss, all priced, and a second account that has only money. */
export async function fillBook(stack: Pick<Stack, 'redis'>): Promise<void> {
  const at = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const tell = (type: string, payload: Parameters<typeof send>[3]) => send(stack.redis, type, 'V1', payload);
  const open = (
    trade_id: string,
    symbol: string,
    side: string,
    price: string,
    quantity: string,
    minutes: number,
  ) =>
    tell('trade.opened', {
      trade_id,
      symbol,
      side,
      entry_price: price,
      quantity,
      leverage: '5',
      timestamp: at(minutes),
    });
  const close = (trade_id: string, symbol: string, exit_price: string, minutes: number) =>
    tell('trade.closed', { trade_id, symbol, side: 'LONG', exit_price, timestamp: at(minutes) });
  await tell('account.cash_flow', { event_id: 'start', type: 'DEPOSIT', amount: '10000', timestamp: at(50) });
  await open('long', 'BTCUSDT', 'buy', '42000', '0.2', 40);
  await open('short', 'BTCUSDT', 'sell', '43000', '0.1', 39);
  await open('win', 'ETHUSDT', 'buy', '2000', '1', 30);
  await close('win', 'ETHUSDT', '2030', 20);
  await open('loss', 'SOLUSDT', 'buy', '90', '1', 19);
  await close('loss', 'SOLUSDT', '80', 18);
  await tell('market.tick', { symbol: 'BTCUSDT', price: new Num('42741.13'), timestamp: at(1) });
  const other = { account_id: 'second', event_id: 'other', type: 'DEPOSIT', amount: '5', timestamp: at(3) };
  await tell('account.cash_flow', other);
}
