import type { StoredTrade } from './layout.js';
import { storedTrade } from './layout.js';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'LINKUSDT', 'DOGEUSDT'];
const START = Date.UTC(2025, 0, 1);

/** A long history, the same each time: every tenth trade is still open, wins and losses take turns. */
export function* manyTrades(count: number): Generator<StoredTrade> {
  for (let i = 0; i < count; i += 1) {
    const opened = START + i * 20_000;
    const isOpen = i % 10 === 9 && i > count - 200;
    const entry = 100 + (i % 50);
    yield storedTrade({
      trade_id: `T${String(i).padStart(8, '0')}`,
      symbol: SYMBOLS[i % SYMBOLS.length]!,
      side: i % 3 === 0 ? 'SHORT' : 'LONG',
      status: isOpen ? 'OPEN' : 'CLOSED',
      quantity: 0.1 + (i % 7) / 10,
      entry_price: entry,
      entry_time: new Date(opened).toISOString().slice(0, -1),
      exit_price: isOpen ? null : entry + (i % 2 === 0 ? 1.5 : -1.25),
      exit_time: isOpen ? null : new Date(opened + 600_000).toISOString().slice(0, -1),
      pnl_usd: isOpen ? null : 12.5,
      entry_fee_usd: 0.04,
      exit_fee_usd: 0.04,
    });
  }
}
