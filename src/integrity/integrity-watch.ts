import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { Database } from '../database/database.js';
import { Leadership } from '../ledger/leadership.js';
import { messageOf } from '../shared/errors.js';
import { Loop } from '../shared/loop.js';
import type { PartName } from './integrity-findings.js';
import { IntegrityFindings } from './integrity-findings.js';
import { IntegrityProgress } from './integrity-progress.js';
import type { Looks } from './integrity-round.js';
import { IntegrityRound } from './integrity-round.js';

/** After each look it rests so many times as long as that took: 19 of 20 parts of the time belong to trades. */
const REST = 19;
const LEAST_REST_MS = 10;
/** Nothing is due: it asks this often. */
const IDLE_MS = 500;
/** What differed is looked at again this often, so that a repair shows soon. */
const REPAIRED_MS = 2_000;
const RETRY_MS = 5_000;

/** Verifies all accounts again and again, on the replica that leads, in at most one part in twenty of the time. */
@Injectable()
export class IntegrityWatch {
  private readonly logger = new Logger('Integrity');
  private readonly loop = new Loop(
    () => this.work(),
    (error, isNew) => this.failed(error, isNew),
  );
  private leads = false;
  private round: Looks | null = null;
  private urgent: Looks | null = null;
  private askedAt = 0;
  private repairedAt = 0;
  private restUntil = 0;

  constructor(
    private readonly database: Database,
    private readonly leadership: Leadership,
    private readonly rounds: IntegrityRound,
    private readonly findings: IntegrityFindings,
    private readonly progress: IntegrityProgress,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private failed(error: unknown, isNew: boolean): number {
    // What was under way is lost; the next round looks at it again.
    this.round = this.urgent = null;
    if (isNew) this.logger.warn(`the check of integrity waits: ${messageOf(error)}`);
    return RETRY_MS;
  }

  /** Does one look, if one is due. Returns the milliseconds to rest. */
  private async work(): Promise<number> {
    if (!(await this.leadership.isMine())) {
      if (this.leads) this.rounds.forget();
      this.leads = false;
      this.round = this.urgent = null;
      return IDLE_MS;
    }
    this.leads = true;
    const began = performance.now();
    const isRested = began >= this.restUntil;
    const looked = (await this.lookAtUrgent()) || (isRested && (await this.lookAround()));
    await this.progress.write();
    const ended = performance.now();
    if (looked)
      this.restUntil = Math.max(this.restUntil, ended) + Math.max(LEAST_REST_MS, (ended - began) * REST);
    // What is urgent does not wait until it has rested; it only rests the longer afterwards.
    return Math.min(Math.max(LEAST_REST_MS, this.restUntil - ended), IDLE_MS);
  }

  private async lookAtUrgent(): Promise<boolean> {
    this.urgent ??= await this.dueAhead();
    if (!this.urgent) return false;
    if ((await this.urgent.next()).done) this.urgent = null;
    return true;
  }

  private async lookAround(): Promise<boolean> {
    if (!this.round) {
      if (this.progress.age < this.config.INTEGRITY_SEC * 1000) return false;
      this.round = this.rounds.everything();
    }
    if ((await this.round.next()).done) this.round = null;
    return true;
  }

  private async dueAhead(): Promise<Looks | null> {
    const now = performance.now();
    if (now - this.askedAt < IDLE_MS) return null;
    this.askedAt = now;
    const written = await this.foreignWrites();
    const isAgain = now >= Math.max(this.repairedAt + REPAIRED_MS, this.restUntil);
    const again = isAgain ? await this.findings.differing() : [];
    if (again.length > 0) this.repairedAt = now;
    const names = [...written, ...again];
    return names.length === 0 ? null : this.rounds.parts(names);
  }

  /** Takes what triggers noted. A crash right after this loses the hint and not the finding: the round comes by all the same. */
  private async foreignWrites(): Promise<PartName[]> {
    const rows = await this.database.query<
      Record<'account_id' | 'symbol' | 'table_name' | 'written_by', string>
    >('DELETE FROM integrity_foreign_writes RETURNING account_id, symbol, table_name, written_by');
    for (const { account_id, symbol, table_name, written_by } of rows)
      this.logger.warn(
        `${table_name} of ${account_id} ${symbol}: written to by ${written_by}; it is verified now`,
      );
    return rows.map(({ account_id: accountId, symbol }) => ({ accountId, symbol }));
  }
}
