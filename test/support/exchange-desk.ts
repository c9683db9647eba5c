import { eventually } from './eventually.js';
import type { FakeExchange, FakeOptions } from './fake-exchange/fake-exchange.js';
import { startFakeExchange } from './fake-exchange/fake-exchange.js';
import { startStack, type Stack } from './stack.js';

/** An exchange and a service that reads it, with times short enough to wait for. */
export interface ExchangeDesk {
  readonly exchange: FakeExchange;
  readonly stack: Stack;
  snapshot(): Promise<Snapshot>;
  /** The component `exchange` of /health. */
  health(): Promise<{ status: string; message: string }>;
  /** Waits until the service has read the account whole, `times` more times. */
  synced(times?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Snapshot {
  readonly cash_balance: string;
  readonly total_equity: string;
  readonly realized_pnl_today: string;
  readonly positions: readonly {
    symbol: string;
    side: string;
    size: string;
    entry_price: string;
    current_price: string;
    price_source: string;
  }[];
  readonly warnings: readonly string[];
}

export const SHORT_TIMES = {
  PORTFOLIO_BINANCE_SYNC_SEC: '1',
  PORTFOLIO_BINANCE_RETRY_MS: '20',
  PORTFOLIO_BINANCE_PING_SEC: '1',
  PORTFOLIO_POSITION_SOURCE: 'fills',
};

/** `past`: what happened on the exchange before the service knew it. */
export async function startExchangeDesk(
  options: FakeOptions = {},
  env: Record<string, string | undefined> = {},
  past: (exchange: FakeExchange) => void = () => undefined,
): Promise<ExchangeDesk> {
  const exchange = await startFakeExchange({ marksMs: 100, ...options });
  past(exchange);
  const stack = await startStack({ env: { ...SHORT_TIMES, ...exchange.settings(), ...env } }).catch(
    async (failure: unknown) => {
      await exchange.stop();
      throw failure;
    },
  );
  const get = async <T>(path: string) => (await stack.service.get(path)).json<T>();
  return {
    exchange,
    stack,
    snapshot: () => get<Snapshot>('/api/portfolio/snapshot?numbers=string'),
    health: async () => {
      const { components } = await get<{ components: { name: string; status: string; message: string }[] }>(
        '/health',
      );
      return components.find(({ name }) => name === 'exchange')!;
    },
    synced: (times = 1) => syncedAgain(exchange, times),
    stop: async () => {
      await stack.stop();
      await exchange.stop();
    },
  };
}

/** Every reading of the account asks for its history last; the report after it is booked before the next one begins. */
async function syncedAgain({ asked }: FakeExchange, times: number): Promise<void> {
  const count = () => asked.filter((name) => name === 'GET /fapi/v1/premiumIndex').length;
  const before = count();
  await eventually(() => expect(count()).toBeGreaterThan(before + times));
}
