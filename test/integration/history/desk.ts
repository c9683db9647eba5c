import { Num } from '../../support/envelope.js';
import { eventually } from '../../support/eventually.js';
import { send } from '../../support/streams.js';
import { listen, type RunningApp } from '../http/app.js';

export type Body = Record<string, unknown>;

/** One running application, and the words to tell it facts and prices and to ask it, with every number as exact text. */
export interface Desk {
  readonly running: RunningApp;
  deposit(amount: string, at?: Date): Promise<void>;
  withdraw(amount: string): Promise<void>;
  open(tradeId: string, more?: Record<string, string>): Promise<void>;
  close(tradeId: string, exitPrice: string, more?: Record<string, string>): Promise<void>;
  /** Sends a price dated now and returns when it values what is held. */
  mark(price: string, symbol?: string): Promise<void>;
  ask(route: string): Promise<Body>;
  trade(tradeId: string): Promise<Body>;
  stop(): Promise<void>;
}

export async function openDesk(env: Record<string, string> = {}): Promise<Desk> {
  const running = await listen(env);
  await running.start();
  const redis = running.redis.client();
  let facts = 0;
  const ask = async (route: string): Promise<Body> =>
    (await running.get(`/api/portfolio/${route}${route.includes('?') ? '&' : '?'}numbers=string`)).json();
  const tell = async (type: string, payload: Parameters<typeof send>[3], at = new Date()): Promise<void> => {
    await send(redis, type, 'V1', { timestamp: at.toISOString(), ...payload });
    facts += 1;
    await eventually(async () => expect((await ask('snapshot'))['version']).toBe(facts));
  };
  const flow = (type: string, amount: string, at?: Date) =>
    tell('account.cash_flow', { event_id: `flow-${facts}`, type, amount }, at);
  return {
    running,
    deposit: (amount, at) => flow('DEPOSIT', amount, at),
    withdraw: (amount) => flow('WITHDRAWAL', amount),
    open: (trade_id, more = {}) =>
      tell('trade.opened', {
        ...{ trade_id, symbol: 'BTCUSDT', side: 'buy', entry_price: '100', quantity: '1' },
        ...more,
      }),
    close: (trade_id, exit_price, more = {}) =>
      tell('trade.closed', { trade_id, symbol: 'BTCUSDT', exit_price, ...more }),
    mark: async (price, symbol = 'BTCUSDT') => {
      await send(redis, 'market.tick', 'V1', {
        symbol,
        price: new Num(price),
        timestamp: new Date().toISOString(),
      });
      await eventually(async () => {
        const held = (await ask('positions'))['positions'] as Body[];
        expect(held.find((position) => position['symbol'] === symbol)).toMatchObject({
          current_price: price,
        });
      });
    },
    ask,
    trade: async (tradeId) => {
      const trades = (await ask('trades'))['trades'] as Body[];
      return trades.find((trade) => trade['trade_id'] === tradeId)!;
    },
    stop: () => running.stop(),
  };
}
