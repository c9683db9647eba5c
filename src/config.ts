import { hostname } from 'node:os';
import { z } from 'zod';
import { amount, file, flag, list, names, urlOf, whole, zone } from './shared/setting-kinds.js';
import { SettingsError, lookUp } from './shared/setting-sources.js';

export { SettingsError };

const MARK_SOURCES = [
  'mark_price',
  'position.snapshot',
  'market.tick',
  'market.klines',
  'exchange.normalized',
  'exchange.raw',
] as const;

/** Only signatures that need a private key to make: with a shared secret whoever can check a token could make one. */
const SIGNATURES = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const access = z.enum(['open', 'key'], { error: 'must be open or key' }).default('key');

const secret = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be one word');

const settings = z.object({
  PORT: whole(8004, 0, 65535),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: urlOf('postgres', 'postgresql'),
  DATABASE_POOL: whole(8, 2, 100),
  REDIS_URL: urlOf('redis', 'rediss').optional(),
  REDIS_HOST: z.string().min(1).optional(),
  REDIS_PORT: whole(6379, 1, 65535),
  REDIS_DB: whole(0, 0, 1024),
  REPLICA: z.string().min(1).max(64).default(hostname()),
  MIGRATE: flag(true),
  TIMEZONE: zone.default('UTC'),
  BASE_CURRENCY: z
    .string()
    .regex(/^[A-Z0-9]{2,12}$/, 'must be a currency code such as USDT')
    .default('USDT'),
  INITIAL_CASH: amount,
  POSITION_SOURCE: z.enum(['trades', 'fills'], { error: 'must be trades or fills' }).default('trades'),
  POSITION_MODE: z.enum(['hedge', 'netting'], { error: 'must be hedge or netting' }).optional(),
  RECONCILE: z.enum(['adopt', 'report'], { error: 'must be adopt or report' }).default('adopt'),
  RECONCILE_GRACE_SEC: whole(10, 0, 86_400),
  RECONCILE_MAX_AGE_SEC: whole(300, 1, 86_400),
  STALE_MARK_SEC: whole(60, 1, 86_400),
  MARK_SOURCES: z
    .string()
    .default(MARK_SOURCES.join(','))
    .transform(list)
    .pipe(z.array(z.enum(MARK_SOURCES, { error: `must be of ${MARK_SOURCES.join(', ')}` })).min(1)),
  PUBLISH_INTERVAL_MS: whole(1000, 50, 60_000),
  HEARTBEAT_SEC: whole(10, 1, 3600),
  INTEGRITY_SEC: whole(30, 1, 86_400),
  COMPAT_EVENTS: flag(true),
  BATCH_SIZE: whole(500, 1, 10_000),
  CLAIM_IDLE_MS: whole(30_000, 100, 3_600_000),
  SECTORS_FILE: z.string().min(1).optional(),
  TRADE_STORE_TYPE: z
    .string()
    .default('none')
    .transform((type) => type.toLowerCase())
    .pipe(z.enum(['none', 'sqlite', 'redis'], { error: 'must be none, sqlite or redis' })),
  TRADE_STORE_DB_PATH: z.string().min(1).optional(),
  TRADE_STORE_REDIS_URL: urlOf('redis', 'rediss').optional(),
  BINANCE_API_KEY: secret.optional(),
  BINANCE_API_SECRET: secret.optional(),
  USE_TESTNET: flag(true),
  BINANCE_BASE_URL: urlOf('https', 'http').optional(),
  BINANCE_WS_URL: urlOf('wss', 'ws').optional(),
  BINANCE_ACCOUNT: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]{1,64}$/, 'must be an account such as main')
    .default('main'),
  BINANCE_SYNC_SEC: whole(30, 1, 3600),
  BINANCE_LOOKBACK_HOURS: whole(0, 0, 2160),
  BINANCE_RECV_WINDOW_MS: whole(5000, 100, 60_000),
  BINANCE_RETRY_MS: whole(1000, 10, 60_000),
  BINANCE_PING_SEC: whole(15, 1, 300),
  BINANCE_KEEPALIVE_SEC: whole(1800, 1, 3300),
  RISK_SAFETY_SERVICE_URL: urlOf('http', 'https')
    .refine((url) => !/[@?#]/.test(url), 'must hold neither a password nor a query')
    .optional(),
  POLICY_REFRESH_SEC: whole(60, 1, 3600),
  POLICY_MAX_AGE_SEC: whole(300, 1, 86_400),
  POLICY_TIMEOUT_MS: whole(3000, 50, 30_000),
  MAX_TOTAL_EXPOSURE_USD: amount,
  MAX_POSITION_PER_SYMBOL_USD: amount,
  MAX_POSITIONS: z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .optional(),
  LOG_LEVEL: z
    .string()
    .default('info')
    .transform((level) => level.toLowerCase())
    .pipe(z.enum(['fatal', 'error', 'warn', 'warning', 'info', 'debug', 'trace', 'silent']))
    .transform((level) => (level === 'warning' ? 'warn' : level)),
  LOG_FORMAT: z.enum(['json', 'text'], { error: 'must be json or text' }).default('json'),
  AUTH: z.enum(['auto', 'keys', 'none'], { error: 'must be auto, keys or none' }).default('auto'),
  AUTH_JWKS_URL: urlOf('https', 'http').optional(),
  AUTH_ISSUER: z.string().min(1).optional(),
  AUTH_AUDIENCE: z.string().min(1).optional(),
  AUTH_ALGORITHMS: z
    .string()
    .default('RS256,ES256')
    .transform(list)
    .pipe(z.array(z.enum(SIGNATURES, { error: `must be of ${SIGNATURES.join(', ')}` })).min(1)),
  AUTH_SCOPE_CLAIM: z.string().min(1).default('scope'),
  AUTH_READ_SCOPE: z.string().min(1).default('portfolio:read'),
  AUTH_ADMIN_SCOPE: z.string().min(1).default('portfolio:admin'),
  AUTH_ACCOUNTS_CLAIM: z.string().min(1).default('portfolio_accounts'),
  KEY_REFRESH_MS: whole(2000, 100, 60_000),
  KEY_GRACE_SEC: whole(3600, 1, 86_400),
  DOCS_ACCESS: access,
  METRICS_ACCESS: access,
  PEER_AUTH: z.enum(['redis', 'key'], { error: 'must be redis or key' }).default('redis'),
  PEER_RATE_LIMIT: whole(60_000, 0, 100_000_000),
  ALLOWED_HOSTS: names,
  TRUST_PROXY: names,
  RATE_LIMIT: whole(12_000, 0, 100_000_000),
  RATE_LIMIT_REFUSED: whole(120, 0, 1_000_000),
  RATE_LIMIT_LOOPBACK: flag(false),
  CORS_ORIGINS: names,
  REQUEST_TIMEOUT_MS: whole(15_000, 100, 300_000),
  DATABASE_CA_FILE: file,
  DATABASE_STATEMENT_TIMEOUT_MS: whole(60_000, 100, 3_600_000),
  DATABASE_LOCK_TIMEOUT_MS: whole(30_000, 100, 3_600_000),
  REDIS_USERNAME: z.string().min(1).optional(),
  REDIS_PASSWORD: z.string().min(1).optional(),
  REDIS_CA_FILE: file,
  REDIS_CERT_FILE: file,
  REDIS_KEY_FILE: file,
  REDIS_SENTINELS: names.refine(
    (all) => all.every((one) => /^[^\s:]+:\d{1,5}$/.test(one)),
    'must be host:port, separated by commas',
  ),
  REDIS_SENTINEL_NAME: z.string().min(1).default('mymaster'),
  REDIS_SENTINEL_USERNAME: z.string().min(1).optional(),
  REDIS_SENTINEL_PASSWORD: z.string().min(1).optional(),
  MAX_CONNECTIONS: whole(2000, 1, 1_000_000),
  MAX_CONNECTIONS_PER_ADDRESS: whole(500, 0, 1_000_000),
});

type Settings = z.output<typeof settings>;

/** The settings of one process, checked. Times are in the unit their name ends in. */
export interface Config extends Omit<Settings, 'REDIS_URL' | 'REDIS_HOST' | 'REDIS_PORT' | 'REDIS_DB'> {
  readonly REDIS_URL: string;
}

/** Injection token of the checked settings. */
export const CONFIG = Symbol('CONFIG');

/** A trade store needs its address. */
function missingOfTradeStore(given: Pick<Settings, TradeStoreSetting>): TradeStoreSetting | null {
  const { TRADE_STORE_TYPE: type, TRADE_STORE_DB_PATH: path, TRADE_STORE_REDIS_URL: url } = given;
  if (type === 'sqlite' && path === undefined) return 'TRADE_STORE_DB_PATH';
  return type === 'redis' && url === undefined ? 'TRADE_STORE_REDIS_URL' : null;
}

type TradeStoreSetting = 'TRADE_STORE_TYPE' | 'TRADE_STORE_DB_PATH' | 'TRADE_STORE_REDIS_URL';

/** A token is checked against keys, an issuer and an audience, or anybody's token for anybody else would do. */
function checkTokenSettings(config: Settings): void {
  if (!config.AUTH_JWKS_URL) return;
  for (const name of ['AUTH_ISSUER', 'AUTH_AUDIENCE'] as const)
    if (!config[name])
      throw new SettingsError(`PORTFOLIO_${name}: is missing, and PORTFOLIO_AUTH_JWKS_URL needs it`);
  const { protocol, hostname: host } = new URL(config.AUTH_JWKS_URL);
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(host))
    throw new SettingsError('PORTFOLIO_AUTH_JWKS_URL: must be https, unless it is on this machine');
}

/**
 * Reads and checks the settings. Throws SettingsError naming each bad or missing one, never its value. A tool that works on the
 * database alone asks for `databaseOnly` and needs no Redis.
 */
export function readConfig(
  { databaseOnly = false } = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const given = Object.fromEntries(
    Object.keys(settings.shape).map((name) => [name, lookUp(environment, name)]),
  );
  const result = settings.safeParse(given);
  if (!result.success) {
    const reasons = result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `PORTFOLIO_${name}: ${given[name] === undefined ? 'is missing' : issue.message}`;
    });
    throw new SettingsError(reasons.join('; '));
  }
  checkTokenSettings(result.data);
  const { REDIS_URL, REDIS_HOST, REDIS_PORT, REDIS_DB, ...rest } = result.data;
  if (Boolean(rest.BINANCE_API_KEY) !== Boolean(rest.BINANCE_API_SECRET))
    throw new SettingsError('PORTFOLIO_BINANCE_API_KEY, PORTFOLIO_BINANCE_API_SECRET: both or neither');
  if (!REDIS_URL && !REDIS_HOST && rest.REDIS_SENTINELS.length === 0 && !databaseOnly)
    throw new SettingsError('PORTFOLIO_REDIS_URL: is missing');
  const missing = missingOfTradeStore(rest);
  if (missing) throw new SettingsError(`PORTFOLIO_${missing}: is missing`);
  return {
    ...rest,
    REDIS_URL: REDIS_URL ?? `redis://${REDIS_HOST ?? '127.0.0.1'}:${REDIS_PORT}/${REDIS_DB}`,
  };
}
