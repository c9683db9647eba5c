import { createHash } from 'node:crypto';
import { Decimal } from '../shared/decimal.js';
import { contentFields } from './fact-fields.js';
import type { FieldType } from './fact-fields.js';
import type { Fact, OrderExecuted, TimeOrigin, TradeClosed, TradeOpened } from './facts.js';

/**
 * Every key that a fact claims in its account, for ever; one of them taken means that it was seen before. A content
 * hash stands in only where the producer gives no identity of its own: with an event id two equal partial closes are
 * two facts, because their producer says so.
 */
export function keysOf(fact: Fact): readonly string[] {
  const known = keys.get(fact);
  if (known) return known;
  const found = claimedBy(fact);
  keys.set(fact, found);
  return found;
}

/** Facts never change, and are asked for their keys at every step of the way. */
const keys = new WeakMap<Fact, readonly string[]>();

function claimedBy(fact: Fact): string[] {
  const own = fact.eventId === null ? [] : [key('event', fact.eventId)];
  const business = businessKeys(fact);
  const claimed = [...own, ...business];
  return claimed.length > 0 ? claimed : [`${hashedAs(fact)}:hash:${contentHash(fact)}`];
}

function businessKeys(fact: Fact): string[] {
  switch (fact.kind) {
    case 'trade.opened':
      return [openedKey(fact)];
    case 'trade.closed':
      return closedKeys(fact);
    case 'order.executed':
      return executionKeys(fact);
    case 'position.reconciliation':
      return [key('holding', fact.symbol, String(fact.occurredAt))];
    case 'ess.tripped':
    case 'trade.corrected':
    case 'account.cash_flow':
    case 'account.reconciliation':
      return [];
  }
}

function openedKey(fact: TradeOpened): string {
  return key('opened', fact.tradeId);
}

/** Two executors may report one close, one with the trade's id and one without: symbol and order are claimed as well. */
function closedKeys(fact: TradeClosed): string[] {
  const whole = wholeKey(fact);
  const end = fact.whole === true && whole !== null ? [whole] : [];
  if (fact.orderId === null) return end;
  return [
    ...end,
    `${closedPrefix(fact)}:${key('order', fact.orderId)}`,
    key('close-order', fact.symbol, fact.orderId),
  ];
}

/** The key of a trade's end; null for a close that names no trade. */
function wholeKey(fact: TradeClosed): string | null {
  return fact.tradeId === null ? null : key('closed', fact.tradeId, 'whole');
}

/**
 * The keys by which a fact may have been seen before: its own, and for a close the end of its trade, which it does not claim because
 * further closes of the trade are facts of their own until somebody tells its end.
 */
export function knownBy(fact: Fact): readonly string[] {
  const end = fact.kind === 'trade.closed' && fact.whole !== true ? wholeKey(fact) : null;
  return end === null ? keysOf(fact) : [...keysOf(fact), end];
}

function closedPrefix(fact: TradeClosed): string {
  return fact.tradeId === null ? key('closed', fact.symbol, fact.side ?? '?') : key('closed', fact.tradeId);
}

/** What was not executed claims no order: the order may still be executed, and must not be taken for a repeat then. */
function executionKeys(fact: OrderExecuted): string[] {
  if (fact.orderId === null || !fact.executed) return [];
  const part = fact.executionId ?? fact.tradeId;
  return [part === null ? key('execution', fact.orderId) : key('execution', fact.orderId, part)];
}

/** What a fact that is known by its content alone is called. */
function hashedAs(fact: Fact): string {
  return fact.kind === 'trade.closed' ? closedPrefix(fact) : fact.kind;
}

/** The key by which a correction names the fact it corrects: `event`, `version`, `opened`, `closed` or `execution` first. */
export function correctedKey(...parts: readonly [string, ...string[]]): string {
  return key(...parts);
}

/** Parts joined so that no part can pretend to be two: an id may hold a colon of its own. */
function key(first: string, ...parts: readonly string[]): string {
  return parts.reduce((text, part) => `${text}:${escaped(part)}`, escaped(first));
}

function escaped(part: string): string {
  return /[%:]/.test(part) ? part.replace(/[%:]/g, (mark) => (mark === '%' ? '%25' : '%3A')) : part;
}

/** Facts never change, and their keys are asked for at every step of the way: hashing is most of what a key costs. */
const hashes = new WeakMap<Fact, string>();

/**
 * SHA-256 of what a fact says: its kind, its content with decimals in canonical form, and its own time; not who said
 * it, when it came, or under which event id. A time from the envelope is no content, since a resend has another;
 * except for an emergency stop, where two trips in the same words are two trips.
 */
export function contentHash(fact: Fact): string {
  const known = hashes.get(fact);
  if (known !== undefined) return known;
  const hash = hashOf(fact);
  hashes.set(fact, hash);
  return hash;
}

/** Fields that came after hashes were first kept: a fact that does not tell them hashes as it always did. */
const ADDED_LATER = new Set(['claimedPnl', 'whole']);

function hashOf(fact: Fact): string {
  const isTimeContent = !fact.timeFrom || (fact.kind === 'ess.tripped' && fact.timeFrom === 'envelope');
  const content: unknown[] = [fact.kind, isTimeContent ? fact.occurredAt : null];
  for (const [name] of fieldsOf(fact)) {
    const value = valueOf(fact, name);
    if (value === null && ADDED_LATER.has(name)) continue;
    content.push(value);
  }
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

/** How a later fact stands to an earlier one with which it shares a key. */
export interface Relation {
  /**
   * `duplicate`: nothing changes; list a discrepancy when `differs`. `supplement`: it only tells what was not known;
   * fold it in with `supplemented`. `conflict`: the same source contradicts itself; quarantine both.
   */
  readonly relation: 'duplicate' | 'supplement' | 'conflict';
  /** True when they contradict each other in money, or in what the money is about. */
  readonly differs: boolean;
  /** Fields that both tell, and tell differently. */
  readonly contradicted: readonly string[];
  /** Fields that only the later one tells; `occurredAt` when its time is the better or earlier one. */
  readonly adds: readonly string[];
}

/**
 * Relates a later fact to the first that claimed one of its keys (with what supplemented it since). Only openings and
 * executions can be supplemented, and their time is no content: producers tell them again when they know more. The
 * earliest time counts, whichever came first, so that the order of arrival does not matter.
 */
export function relate(first: Fact, later: Fact): Relation {
  const isSameSource = first.source === later.source;
  if (first.kind !== later.kind) return related(isSameSource ? 'conflict' : 'duplicate', true, ['kind'], []);
  const isSupplementable = first.kind === 'trade.opened' || first.kind === 'order.executed';
  const both = fieldsOf(first).filter(([name]) => valueOf(later, name) !== null);
  const adds = both.filter(([name]) => valueOf(first, name) === null).map(([name]) => name);
  const against = both.filter(
    ([name]) => !adds.includes(name) && valueOf(first, name) !== valueOf(later, name),
  );
  const contradicted = against.map(([name]) => name);
  if (isSupplementable && isBetterTime(first, later)) adds.push('occurredAt');
  if (!isSupplementable && isOtherTime(first, later)) contradicted.push('occurredAt');
  const differs = against.some(([, type]) => type === 'money' || type === 'name' || type === 'flag');
  // Another source may use other words for the same thing, and a stop may have moved since; what it adds is worth as much.
  const isOnlyMore = isSameSource
    ? contradicted.length === 0
    : against.every(([, type]) => type === 'text' || type === 'figure');
  if (isSupplementable && isOnlyMore && adds.length > 0)
    return related('supplement', false, contradicted, adds);
  const isOther = contradicted.length > 0 || adds.length > 0;
  return related(isSameSource && isOther ? 'conflict' : 'duplicate', differs, contradicted, adds);
}

/** The first fact with what a supplement adds to it; its identity and source stay the first's. */
export function supplemented<One extends Fact>(first: One, supplement: One): One {
  const merged: Record<string, unknown> = { ...first };
  for (const [name] of fieldsOf(first)) merged[name] ??= (supplement as unknown as Values)[name];
  if (isBetterTime(first, supplement)) {
    merged['occurredAt'] = supplement.occurredAt;
    if (supplement.timeFrom) merged['timeFrom'] = supplement.timeFrom;
    else delete merged['timeFrom'];
  }
  return merged as unknown as One;
}

/** The key that makes a supplement harmless when it is repeated; it claims this instead of the keys that are taken. */
export function supplementKey(fact: TradeOpened | OrderExecuted, first: Fact = fact): string {
  return `${keysOf(first).at(-1)}:supplement:${contentHash(fact)}`;
}

type Values = Readonly<Record<string, unknown>>;

function related(
  relation: Relation['relation'],
  differs: boolean,
  contradicted: readonly string[],
  adds: readonly string[],
): Relation {
  return { relation, differs, contradicted, adds };
}

/** A field's value in a form in which equal values are equal: decimals as canonical text, null when not told. */
function valueOf(fact: Fact, name: string): unknown {
  const value = (fact as unknown as Values)[name] ?? null;
  return value instanceof Decimal ? value.toString() : value;
}

function fieldsOf(fact: Fact): readonly (readonly [string, FieldType])[] {
  return contentFields(fact.kind) ?? [];
}

/** A producer's own time is better than its envelope's, that than the arrival; among equals the earlier one counts. */
function isBetterTime(first: Fact, later: Fact): boolean {
  const difference = timeRank(later.timeFrom) - timeRank(first.timeFrom);
  return difference === 0 ? later.occurredAt < first.occurredAt : difference < 0;
}

function timeRank(origin: TimeOrigin | undefined): number {
  if (origin === undefined) return 0;
  return origin === 'envelope' ? 1 : 2;
}

function isOtherTime(first: Fact, later: Fact): boolean {
  return !first.timeFrom && !later.timeFrom && first.occurredAt !== later.occurredAt;
}
