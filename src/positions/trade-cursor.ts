/** Where a page of trades ended: the place of its last trade in the order of all. */
export interface TradePlace {
  /** When the trade opened (for an orphan: closed), ISO with microseconds. */
  readonly at: string;
  readonly symbol: string;
  readonly tradeId: string;
}

/** Raised for a cursor that no page of ours ended with. */
export class CursorError extends Error {}

// As we write it: what Postgres cannot read as a time must not come as far as Postgres.
const MOMENT = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const MAX_CURSOR_LENGTH = 2048;
const ENCODED = /^[A-Za-z0-9_-]+$/;
// Postgres stores no NUL in a text, so no trade of ours has one.
const STORABLE = /^[^\0]+$/;

/** A place as the text that a client hands back to go on from there; what is in it is nobody's business but ours. */
export function cursorOf({ at, symbol, tradeId }: TradePlace): string {
  return Buffer.from(JSON.stringify([at, symbol, tradeId])).toString('base64url');
}

/** The place that a cursor means. Throws CursorError for anything that `cursorOf` did not make. */
export function placeOf(cursor: string): TradePlace {
  const parts = partsOf(cursor);
  const [at, symbol, tradeId] = parts;
  if (parts.length !== 3 || at === undefined || symbol === undefined || tradeId === undefined) {
    throw new CursorError('is not of our making');
  }
  if (!MOMENT.test(at) || Number.isNaN(Date.parse(at))) throw new CursorError('has no moment in it');
  return { at, symbol, tradeId };
}

function partsOf(cursor: string): string[] {
  if (cursor.length > MAX_CURSOR_LENGTH || !ENCODED.test(cursor))
    throw new CursorError('is not of our making');
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.every((part) => typeof part === 'string' && STORABLE.test(part)))
      return parts as string[];
  } catch (error) {
    throw new CursorError('is not of our making', { cause: error });
  }
  throw new CursorError('is not of our making');
}
