import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import type { ValueTotals } from '../positions/domain/valuation.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import { Clock } from '../shared/clock.js';
import { Answer, snapshotPieces } from './answer.js';
import { ListBytes } from './list-bytes.js';
import { PortfolioStates } from './portfolio-state.js';
import { snapshotBody } from './queries/get-snapshot.js';

/** What the clock alone changes (a price goes stale, a day ends) may show this much later. */
const LONGEST_KEPT_MS = 100;
/** A mark may show this much later, so that a flood of them does not write the answer more often than anybody can read it. */
const LONGEST_CONFLATED_MS = 5;
/** Writing answers anew for marks takes at most one part in so many of the time. */
const SHARE_OF_TIME = 32;
const MOST_ACCOUNTS = 200;

/** A snapshot as it leaves, and the ETag of what it says. */
export interface ReadySnapshot {
  /** In pieces, one behind the other. */
  readonly body: readonly Buffer[];
  readonly bytes: number;
  readonly tag: string;
  /** The same of all that follow one another. */
  readonly series: object;
}

interface Kept extends ReadySnapshot {
  /** Its positions, from which the next one goes on. */
  readonly series: ListBytes;
  readonly account: Account;
  readonly totals: ValueTotals;
  readonly keptUntil: number;
  readonly conflatedUntil: number;
}

/**
 * The snapshots that are asked for again and again, written once for each change: a committed fact shows at once, a mark within
 * milliseconds. `timestamp` in the text is the moment that it speaks for.
 */
@Injectable()
export class ReadySnapshots {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly book: Book,
    private readonly clock: Clock,
    private readonly states: PortfolioStates,
    private readonly positions: PositionsProjection,
  ) {}

  /** The snapshot of an account; null when there is none of that name. */
  of(accountId: string): ReadySnapshot | null {
    const account = this.book.find(accountId);
    if (!account) return null;
    const kept = this.kept.get(accountId);
    const now = performance.now();
    const isCurrent = kept?.account === account && now < kept.keptUntil;
    if (isCurrent && now < kept.conflatedUntil) return kept;
    const { totals } = account.of(this.positions);
    return isCurrent && kept.totals === totals ? kept : this.write(account, totals, now);
  }

  private write(account: Account, totals: ValueTotals, since: number): ReadySnapshot {
    const answer = Answer.of(snapshotBody(this.states.of(account, this.clock.now())));
    const list = this.kept.get(account.accountId)?.series ?? new ListBytes();
    const { pieces, tag } = snapshotPieces(answer, list);
    const now = performance.now();
    const ready: Kept = {
      body: pieces,
      bytes: pieces.reduce((sum, { length }) => sum + length, 0),
      tag,
      series: list,
      account,
      totals,
      keptUntil: now + LONGEST_KEPT_MS,
      conflatedUntil: now + Math.min(LONGEST_CONFLATED_MS, (now - since) * SHARE_OF_TIME),
    };
    // The one that was written longest ago makes room.
    this.kept.delete(account.accountId);
    if (this.kept.size >= MOST_ACCOUNTS) this.kept.delete(this.kept.keys().next().value!);
    this.kept.set(account.accountId, ready);
    return ready;
  }
}
