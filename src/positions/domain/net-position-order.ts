/** What decides a fill's place: the venue's time, then its id. */
export interface Placed {
  /** The venue's id of the fill; null = it has none and cannot be a duplicate. */
  readonly id: string | null;
  /** When the venue filled it; null = not told. */
  readonly occurredAt: number | null;
}

/** A late fill put into its place: all fills in order, where it went, and whether anything stood behind it. */
export interface Placement<F> {
  readonly fills: readonly F[];
  readonly index: number;
  /** True when fills already booked come after it, so that what follows has to be restated. */
  readonly late: boolean;
}

/**
 * The fills as the venue made them: every id once (the first that arrived), by time, then by id. When any of them has
 * no time the order of arrival is all there is, and it stays.
 */
export function inVenueOrder<F extends Placed>(fills: readonly F[]): F[] {
  const distinct = withoutRepeats(fills);
  const timed = distinct.filter(isTimed);
  return timed.length < distinct.length ? distinct : timed.sort(byTimeThenId);
}

/** Puts one more fill into an ordered list. A repeated id changes nothing: index −1, not late. */
export function placeFill<F extends Placed>(ordered: readonly F[], fill: F): Placement<F> {
  const fills = inVenueOrder([...ordered, fill]);
  const index = fills.indexOf(fill);
  return { fills, index, late: index >= 0 && index < fills.length - 1 };
}

function withoutRepeats<F extends Placed>(fills: readonly F[]): F[] {
  const seen = new Set<string>();
  return fills.filter(({ id }) => {
    if (id === null) return true;
    const first = !seen.has(id);
    seen.add(id);
    return first;
  });
}

type Timed = Placed & { readonly occurredAt: number };

function isTimed<F extends Placed>(fill: F): fill is F & Timed {
  return fill.occurredAt !== null;
}

function byTimeThenId(left: Timed, right: Timed): number {
  if (left.occurredAt !== right.occurredAt) return left.occurredAt - right.occurredAt;
  return compareIds(left.id ?? '', right.id ?? '');
}

/**
 * The order of two venue ids: below 0 when the left one is the earlier, 0 when they are one. Venues count their ids up, so the shorter
 * one is the earlier; the same on every machine, which a locale is not.
 */
export function compareIds(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
