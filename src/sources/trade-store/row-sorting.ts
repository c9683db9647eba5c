import { Inject, Injectable } from '@nestjs/common';
import type { Unit } from '../../ledger/unit.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import { opensInOrder } from '../../positions/domain/fold-trades.js';
import { standsAlone } from '../../positions/domain/lone-trade.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import type { Calendar } from '../../shared/periods.js';
import type { TradeRow, WholeRow } from './read-row.js';
import { factsIn, isWhole } from './read-row.js';
import { nextTies } from './ties.js';

/** Rows by what it takes to book them. */
export interface SortedRows {
  /** New, told whole, over before today, and without any tie to other trades: each is added by itself. */
  readonly alone: readonly WholeRow[];
  /** New, and in a symbol where something happened that they come too late for: all of it has to be folded anew. */
  readonly entangled: readonly TradeRow[];
  readonly others: readonly TradeRow[];
}

/** Tells rows apart by what it takes to book them; all that is asked is asked under the lock of the account. */
@Injectable()
export class RowSorting {
  constructor(
    private readonly positions: PositionsProjection,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  async sort(unit: Unit, accountId: string, rows: readonly TradeRow[]): Promise<SortedRows> {
    const named = new Set<string>();
    const fresh = rows.filter((row) => {
      const { tradeId } = row.opened;
      // A store may give a row twice: the second is a repeat, which takes its time to be recognised.
      const isNew = !named.has(tradeId) && !factsIn(row).some((fact) => unit.isKnown(fact));
      named.add(tradeId);
      return isNew;
    });
    const whole = fresh.filter((row) => isWhole(row) && this.isOver(unit, row));
    const tied = whole.filter(({ opened: { symbol } }) => this.hasTies(unit, accountId, symbol));
    const ties = await nextTies(unit.tx, accountId, tied as WholeRow[]);
    const alone = new Set(
      whole.filter((row) => standsAlone(row as WholeRow, ties.get(row as WholeRow) ?? null)),
    );
    const entangled = new Set(
      fresh.filter((row) => !alone.has(row) && !this.comesInTime(unit, accountId, row)),
    );
    return {
      alone: [...alone] as WholeRow[],
      entangled: [...entangled],
      others: rows.filter((row) => !alone.has(row) && !entangled.has(row)),
    };
  }

  /** Days that are over: what is earned today is followed trade by trade. */
  private isOver(unit: Unit, { opened, closed }: TradeRow): boolean {
    const today = this.calendar.dayOf(unit.now);
    return [opened, closed!].every(({ occurredAt }) => this.calendar.dayOf(occurredAt) < today);
  }

  private hasTies(unit: Unit, accountId: string, symbol: string): boolean {
    const book = unit.account(accountId).of(this.positions).find(symbol);
    return book !== undefined && (book.lastUnnamedAt !== null || book.lastLevelAt !== null);
  }

  private comesInTime(unit: Unit, accountId: string, { opened }: TradeRow): boolean {
    const book = unit.account(accountId).of(this.positions).find(opened.symbol);
    return book === undefined || opensInOrder(book, opened);
  }
}
