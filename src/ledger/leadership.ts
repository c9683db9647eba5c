import type { OnApplicationShutdown } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { QueryRunner } from 'typeorm';
import { DataSource } from 'typeorm';

/** Any fixed number: the replica that holds this advisory lock of the database leads. */
const LEADER_LOCK = 70_048_005;

const ANSWER_HOLDS_MS = 1_000;

/**
 * One replica of all that share a database leads: it relays the outbox, records curves and publishes on a clock, so that these happen
 * once. It is the one that holds a session lock; when it dies, Postgres frees the lock and another takes over.
 */
@Injectable()
export class Leadership implements OnApplicationShutdown {
  private session: QueryRunner | null = null;
  private asked: Promise<boolean> | null = null;
  private asking = false;
  private askedAt = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Whether this replica leads now; tries to when nobody else does. Throws when the database cannot be asked. */
  isMine(): Promise<boolean> {
    // Everything that beats asks this: one question at a time, and its answer holds for a second.
    if (!this.asked || (!this.asking && performance.now() - this.askedAt > ANSWER_HOLDS_MS)) {
      this.asking = true;
      this.askedAt = performance.now();
      this.asked = this.ask().finally(() => (this.asking = false));
      this.asked.catch(() => (this.asked = null));
    }
    return this.asked;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.release();
  }

  private async ask(): Promise<boolean> {
    try {
      return await this.hold();
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  private async hold(): Promise<boolean> {
    if (this.session) {
      await this.session.query('SELECT 1');
      return true;
    }
    const session = this.dataSource.createQueryRunner();
    try {
      const rows = (await session.query(`SELECT pg_try_advisory_lock(${LEADER_LOCK}) AS held`)) as {
        held: boolean;
      }[];
      if (rows[0]?.held) this.session = session;
    } finally {
      if (this.session !== session) await session.release();
    }
    return this.session === session;
  }

  /** Ends the session for good: a connection that went back to the pool would keep the lock. */
  private async release(): Promise<void> {
    const session = this.session;
    this.session = null;
    if (!session || session.isReleased) return;
    await session.query(`SELECT pg_advisory_unlock(${LEADER_LOCK})`).catch(() => undefined);
    await session.release();
  }
}
