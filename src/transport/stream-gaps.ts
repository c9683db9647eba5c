import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Metrics } from '../ledger/metrics.js';
import { ServiceWarnings } from '../portfolio/warnings.js';
import { messageOf } from '../shared/errors.js';
import { RedisConnections, compareEntryIds, eventTypeOf, groupOf, isWrongType } from './redis.js';

/** Notices when a stream lost messages we never handled, and says so: `source_gap:<event_type>` until the next start. */
@Injectable()
export class StreamGaps {
  private readonly logger = new Logger('StreamGaps');

  constructor(
    private readonly redis: RedisConnections,
    private readonly database: Database,
    private readonly metrics: Metrics,
    private readonly warnings: ServiceWarnings,
  ) {}

  raise(stream: string, why: string): void {
    this.metrics.sourceGaps.inc({ stream });
    this.warnings.raise(`source_gap:${eventTypeOf(stream)}`);
    this.logger.warn(`source_gap ${stream}: ${why}`);
  }

  /**
   * Makes each stream's group where it is missing, from the beginning; where we had read before, that is a gap. Returns the streams that can
   * be read: a key that is no stream must not stop the others, and warns as `stream_unreadable:<event_type>` until it is one.
   */
  async ensureGroups(streams: readonly string[]): Promise<string[]> {
    const taken = await this.takenUpTo();
    const readable: string[] = [];
    for (const stream of streams) {
      const warning = `stream_unreadable:${eventTypeOf(stream)}`;
      try {
        await this.ensureGroup(stream, taken.get(stream));
        this.warnings.clear(warning);
        readable.push(stream);
      } catch (error) {
        if (!isWrongType(error)) throw error;
        this.warnings.raise(warning);
        this.logger.error(`${stream} cannot be read: ${messageOf(error)}`);
      }
    }
    return readable;
  }

  private async ensureGroup(stream: string, last: string | undefined): Promise<void> {
    const made = await this.makeGroup(stream);
    if (!last) return;
    const newest = await this.newestId(stream);
    if (compareEntryIds(newest, last) < 0)
      this.raise(stream, `its newest entry ${newest} is older than ${last}, which was handled`);
    else if (made) this.raise(stream, 'its consumer group was gone');
  }

  /** Up to which entry each stream was given to some replica. */
  async deliveredUpTo(streams: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const groups = await this.ask('GROUPS', streams);
    return new Map(
      streams.map((stream, i) => [stream, String(ourGroup(stream, groups[i]).get('last-delivered-id'))]),
    );
  }

  /** Looks whether entries were trimmed before the group read them. */
  async look(streams: readonly string[]): Promise<void> {
    const [infos, groups] = await Promise.all([this.ask('STREAM', streams), this.ask('GROUPS', streams)]);
    for (const [i, stream] of streams.entries())
      await this.judge(stream, pairs(infos[i]), ourGroup(stream, groups[i]));
  }

  private async judge(stream: string, info: Info, group: Info): Promise<void> {
    const removed = Number(info.get('entries-added')) - Number(info.get('length'));
    const read = group.get('entries-read');
    const delivered = String(group.get('last-delivered-id'));
    const behind = compareEntryIds(delivered, firstIdOf(info)) < 0;
    if (typeof read !== 'number' || !behind || read >= removed) return;
    this.raise(stream, `${removed - read} entries were trimmed before they were read`);
    // Said once: from here on the group counts as having seen them.
    const name = groupOf(eventTypeOf(stream));
    await this.redis.commands.call(
      'XGROUP',
      'SETID',
      stream,
      name,
      delivered,
      'ENTRIESREAD',
      String(removed),
    );
  }

  /** XINFO of each stream, in one round trip: asked one by one, dozens of answers would come between a trade and its own. Throws the first error. */
  private async ask(what: 'STREAM' | 'GROUPS', streams: readonly string[]): Promise<unknown[]> {
    const pipeline = this.redis.commands.pipeline();
    for (const stream of streams) pipeline.call('XINFO', what, stream);
    const replies = (await pipeline.exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    return replies.map(([, reply]) => reply);
  }

  private async makeGroup(stream: string): Promise<boolean> {
    try {
      await this.redis.commands.xgroup('CREATE', stream, groupOf(eventTypeOf(stream)), '0', 'MKSTREAM');
      return true;
    } catch (error) {
      if (messageOf(error).startsWith('BUSYGROUP')) return false;
      throw error;
    }
  }

  private async newestId(stream: string): Promise<string> {
    return String(pairs(await this.redis.commands.call('XINFO', 'STREAM', stream)).get('last-generated-id'));
  }

  private async takenUpTo(): Promise<Map<string, string>> {
    const rows = await this.database.query<{ stream: string; entry_id: string }>(
      'SELECT stream, entry_id FROM source_positions',
    );
    return new Map(rows.map((row) => [row.stream, row.entry_id]));
  }
}

type Info = ReadonlyMap<string, unknown>;

/** Throws when the group is gone: whoever took it takes our place in the stream with it. */
function ourGroup(stream: string, groups: unknown): Info {
  const group = (groups as unknown[])
    .map(pairs)
    .find((one) => one.get('name') === groupOf(eventTypeOf(stream)));
  if (!group) throw new Error(`${stream} lost its consumer group`);
  return group;
}

/** Redis answers XINFO as a flat list of names and values. */
function pairs(reply: unknown): Info {
  const list = reply as unknown[];
  return new Map(list.flatMap((name, i) => (i % 2 === 0 ? [[String(name), list[i + 1]] as const] : [])));
}

function firstIdOf(info: Info): string {
  const first = info.get('first-entry') as [string, unknown] | null;
  return first ? first[0] : '0-0';
}
