import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Transaction } from '../../database/database.js';
import { Database } from '../../database/database.js';
import type { Account } from '../../ledger/account.js';
import { Book } from '../../ledger/book.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import { Clock } from '../../shared/clock.js';
import { CurveProjection } from '../curve-projection.js';
import { minuteOf } from '../domain/equity-candle.js';
import type { CurveState } from '../curve-state.js';

/** Writes what ticks did to every account's curve since the last time, and the stand-in prices they gave. */
export class RecordCurves extends Command<void> {}

interface Unwritten {
  readonly account: Account;
  readonly state: CurveState;
}

/** What an account's equity was made of when it was last looked at, and in which minute. */
interface Look {
  /** Made anew by every mark that reaches the account. */
  readonly totals: object;
  readonly minute: number;
}

@CommandHandler(RecordCurves)
export class RecordCurvesHandler implements ICommandHandler<RecordCurves> {
  /** By committed account: a commit makes a new one. */
  private readonly looks = new WeakMap<Account, Look>();

  constructor(
    private readonly database: Database,
    private readonly book: Book,
    private readonly curves: CurveProjection,
    private readonly positions: PositionsProjection,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    await this.recordStandIns();
    const unwritten = this.takeUnwritten();
    if (unwritten.length === 0) return;
    let written: ReadonlySet<string> = new Set();
    try {
      written = await this.database.transaction((tx) => this.write(tx, unwritten));
    } finally {
      // What a unit of work holds right now, or what failed, stays to be written.
      for (const { account, state } of unwritten) {
        if (!written.has(account.accountId)) this.book.find(account.accountId)?.of(this.curves).absorb(state);
      }
    }
  }

  /** What changed since the last write, copied, so that what ticks meanwhile is not taken for written. */
  private takeUnwritten(): Unwritten[] {
    const now = this.clock.now();
    const unwritten: Unwritten[] = [];
    for (const account of this.book.all()) {
      const state = account.of(this.curves);
      if (this.isDue(account, now)) this.curves.follow(account, now);
      if (account.version > 0 && state.unwritten.size > 0)
        unwritten.push({ account, state: state.takeUnwritten() });
    }
    return unwritten;
  }

  /** Every minute has a candle while something is held. Within one, an equity that nothing moved would be written as it was. */
  private isDue(account: Account, now: number): boolean {
    const state = account.of(this.positions);
    if (state.held().next().done === true) return false;
    const [last, minute] = [this.looks.get(account), minuteOf(now)];
    if (last?.totals === state.totals && last.minute === minute) return false;
    this.looks.set(account, { totals: state.totals, minute });
    return true;
  }

  /** Only accounts whose version is the book's: the curve of an older version must not overwrite a newer one. */
  private async write(tx: Transaction, unwritten: readonly Unwritten[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ account_id: string }>(
      `SELECT a.account_id FROM accounts a JOIN unnest($1::text[], $2::bigint[]) AS known(account_id, version)
         ON a.account_id = known.account_id AND a.version = known.version FOR UPDATE OF a SKIP LOCKED`,
      [unwritten.map(({ account }) => account.accountId), unwritten.map(({ account }) => account.version)],
    );
    const current = new Set(rows.map((row) => row.account_id));
    const staged = unwritten
      .filter(({ account }) => current.has(account.accountId))
      .map(({ account, state }) => ({ accountId: account.accountId, state }));
    if (staged.length > 0) await this.curves.write(tx, staged);
    return current;
  }

  private async recordStandIns(): Promise<void> {
    for (const account of this.book.all()) {
      const state = account.of(this.positions);
      if (state.newStandIns.length === 0) continue;
      const rows = await this.database.transaction(async (tx) => {
        // What the positions cost by them follows from trades that nobody may change meanwhile.
        await tx.query('SELECT 1 FROM accounts WHERE account_id = $1 FOR UPDATE', [account.accountId]);
        return this.positions.writeStandIns(tx, account.accountId, state);
      });
      state.newStandIns = state.newStandIns.filter((row) => !rows.includes(row));
    }
  }
}
