import { hostname } from 'node:os';
import { z } from 'zod';

/** Raised when the environment does not describe a service that can run; the message names every bad setting. */
export class SettingsError extends Error {}

const flag = (fallback: boolean) =>
  z
    .enum(['on', 'off', 'true', 'false', '1', '0'], { error: 'must be on or off' })
    .default(fallback ? 'on' : 'off')
    .transform((value) => value === 'on' || value === 'true' || value === '1');

const whole = (fallback: number, least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .default(String(fallback))
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

const amount = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,18})?$/, 'must be an amount such as 10000.00')
  .optional();

const zone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}, 'must be an IANA time zone such as Europe/Oslo');

const MARK_SOURCES = [
  'mark_price',
  'position.snapshot',
  'market.tick',
  'market.klines',
  'exchange.normalized',
  'exchange.raw',
] as const;

const list = (text: string) => text.split(',').map((part) => part.trim());
const urlOf = (...schemes: string[]) =>
  z
    .url({ error: 'must be a URL' })
    .refine(
      (url) => schemes.some((scheme) => url.startsWith(`${scheme}://`)),
      `must start with ${schemes[0]}://`,
    );

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

/** Every setting is read with the prefix `PORTFOLIO_` and, failing that, bare; an empty value counts as not set. */
function lookUp(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[`PORTFOLIO_${name}`] || environment[name] || undefined;
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
  const { REDIS_URL, REDIS_HOST, REDIS_PORT, REDIS_DB, ...rest } = result.data;
  if (!REDIS_URL && !REDIS_HOST && !databaseOnly) throw new SettingsError('PORTFOLIO_REDIS_URL: is missing');
  const missing = missingOfTradeStore(rest);
  if (missing) throw new SettingsError(`PORTFOLIO_${missing}: is missing`);
  return {
    ...rest,
    REDIS_URL: REDIS_URL ?? `redis://${REDIS_HOST ?? '127.0.0.1'}:${REDIS_PORT}/${REDIS_DB}`,
  };
}
