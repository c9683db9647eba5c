import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { Database } from '../database/database.js';
import { MICROS_PER_SECOND } from '../shared/periods.js';
import { configuredLimits } from './configured-limits.js';
import type { Limits } from './domain/assessment.js';
import type { PolicyReading, PolicySource } from './domain/policy-reading.js';
import { unreadSayings } from './domain/policy-keys.js';
import type { ToldLimit } from './domain/told-limit.js';
import { toldLimit } from './domain/told-limit.js';
import { ToldLimits } from './domain/told-limits.js';
import { readingOfText } from './reading-text.js';

/**
 * What was told of policy, by every source, as of the last look into the database: a level, the newest counts. One replica asks the
 * sources; all of them follow what it wrote, so that all hold accounts against the same limits.
 */
@Injectable()
export class PolicyBoard {
  private readonly readings = new Map<PolicySource, PolicyReading>();
  private readonly revisions = new Map<PolicySource, string>();
  private readonly configured: readonly ToldLimit[];
  private told: ToldLimits;
  /** Another object when something was told anew. */
  revision: object = {};

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.configured = configuredLimits(config);
    this.told = this.toldNow();
  }

  /** Whether a source is one of this service: Risk & Safety is only when its address is set. */
  isConfigured(source: PolicySource): boolean {
    return source === 'redis_policy' || this.config.RISK_SAFETY_SERVICE_URL !== undefined;
  }

  /** What is known of a source; null = it was never read, or is none of this service. */
  readingOf(source: PolicySource): PolicyReading | null {
    return (this.isConfigured(source) && this.readings.get(source)) || null;
  }

  limitsAt(now: number): Limits {
    return { told: this.told, oldest: this.oldestAt(now) };
  }

  /** What was told before this moment is too old to count. */
  oldestAt(now: number): number {
    return now - this.config.POLICY_MAX_AGE_SEC * MICROS_PER_SECOND;
  }

  /** Takes over what was written since the last look. */
  async follow(): Promise<void> {
    const rows = await this.database.query<{
      source: PolicySource;
      revision: string;
      reading: string | null;
    }>(
      `SELECT source, revision::text, CASE WHEN (source || revision) <> ALL ($1::text[]) THEN reading END AS reading
       FROM policy_readings`,
      [[...this.revisions].map(([source, revision]) => source + revision)],
    );
    const fresh = rows.filter((row) => row.reading !== null);
    for (const { source, revision, reading } of fresh) {
      this.readings.set(source, readingOfText(reading!));
      this.revisions.set(source, revision);
    }
    if (fresh.length === 0) return;
    this.told = this.toldNow();
    this.revision = {};
  }

  private toldNow(): ToldLimits {
    const sayings = (['risk_safety', 'redis_policy'] as const).flatMap((source) => {
      if (!this.isConfigured(source)) return [];
      return this.readings.get(source)?.sayings ?? unreadSayings(source, 'not_read_yet');
    });
    return new ToldLimits([...this.configured, ...sayings.map(toldLimit)]);
  }
}
