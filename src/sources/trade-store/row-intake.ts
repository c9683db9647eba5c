import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { isTransient, messageOf } from '../../shared/errors.js';
import { keepSetAside } from './keep-set-aside.js';
import type { Settled, TradeRow } from './read-row.js';
import { factsIn, settled } from './read-row.js';
import { RowBooking } from './row-booking.js';
import type { Telling } from './row-facts.js';
import type { RowResult } from './row-result.js';
import { knownBefore } from './row-result.js';
import { knownTrades } from './told-already.js';

/** Undoes a batch whose outcome is all that was asked for. */
class DryRun extends Error {
  constructor(readonly outcomes: Outcomes) {
    super('dry run');
  }
}

/** Rows that were read, and what is settled of them already. */
export interface ReadRows {
  readonly settled: readonly RowResult[];
  readonly open: readonly (TradeRow | Settled)[];
}

/** How rows are taken. */
export interface Manner {
  /** Only says what would become of them. */
  readonly dryRun: boolean;
  /** Leaves those for which a whole symbol would have to be folded anew, so that they can be taken together. */
  readonly defers: boolean;
}

/** What became of rows, and which were left. */
export interface Taken {
  readonly results: readonly RowResult[];
  readonly deferred: readonly TradeRow[];
}

interface Outcomes {
  readonly settled: readonly Settled[];
  readonly deferred: readonly TradeRow[];
}

/** Takes rows of a trade store in by the way of all facts: claimed, applied and committed a batch at a time. */
@Injectable()
export class RowIntake {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly booking: RowBooking,
  ) {}

  /** Settles without a lock what is in the ledger word for word. Throws only what is transient. */
  async look(read: readonly (TradeRow | Settled)[], telling: Telling): Promise<ReadRows> {
    const trades = read.filter((one): one is TradeRow => !('result' in one));
    const known = await knownTrades(this.database, telling.accountId, trades);
    const isOpen = (one: TradeRow | Settled) =>
      'result' in one ? one.result.outcome === 'refused' : !known.has(one);
    const done = read.filter((one) => !isOpen(one));
    return {
      settled: done.map((one) => ('result' in one ? one.result : knownBefore(one))),
      open: read.filter(isOpen),
    };
  }

  /**
   * What becomes of rows that were read, once all is committed (with `dryRun`: what would). A batch that fails for a reason that will not
   * pass is taken apart, row by row. Throws only what is transient: then the same rows may simply come again.
   */
  async take(rows: readonly (TradeRow | Settled)[], telling: Telling, manner: Manner): Promise<Taken> {
    const { settled: all, deferred } = await this.batch(rows, telling, manner);
    return { results: all.map(({ result }) => result), deferred };
  }

  private async batch(
    rows: readonly (TradeRow | Settled)[],
    telling: Telling,
    manner: Manner,
  ): Promise<Outcomes> {
    if (rows.length === 0) return { settled: [], deferred: [] };
    try {
      return await this.commit(rows, telling, manner);
    } catch (error) {
      if (error instanceof DryRun) return error.outcomes;
      if (isTransient(error)) throw error;
      const [only, ...others] = rows;
      if (only && others.length === 0) return this.giveUpOn(only, error, telling, manner);
      const apart: Outcomes[] = [];
      for (const row of rows) apart.push(await this.batch([row], telling, manner));
      return {
        settled: apart.flatMap((one) => one.settled),
        deferred: apart.flatMap(({ deferred }) => deferred),
      };
    }
  }

  /** A row that cannot even be set aside is told in the summary, and the rows behind it go on. */
  private async giveUpOn(
    row: TradeRow | Settled,
    error: unknown,
    telling: Telling,
    manner: Manner,
  ): Promise<Outcomes> {
    const given = settled(row.row, 'refused', 'internal_error', messageOf(error));
    return 'result' in row ? { settled: [given], deferred: [] } : this.batch([given], telling, manner);
  }

  private commit(
    rows: readonly (TradeRow | Settled)[],
    telling: Telling,
    { dryRun, defers }: Manner,
  ): Promise<Outcomes> {
    const trades = rows.filter((one): one is TradeRow => !('result' in one));
    const refused = rows.filter((one): one is Settled => 'result' in one);
    return this.unitOfWork.run({ facts: trades.flatMap(factsIn) }, async (unit) => {
      // One row alone is one that a batch failed with: then nothing is taken for granted.
      unit.inBulk = rows.length > 1;
      const booked = await this.booking.book(unit, trades, telling.accountId, defers);
      const outcomes = { settled: [...refused, ...booked.settled], deferred: booked.deferred };
      await keepSetAside(unit, outcomes.settled, telling);
      if (dryRun) throw new DryRun(outcomes);
      return outcomes;
    });
  }
}
