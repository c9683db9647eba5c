import type { Redis } from 'ioredis';
import { entryOf, type EntryFields, type Payload, type Variant } from './envelope.js';
import { eventually } from './eventually.js';
import type { TestService } from './service.js';

const GROUP_PREFIX = 'quantum:group:portfolio_intelligence:';

/** The types whose messages are facts or reports: each is read by one of the group. */
export const GROUPED_TYPES = [
  'trade.opened',
  'trade.closed',
  'trade.corrected',
  'order.executed',
  'execution.result',
  'trade.execution.res',
  'apply.result',
  'ess.tripped',
  'account.cash_flow',
  'account.balance',
  'position.snapshot',
  'policy.update',
  'policy.updated',
] as const;

/** The types that only carry prices: every replica reads all of them, no group needed. */
export const PRICE_TYPES = ['market.tick', 'market.klines', 'exchange.normalized', 'exchange.raw'] as const;

export function streamOf(eventType: string): string {
  return `quantum:stream:${eventType}`;
}

/** Puts one message on its stream and gives the entry's id. */
export function send(redis: Redis, eventType: string, variant: Variant, payload: Payload): Promise<string> {
  return sendFields(redis, streamOf(eventType), entryOf(eventType, variant, payload));
}

/** Puts an entry with exactly these fields on a stream; Buffers go out byte for byte. */
export async function sendFields(
  redis: Redis,
  stream: string,
  fields: EntryFields | readonly (readonly [string | Buffer, string | Buffer])[],
): Promise<string> {
  const pairs = Array.isArray(fields) ? fields : Object.entries(fields as EntryFields);
  const id = await redis.xadd(stream, '*', ...(pairs.flat() as (string | Buffer)[]));
  if (id === null) throw new Error(`nothing was added to ${stream}`);
  return id;
}

export interface StreamEntry {
  readonly id: string;
  readonly fields: EntryFields;
}

/** All entries of a stream, oldest first, with those after `afterId` only when it is given. */
export async function entriesOf(redis: Redis, stream: string, afterId?: string): Promise<StreamEntry[]> {
  const rows = await redis.xrange(stream, afterId === undefined ? '-' : `(${afterId}`, '+');
  return rows.map(([id, flat]) => {
    const fields: EntryFields = {};
    for (let at = 0; at + 1 < flat.length; at += 2) fields[flat[at]!] = flat[at + 1]!;
    return { id, fields };
  });
}

/**
 * Returns when everything that was sent has been read and acknowledged by the service's groups and its answer stands
 * still. Prices have no groups: wait for the price itself.
 */
export async function settled(
  service: TestService,
  redis: Redis,
  { timeoutMs = 30_000 } = {},
): Promise<void> {
  await eventually(() => allAcknowledged(redis), { timeoutMs });
  let before = await versions(service);
  await eventually(
    async () => {
      const now = await versions(service);
      const same = now === before;
      before = now;
      if (!same) throw new Error(`the answer is still moving: ${now}`);
    },
    { timeoutMs },
  );
}

async function versions(service: TestService): Promise<string> {
  const accounts = await service.get('/api/portfolio/accounts');
  const snapshot = await service.get('/api/portfolio/snapshot');
  const version = snapshot.status === 200 ? String(snapshot.json()['version']) : String(snapshot.status);
  return `${accounts.text.replace(/"timestamp":"[^"]*"/g, '')} ${version}`;
}

/** Throws as long as a group has entries that it did not read or did not acknowledge. */
export async function allAcknowledged(redis: Redis): Promise<void> {
  for (const type of GROUPED_TYPES) {
    const stream = streamOf(type);
    if ((await redis.exists(stream)) === 0) continue;
    const group = (await groupsOf(redis, stream)).find(({ name }) => name === GROUP_PREFIX + type);
    const written = await redis.xlen(stream);
    if (group === undefined && written > 0) throw new Error(`${stream} has no group of the service`);
    if (group === undefined) continue;
    if (group.pending > 0) throw new Error(`${stream}: ${group.pending} entries are pending`);
    if (await hasUnread(redis, stream, group.lastDelivered)) throw new Error(`${stream} has unread entries`);
  }
}

/** By ids, not by `lag`: Redis cannot tell the lag after a deletion. */
async function hasUnread(redis: Redis, stream: string, lastDelivered: string): Promise<boolean> {
  const next = await redis.xrange(stream, `(${lastDelivered}`, '+', 'COUNT', 1);
  return next.length > 0;
}

interface GroupState {
  readonly name: string;
  readonly pending: number;
  readonly lastDelivered: string;
}

async function groupsOf(redis: Redis, stream: string): Promise<GroupState[]> {
  const rows = (await redis.xinfo('GROUPS', stream)) as (string | number | null)[][];
  return rows.map((row) => {
    const field = (name: string): string => String(row[row.indexOf(name) + 1]);
    return {
      name: field('name'),
      pending: Number(field('pending')),
      lastDelivered: field('last-delivered-id'),
    };
  });
}
