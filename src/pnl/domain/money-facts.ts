import type { LedgerEntry, Micros, WalletReconciled } from '../../ledger/facts.js';
import type { Booking } from '../../positions/domain/changes.js';
import { Decimal } from '../../shared/decimal.js';
import { RunningSum } from '../../shared/running-sum.js';
import type { Work } from '../../shared/turns.js';
import type { FlowRow } from './cash-flow.js';
import { INITIAL_CASH_EVENT, accountBooking, flowOf, performanceOf } from './cash-flow.js';

/** An amount that moved the wallet, + = in, at a moment; −Infinity = it was there from the beginning. */
export interface Move {
  readonly at: number;
  readonly amount: Decimal;
}

/** All that moved from one moment to another with no wallet adopted in between, as one move at its end. */
export interface Stretch extends Move {
  readonly since: number;
}

/** What facts about money, and no trade, come to; what adopted wallets come to depends on everything else, see `settled`. */
export interface Money {
  /** `known` = from then on the wallet balance is known. */
  readonly flows: readonly { readonly flow: FlowRow; readonly known: boolean }[];
  readonly bookings: readonly Booking[];
  readonly moves: readonly Move[];
  readonly statements: readonly LedgerEntry<WalletReconciled>[];
}

/** The flows and the bookings of an account's cash flows, and the wallets that were adopted; facts of other kinds come to none. */
export function moneyOf(entries: readonly LedgerEntry[]): Money {
  const flows: { flow: FlowRow; known: boolean }[] = [];
  const bookings: Booking[] = [];
  const moves: Move[] = [];
  const statements: LedgerEntry<WalletReconciled>[] = [];
  for (const entry of entries) {
    const { version, fact } = entry;
    if (fact.kind === 'account.reconciliation') statements.push({ ...entry, fact });
    if (fact.kind !== 'account.cash_flow') continue;
    const { type, symbol, occurredAt, eventId } = fact;
    const at = eventId === INITIAL_CASH_EVENT ? -Infinity : occurredAt;
    const [amount, earned] = [flowOf(fact), performanceOf(fact)];
    if (amount) flows.push({ flow: { version, type, amount, occurredAt }, known: type === 'DEPOSIT' });
    const kind = type === 'FEE' ? 'fee' : 'funding';
    if (earned) bookings.push(accountBooking(version, kind, occurredAt, earned, symbol));
    moves.push({ at, amount: Decimal.sum([amount ?? Decimal.ZERO, earned ?? Decimal.ZERO]) });
  }
  return { flows, bookings, moves, statements };
}

/**
 * The money with what adopted wallets come to. Each is a level: at its moment the wallet was what the exchange said, so its amount is that
 * less all that moved up to then, whenever it was told. `moves` are those of trades and of all else.
 */
export function settled(money: Money, moves: readonly Move[]): Money {
  const [flows, bookings] = [[...money.flows], [...money.bookings]];
  const inTime = [...moves, ...money.moves].sort((a, b) => a.at - b.at);
  let [next, wallet] = [0, Decimal.ZERO];
  for (const { version, fact } of [...money.statements].sort(byTime)) {
    const { occurredAt, reported } = fact;
    for (; next < inTime.length && inTime[next]!.at <= occurredAt; next += 1)
      wallet = wallet.plus(inTime[next]!.amount);
    const amount = reported.minus(wallet);
    wallet = reported;
    if (fact.opening) flows.push({ flow: { version, type: 'OPENING', amount, occurredAt }, known: true });
    else bookings.push(accountBooking(version, 'reconciliation', occurredAt, amount));
  }
  return { ...money, flows, bookings };
}

/**
 * The moves as far as adopted wallets can tell them apart, which is all that a sum up to one of them needs: as many as there are such
 * wallets and one, whatever the number of moves. `adoptedAt`: their moments, in order.
 */
export function* stretchesOf(moves: Iterable<Move>, adoptedAt: readonly Micros[]): Work<Stretch[]> {
  const found = new Map<number, { since: number; at: number; sum: RunningSum }>();
  for (const { at, amount } of moves) {
    const place = countBefore(adoptedAt, at);
    const stretch = found.get(place);
    if (!stretch) found.set(place, { since: at, at, sum: RunningSum.from(amount) });
    else {
      stretch.since = Math.min(stretch.since, at);
      stretch.at = Math.max(stretch.at, at);
      stretch.sum.add(amount);
    }
    yield;
  }
  return [...found.values()].map(({ since, at, sum }) => ({ since, at, amount: sum.value }));
}

/** Whether a wallet adopted at one of these moments, which are in order, tells some of the stretch from the rest, so that its sum alone is of no use. */
export function isSplitBy({ since, at }: Stretch, adoptedAt: readonly Micros[]): boolean {
  return countBefore(adoptedAt, since) !== countBefore(adoptedAt, at);
}

/** How many of these moments, which are in order, are before that one. */
function countBefore(moments: readonly number[], at: number): number {
  let [from, to] = [0, moments.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (moments[middle]! < at) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Time of the last wallet that was adopted, and of the opening balance; null = none was. */
export function adopted({ statements }: Money): {
  readonly reconciledAt: Micros | null;
  readonly openingAt: Micros | null;
} {
  return {
    reconciledAt: statements.at(-1)?.fact.occurredAt ?? null,
    openingAt: statements.find(({ fact }) => fact.opening)?.fact.occurredAt ?? null,
  };
}

function byTime(a: LedgerEntry<WalletReconciled>, b: LedgerEntry<WalletReconciled>): number {
  return a.fact.occurredAt - b.fact.occurredAt || a.version - b.version;
}
