import { readFileSync } from 'node:fs';
import { codeOf } from './errors.js';

/** Raised when the environment does not describe a service that can run; the message names every bad setting. */
export class SettingsError extends Error {}

/** Settings that hold a secret: each may instead be the content of a file, named by the setting with `_FILE` behind it. */
const SECRETS: ReadonlySet<string> = new Set([
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_PASSWORD',
  'REDIS_SENTINEL_PASSWORD',
  'TRADE_STORE_REDIS_URL',
  'BINANCE_API_KEY',
  'BINANCE_API_SECRET',
]);

/** Every setting is read with the prefix `PORTFOLIO_` and, failing that, bare; an empty value counts as not set. */
export function lookUp(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const given = environment[`PORTFOLIO_${name}`] || environment[name] || undefined;
  if (!SECRETS.has(name)) return given;
  const file = environment[`PORTFOLIO_${name}_FILE`] || environment[`${name}_FILE`];
  if (!file) return given;
  if (given !== undefined)
    throw new SettingsError(
      `PORTFOLIO_${name}_FILE: is set beside PORTFOLIO_${name}; only one of them may be`,
    );
  return secretIn(file, name);
}

/** As orchestrators mount it: the whole file, without the line's end that editors leave. */
function secretIn(file: string, name: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    const why = codeOf(error) ?? 'unreadable';
    throw new SettingsError(`PORTFOLIO_${name}_FILE: the file cannot be read (${why})`);
  }
}
