import { Decimal } from '../../src/shared/decimal.js';
import type { Payload } from './envelope.js';
import type { Stack } from './stack.js';
import { send, settled } from './streams.js';

/** A position as the exchange reports it: size is absolute. */
export interface ReportedPosition {
  readonly symbol: string;
  readonly side: 'LONG' | 'SHORT';
  readonly quantity: string;
  readonly entry: string;
  readonly mark: string;
}

const gainOf = ({ side, quantity, entry, mark }: ReportedPosition): Decimal => {
  const gain = Decimal.parse(mark).minus(Decimal.parse(entry)).times(Decimal.parse(quantity));
  return side === 'LONG' ? gain : gain.negated();
};

/** So many positions whose unrealized PnL sums exactly to `unrealized`: the last one makes up for the others. */
export function positionsWorth(count: number, unrealized: string): ReportedPosition[] {
  const some = Array.from({ length: count - 1 }, (_, i): ReportedPosition => {
    const side = i % 3 === 0 ? 'LONG' : 'SHORT';
    return {
      symbol: `P${i}USDT`,
      side,
      quantity: `${946_857 - i * 7_001}.0`,
      entry: `0.00094943750${i + 1}`,
      mark: '0.0009640075053',
    };
  });
  const missing = Decimal.parse(unrealized).minus(Decimal.sum(some.map(gainOf)));
  const entry = Decimal.parse('1000').minus(missing).toString();
  return [...some, { symbol: 'LASTUSDT', side: 'LONG', quantity: '1', entry, mark: '1000' }];
}

/** Whole seconds since the epoch, as the exchange's tracker stamps. */
export const secondsAgo = (seconds: number): string => String(Math.floor(Date.now() / 1000) - seconds);

export interface ExchangeReport {
  readonly wallet: string;
  readonly positions: readonly ReportedPosition[];
  /** Whole seconds since the epoch. */
  readonly at: string;
  /** How many positions the wallet's message counts; as many as there are, unless told. */
  readonly count?: number;
  readonly account?: string;
}

/** Sends what the tracker sends: the wallet first, then each position, flat fields, every value a text. */
export async function reportAll(stack: Stack, report: ExchangeReport): Promise<void> {
  const { wallet, positions, at, account } = report;
  const common: Payload = { timestamp: at, ...(account && { account_id: account }) };
  const balance = { balance: wallet, available: '1', positions: String(report.count ?? positions.length) };
  await send(stack.redis, 'account.balance', 'V8', { ...balance, ...common });
  for (const one of positions) await send(stack.redis, 'position.snapshot', 'V8', snapshotOf(one, common));
  await settled(stack.service, stack.redis);
}

export function snapshotOf(one: ReportedPosition, common: Payload): Payload {
  return {
    symbol: one.symbol,
    side: one.side,
    position_qty: one.quantity,
    entry_price: one.entry,
    mark_price: one.mark,
    unrealized_pnl: gainOf(one).toString(),
    leverage: '20',
    margin_type: 'cross',
    ...common,
    source: 'balance-tracker',
  };
}
