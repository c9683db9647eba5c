import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { Database } from '../database/database.js';
import { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import { messageOf } from '../shared/errors.js';
import { Loop } from '../shared/loop.js';
import type { Difference } from './domain/differences.js';
import { differencesBetween } from './domain/described.js';
import { IntegrityBoard } from './integrity-board.js';

/** After each account it rests so many times as long as that took. */
const REST = 19;
const LEAST_REST_MS = 10;

/**
 * Holds this replica's accounts in memory against what the database would give at the same version. What is found twice in a row is a
 * difference: in between, what is wrong in the database itself shows as such, and then it is no matter of memory.
 */
@Injectable()
export class BookCheck {
  private readonly logger = new Logger('Integrity');
  private readonly suspected = new Set<string>();
  private readonly loop = new Loop(
    () => this.everyAccount(),
    (error, isNew) => this.failed(error, isNew),
  );

  constructor(
    private readonly database: Database,
    private readonly book: Book,
    private readonly board: IntegrityBoard,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  start(): void {
    this.loop.start(this.everyMs);
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private get everyMs(): number {
    return this.config.INTEGRITY_SEC * 1000;
  }

  private async everyAccount(): Promise<number> {
    for (const { accountId } of [...this.book.all()]) {
      if (this.loop.isStopping) break;
      const began = performance.now();
      this.judge(accountId, await this.differencesOf(accountId));
      await this.loop.rest(Math.max(LEAST_REST_MS, (performance.now() - began) * REST));
    }
    return this.everyMs;
  }

  private failed(error: unknown, isNew: boolean): number {
    if (isNew) this.logger.warn(`the check of the book waits: ${messageOf(error)}`);
    return this.everyMs;
  }

  /** null = the two were not at the same version, so that nothing can be said. */
  private async differencesOf(accountId: string): Promise<Difference[] | null> {
    const stored = await this.database.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const [row] = await tx.query<{ version: string; repairs: string }>(
        'SELECT version::text, repairs::text FROM accounts WHERE account_id = $1',
        [accountId],
      );
      const [version, repairs] = [Number(row?.version ?? 0), Number(row?.repairs ?? 0)];
      return Account.load(tx, { accountId, version, repairs }, this.book.projections);
    });
    const held = this.book.find(accountId);
    if (held?.version !== stored.version || held.repairs !== stored.repairs) return null;
    return this.book.projections.flatMap((projection) =>
      projection.describe
        ? differencesBetween(
            projection.describe(held.of(projection)),
            projection.describe(stored.of(projection)),
          )
        : [],
    );
  }

  private judge(accountId: string, differences: Difference[] | null): void {
    if (differences === null) return;
    if (differences.length === 0 || this.board.storedDifferencesOf(accountId) > 0) {
      this.suspected.delete(accountId);
      this.board.setBook(accountId, []);
    } else if (this.suspected.has(accountId)) {
      if (this.board.bookDifferencesOf(accountId).length === 0)
        this.logger.error(
          `${accountId}: memory of this replica differs from the database: ${JSON.stringify(differences.slice(0, 20))}`,
        );
      this.board.setBook(accountId, differences);
    } else this.suspected.add(accountId);
  }
}
