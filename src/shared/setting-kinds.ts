import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What settings look like as text, and what they mean; each says what is wrong without saying the value. */
export const flag = (fallback: boolean) =>
  z
    .enum(['on', 'off', 'true', 'false', '1', '0'], { error: 'must be on or off' })
    .default(fallback ? 'on' : 'off')
    .transform((value) => value === 'on' || value === 'true' || value === '1');

export const whole = (fallback: number, least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .default(String(fallback))
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

export const amount = z
  .string()
  .regex(/^\d{1,18}(\.\d{1,18})?$/, 'must be an amount such as 10000.00')
  .optional();

export const zone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}, 'must be an IANA time zone such as Europe/Oslo');

export const list = (text: string) => text.split(',').map((part) => part.trim());
/** Names separated by commas; none when it is not set. */
export const names = z
  .string()
  .default('')
  .transform((text) => list(text).filter((name) => name !== ''));
/** A file that is there and can be read; its content is read by who uses it. */
export const file = z
  .string()
  .min(1)
  .refine((path) => {
    try {
      return readFileSync(path).length > 0;
    } catch {
      return false;
    }
  }, 'must be a file that can be read')
  .optional();
export const urlOf = (...schemes: string[]) =>
  z
    .url({ error: 'must be a URL' })
    .refine(
      (url) => schemes.some((scheme) => url.startsWith(`${scheme}://`)),
      `must start with ${schemes[0]}://`,
    );
