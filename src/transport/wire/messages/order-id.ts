import type { Fields } from '../fields.js';

/** What producers write for the order that does not exist. */
const PLACEHOLDERS = new Set(['REJECTED', '0']);

/** The venue's order id; null when there is none or only a placeholder. */
export function readOrderId(fields: Fields): string | null {
  const text = fields.text('order_id', 'exchange_order_id');
  return text === null || PLACEHOLDERS.has(text.toUpperCase()) ? null : text;
}
