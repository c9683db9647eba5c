import type { StoredTrade } from './layout.js';
import { storedTrade } from './layout.js';

/**
 * Every form that a store holds. What it comes to, by hand (net = gross − fees − funding; theirs multiplies by leverage):
 *
 * | trade     | gross                    | fees and funding  | net     | theirs |
 * |-----------|--------------------------|-------------------|---------|--------|
 * | long      | (41000 − 40000) × 0.5    | 8 + 8.2 + 1.5     |  482.3  |   5000 |
 * | short     | (2000 − 2050) × 2        | 1.6 + 1.64        | −103.24 |   −500 |
 * | repr      | (10.5 − 10) × 100        | none told         |   50    |     50 |
 * | late-exit | (33 − 30) × 1            | 0                 |    3    |      3 |
 * | held      | open                     | 0.4               |   −0.4  |      – |
 * | partial   | open as far as is known  | 1.68              |   −1.68 |      – |
 *
 * realized 482.3 − 103.24 + 50 + 3 − 0.4 − 1.68 = 429.98; four closed, three won: 535.3 ÷ 103.24.
 */
export const DIRTY_TRADES: readonly StoredTrade[] = [
  storedTrade({
    trade_id: 'long',
    status: 'CLOSED',
    quantity: 0.5,
    entry_price: 40000,
    exit_price: 41000,
    exit_time: '2026-01-11T09:30:00',
    close_reason: 'TAKE_PROFIT',
    pnl_usd: 5000,
    pnl_pct: 25,
    entry_fee_usd: 8,
    exit_fee_usd: 8.2,
    funding_fees_usd: 1.5,
  }),
  storedTrade({
    trade_id: 'short',
    symbol: 'ETHUSDT',
    side: 'SHORT',
    status: 'CLOSED',
    quantity: 2,
    leverage: 5,
    entry_price: 2000,
    exit_price: 2050,
    exit_time: '2026-01-12T00:00:00.5Z',
    pnl_usd: -500,
    entry_fee_usd: 1.6,
    exit_fee_usd: 1.64,
    metadata: null,
  }),
  storedTrade({ trade_id: 'held', symbol: 'SOLUSDT', quantity: 10, entry_fee_usd: 0.4, sl_price: 95 }),
  storedTrade({
    trade_id: 'partial',
    side: 'SHORT',
    status: 'PARTIAL_TP',
    quantity: 0.1,
    entry_price: 42000,
    entry_fee_usd: 1.68,
  }),
  storedTrade({
    trade_id: 'repr',
    symbol: 'LINKUSDT',
    side: 'PositionSide.LONG',
    status: 'TradeStatus.CLOSED',
    quantity: "Decimal('100')",
    leverage: 1,
    entry_price: 10,
    entry_time: '2026-02-01 10:00:00+00:00',
    exit_price: 10.5,
    exit_time: '2026-02-01 12:00:00.250000+00:00',
    close_reason: "<CloseReason.MANUAL: 'manual'>",
    pnl_usd: 50,
    entry_fee_usd: 'None',
    exit_fee_usd: null,
    funding_fees_usd: 'nan',
    sl_price: 'None',
    metadata: "{'signal_category': SignalCategory.EXPANSION, 'a': None, 'b': True, 'c': (1, 'it\\'s')}",
  }),
  storedTrade({
    trade_id: 'late-exit',
    symbol: 'AVAXUSDT',
    status: 'CLOSED',
    leverage: 1,
    entry_price: 30,
    exit_price: 33,
    pnl_usd: 3,
    metadata: '{broken',
    updated_at: '2026-01-15T00:00:00',
  }),
  storedTrade({ trade_id: 'waiting', status: 'PENDING' }),
  storedTrade({ trade_id: 'called-off', status: 'CANCELLED' }),
  storedTrade({ trade_id: 'went-wrong', status: 'TradeStatus.FAILED' }),
  storedTrade({ trade_id: 'no-exit', status: 'CLOSED', exit_time: '2026-01-11T00:00:00' }),
  storedTrade({
    trade_id: 'no-entry',
    status: 'CLOSED',
    entry_price: 0,
    exit_price: 5,
    exit_time: '2026-01-11T00:00:00',
  }),
  storedTrade({ trade_id: 'no-size', quantity: 0 }),
  storedTrade({ trade_id: 'no-side', side: 'UP' }),
  storedTrade({ trade_id: 'odd', status: 'ZOMBIE' }),
  storedTrade({ trade_id: 'bad-time', entry_time: 'yesterday' }),
  storedTrade({ trade_id: 'ahead', status: 'CLOSED', exit_price: 101, exit_time: '2099-01-01T00:00:00' }),
];

/** How many of them become what. */
export const DIRTY_COUNTS = { rows: 16, taken: 6, nothing: 3, refused: 7 };
