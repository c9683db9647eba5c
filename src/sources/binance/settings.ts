import type { Config } from '../../config.js';

const LIVE = { baseUrl: 'https://fapi.binance.com', wsUrl: 'wss://fstream.binance.com' };
/** The testnet knows the older paths only: a stream's name stands directly behind `/ws`. */
const TESTNET = {
  baseUrl: 'https://testnet.binancefuture.com',
  wsUrl: 'wss://fstream.binancefuture.com/ws',
};

/** How the exchange is reached, and as whom. */
export interface BinanceSettings {
  readonly key: string;
  readonly secret: string;
  readonly testnet: boolean;
  readonly baseUrl: string;
  readonly wsUrl: string;
  /** The account of ours whose money and positions these keys show. */
  readonly accountId: string;
  /** Which history a cursor belongs to: testnet and live must never share one. */
  readonly venue: string;
  readonly syncMs: number;
  readonly lookBackMs: number;
  readonly recvWindowMs: number;
  readonly retryMs: number;
  readonly pingMs: number;
  readonly keepAliveMs: number;
}

/** The exchange as the settings describe it; null = no keys, so none is asked. */
export function binanceSettings(config: Config): BinanceSettings | null {
  const { BINANCE_API_KEY: key, BINANCE_API_SECRET: secret, USE_TESTNET: testnet } = config;
  if (!key || !secret) return null;
  const usual = testnet ? TESTNET : LIVE;
  return {
    key,
    secret,
    testnet,
    baseUrl: withoutSlash(config.BINANCE_BASE_URL ?? usual.baseUrl),
    wsUrl: withoutSlash(config.BINANCE_WS_URL ?? usual.wsUrl),
    accountId: config.BINANCE_ACCOUNT,
    venue: testnet ? 'binance-testnet' : 'binance',
    syncMs: config.BINANCE_SYNC_SEC * 1000,
    lookBackMs: config.BINANCE_LOOKBACK_HOURS * 3_600_000,
    recvWindowMs: config.BINANCE_RECV_WINDOW_MS,
    retryMs: config.BINANCE_RETRY_MS,
    pingMs: config.BINANCE_PING_SEC * 1000,
    keepAliveMs: config.BINANCE_KEEPALIVE_SEC * 1000,
  };
}

/**
 * The address of a stream. Since 2026 the live exchange routes by kind (`/private/ws/…`, `/market/ws/…`); a base with a path of its own, such
 * as `wss://host/ws`, is taken as it is and the stream's name put behind it.
 */
export function streamAddress(wsUrl: string, kind: 'private' | 'market', stream: string): string {
  const hasPath = new URL(wsUrl).pathname.length > 1;
  return hasPath ? `${wsUrl}/${stream}` : `${wsUrl}/${kind}/ws/${stream}`;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
