import { readFileSync } from 'node:fs';

/** The name that neighbours know the service by. */
export const SERVICE_NAME = 'portfolio-intelligence';

/** As package.json says; it lies beside `dist` and beside `src` alike. */
export const SERVICE_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
