import type { OnApplicationShutdown } from '@nestjs/common';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { Database } from '../database/database.js';
import { messageOf } from '../shared/errors.js';
import type { ApiKey } from './api-key.js';
import { callerOf, holds, keyHash } from './api-key.js';
import { allKeys } from './api-keys-table.js';
import type { Caller } from './caller.js';

interface Held {
  readonly key: ApiKey;
  readonly caller: Caller;
}

/**
 * The keys that let somebody in, in memory: a request costs a hash and no query. Read anew every `KEY_REFRESH_MS`, so that a key that was
 * made or revoked counts within that time on every replica. While the database is away the keys that were known go on, for
 * `KEY_GRACE_SEC` at most: then nobody knows any more what was revoked.
 */
@Injectable()
export class KeyRing implements OnApplicationShutdown {
  private readonly logger = new Logger('KeyRing');
  private byHash: ReadonlyMap<string, Held> = new Map();
  private readAt: number | null = null;
  private timer: NodeJS.Timeout | undefined;
  private failing = false;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Reads the keys, and from then on again and again. Throws when they cannot be read this first time. */
  async start(): Promise<void> {
    await this.read();
    this.plan();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Whether what is known is new enough to let anybody in, or to turn anybody away. */
  get isCurrent(): boolean {
    return this.readAt !== null && Date.now() - this.readAt < this.config.KEY_GRACE_SEC * 1000;
  }

  /** How many keys let somebody in now. */
  get size(): number {
    const now = Date.now();
    return [...this.byHash.values()].filter(({ key }) => holds(key, now)).length;
  }

  /** Who comes with this key; null when it is none that holds. */
  find(presented: string): Caller | null {
    // The map is searched for a hash: how long that takes tells nothing about any key.
    const held = this.byHash.get(keyHash(presented));
    return held && this.isCurrent && holds(held.key, Date.now()) ? held.caller : null;
  }

  private async read(): Promise<void> {
    const keys = await allKeys(this.database);
    const usable = keys.filter(({ revokedAt }) => revokedAt === null);
    this.byHash = new Map(usable.map((key) => [key.hash, { key, caller: callerOf(key) }]));
    this.readAt = Date.now();
  }

  private plan(): void {
    this.timer = setTimeout(() => void this.again(), this.config.KEY_REFRESH_MS);
    this.timer.unref();
  }

  private async again(): Promise<void> {
    try {
      await this.read();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn(`the keys known so far go on: ${messageOf(error)}`);
      this.failing = true;
    }
    if (this.timer !== undefined) this.plan();
  }
}
