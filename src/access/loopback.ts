import { isIP } from 'node:net';

/** Whether an address that is listened on, or that somebody comes from, is this machine's own. */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '').replace(/^::ffff:/i, '');
  return address === 'localhost' || address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/**
 * Whether a request that needs no key may name us so in its `Host` header. A web page that lets its own name point to 127.0.0.1 makes a
 * browser on this machine ask in the page's name; the header tells. An address, a name without a dot and `*.localhost` cannot be such a
 * page's; further names are allowed by a setting.
 */
export function isOwnName(hostHeader: string | undefined, allowed: readonly string[]): boolean {
  if (hostHeader === undefined || hostHeader === '') return true;
  const name = hostHeader.toLowerCase().replace(/:\d*$/, '');
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return !name.includes('.') || name.endsWith('.localhost') || allowed.includes(name);
}
