import type { Payload } from './envelope.js';

/** Everything happens within the nine hours before the test. */
const START = Date.now() - 9 * 3_600_000;
/** The moment so many minutes into them. */
export const time = (minute: number): string => new Date(START + minute * 60_000).toISOString();

/** One case of everything that can make a fold differ from the path that led to it, in a symbol of its own. */
export async function tellOddities(
  tell: (type: string, payload: Payload) => Promise<unknown>,
): Promise<void> {
  const open = (trade_id: string, symbol: string, minute: number, rest: Payload = {}): Promise<unknown> => {
    const trade = {
      trade_id,
      symbol,
      side: 'buy',
      entry_price: '100',
      quantity: '2',
      timestamp: time(minute),
    };
    return tell('trade.opened', { ...trade, ...rest });
  };
  const close = (symbol: string, minute: number, rest: Payload = {}): Promise<unknown> =>
    tell('trade.closed', { symbol, side: 'LONG', exit_price: '110', timestamp: time(minute), ...rest });
  // Parked and never found; parked and settled late; booked by itself and joined to its open later.
  await close('PARKUSDT', 30);
  await close('LATEUSDT', 30, { trade_id: 'late' });
  await open('late', 'LATEUSDT', 1);
  await close('JOINUSDT', 30, { entry_price: '100', pnl_usd: '7', quantity: '2' });
  await open('joined', 'JOINUSDT', 1);
  // A late open that takes an unnamed close away, repeats, a conflict, another source that differs.
  await open('young', 'OLDUSDT', 10, { entry_price: '105', quantity: '1' });
  await close('OLDUSDT', 30, { quantity: '1', order_id: 'O-1' });
  await open('old', 'OLDUSDT', 5, { quantity: '1' });
  await close('OLDUSDT', 30, { quantity: '1', order_id: 'O-1' });
  await open('old', 'OLDUSDT', 5, { quantity: '3' });
  await open('old', 'OLDUSDT', 5, { quantity: '3', source: 'another' });
  // Over-closed, and a reported PnL that does not fit: two discrepancies.
  await open('over', 'OVERUSDT', 1);
  await close('OVERUSDT', 20, { trade_id: 'over', quantity: '5', realized_pnl: '100' });
  // Market orders: a mark stands in; the price comes by a supplement, an execution, a close, or never.
  await tell('market.tick', { symbol: 'MKTUSDT', price: '99', timestamp: new Date().toISOString() });
  for (const id of ['supplemented', 'executed', 'closed', 'never', 'partly'])
    await open(id, 'MKTUSDT', 2, { entry_price: '0.0' });
  await open('supplemented', 'MKTUSDT', 2, { fee: '0.25', stop_loss: '90' });
  await tell('order.executed', {
    ...{ order_id: 'executed', symbol: 'MKTUSDT', side: 'BUY', price: '101', quantity: '2' },
    timestamp: time(2),
  });
  await close('MKTUSDT', 40, { trade_id: 'closed', entry_price: '102', order_id: 'O-2' });
  await close('MKTUSDT', 41, { trade_id: 'partly', quantity: '0.5', order_id: 'O-3' });
  // Corrections: void and replaced, after the fact and before it.
  const correct = (symbol: string, minute: number, rest: Payload): Promise<unknown> =>
    tell('trade.corrected', { symbol, timestamp: time(minute), ...rest });
  const right = { trade_id: 'wrong', symbol: 'FIXUSDT', side: 'buy', entry_price: '100', quantity: '1' };
  await open('wrong', 'FIXUSDT', 3, { entry_price: '1000', event_id: 'wrong-open' });
  await close('FIXUSDT', 30, { trade_id: 'wrong', quantity: '0.5', order_id: 'O-4' });
  await correct('FIXUSDT', 60, {
    corrects: 'wrong-open',
    replacement: { event_type: 'trade.opened', ...right, timestamp: time(4) },
  });
  await correct('SOONUSDT', 61, { corrects: 'not-yet', action: 'void' });
  await correct('SOONUSDT', 62, { corrects: 'never-came', action: 'void' });
  await open('soon', 'SOONUSDT', 3, { event_id: 'not-yet' });
}
