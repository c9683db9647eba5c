import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { Database } from '../../database/database.js';
import { Book } from '../../ledger/book.js';
import { Leadership } from '../../ledger/leadership.js';
import { RecordPolicy } from '../../limits/commands/record-policy.js';
import type { PolicyReading } from '../../limits/domain/policy-reading.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import { Clock } from '../../shared/clock.js';
import { messageOf } from '../../shared/errors.js';
import { Loop } from '../../shared/loop.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import { RedisPolicy } from './redis-policy.js';
import { RiskSafety } from './risk-safety.js';

const LOOK_MS = 500;
/** However often somebody says that policy changed, the sources are not asked more often than this. */
const LEAST_PAUSE = MICROS_PER_SECOND;

/**
 * Has the sources of policy read: every POLICY_REFRESH_SEC, when somebody said that policy changed, and when a symbol is held that was
 * not asked for. Only the replica that leads asks; what it hears is written down for all.
 */
@Injectable()
export class PolicyWatch {
  private readonly logger = new Logger('Policy');
  private readonly loop = new Loop(
    () => this.look(),
    (error, isNew) => this.failed(error, isNew),
  );
  private readAt: number | null = null;
  private answered = '';
  private asked = new Set<string>();
  private readonly said = new Map<string, string>();

  constructor(
    private readonly commands: CommandBus,
    private readonly database: Database,
    private readonly leadership: Leadership,
    private readonly book: Book,
    private readonly positions: PositionsProjection,
    private readonly riskSafety: RiskSafety,
    private readonly redisPolicy: RedisPolicy,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private failed(error: unknown, isNew: boolean): number {
    if (isNew) this.logger.warn(`policy waits: ${messageOf(error)}`);
    return LOOK_MS;
  }

  /** Reads what is due. Returns the milliseconds to rest. */
  private async look(): Promise<number> {
    if (!(await this.leadership.isMine())) {
      // Whoever leads next does not know what was asked meanwhile: it asks at once.
      this.readAt = null;
      return LOOK_MS;
    }
    const [row] = await this.database.query<{ asked: string }>('SELECT asked::text FROM policy_refresh');
    const asked = row?.asked ?? '';
    const held = this.heldSymbols();
    const now = this.clock.now();
    if (this.isDue(now, asked, held)) await this.ask(now, asked, held);
    return LOOK_MS;
  }

  private async ask(now: number, asked: string, held: readonly string[]): Promise<void> {
    [this.readAt, this.answered, this.asked] = [now, asked, new Set(held)];
    await this.record(await this.redisPolicy.read(held, now));
    if (this.riskSafety.isConfigured) await this.record(await this.riskSafety.read(held, now));
  }

  private isDue(now: number, asked: string, held: readonly string[]): boolean {
    if (this.readAt === null) return true;
    if (now - this.readAt < LEAST_PAUSE) return false;
    if (asked !== this.answered || held.some((symbol) => !this.asked.has(symbol))) return true;
    return now - this.readAt >= this.config.POLICY_REFRESH_SEC * MICROS_PER_SECOND;
  }

  private async record(reading: PolicyReading): Promise<void> {
    const { source, problem } = reading;
    const says = problem === null ? 'is read' : `is unknown: ${problem}`;
    // Said when it changes; a source that was never there is not missed.
    if (this.said.get(source) !== says && !(problem === 'not_there' && !this.said.has(source))) {
      this.said.set(source, says);
      if (problem === null) this.logger.log(`${source} ${says}`);
      else this.logger.warn(`${source} ${says}`);
    }
    await this.commands.execute(new RecordPolicy(reading));
  }

  private heldSymbols(): string[] {
    const symbols = new Set<string>();
    for (const account of this.book.all())
      for (const { symbol } of account.of(this.positions).held()) symbols.add(symbol);
    return [...symbols].sort();
  }
}
