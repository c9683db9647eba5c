import { readFileSync } from 'node:fs';

const given = (name) => process.env[`PORTFOLIO_${name}`] || process.env[name] || undefined;

/** A setting as the service reads it: with the prefix, failing that bare, failing that from a file; an empty one is not set. */
export function setting(name) {
  const file = given(`${name}_FILE`);
  return given(name) ?? (file && readFileSync(file, 'utf8').trim());
}

/** The Redis that the settings name, as a URL; undefined when they name none. */
export function configuredRedisUrl() {
  const url = setting('REDIS_URL');
  const host = setting('REDIS_HOST');
  if (url || !host) return url;
  return `redis://${host}:${setting('REDIS_PORT') ?? '6379'}/${setting('REDIS_DB') ?? '0'}`;
}

/** Whether a switch such as PORTFOLIO_DEMO is turned off. */
export function isOff(value) {
  return /^(off|0|false|no)$/i.test(value ?? '');
}
