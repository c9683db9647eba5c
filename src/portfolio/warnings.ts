import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { IntegrityBoard } from '../integrity/integrity-board.js';
import { PnlProjection } from '../pnl/pnl-projection.js';
import { isOverdue } from '../positions/domain/overdue-closes.js';
import { Standings } from '../reconciliation/queries/standings.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import type { HeldPosition } from '../positions/queries/held-position.js';

/** A doubt about the whole service (a source that lost messages, a dependency that is away), by name. */
@Injectable()
export class ServiceWarnings {
  private readonly raised = new Set<string>();

  raise(warning: string): void {
    this.raised.add(warning);
  }

  clear(warning: string): void {
    this.raised.delete(warning);
  }

  all(): string[] {
    return [...this.raised].sort();
  }
}

/** What an answer about an account does not know: `name` or `name:symbol` or `name:count`. Empty = nothing is in doubt. */
@Injectable()
export class Warnings {
  constructor(
    private readonly positions: PositionsProjection,
    private readonly pnl: PnlProjection,
    private readonly service: ServiceWarnings,
    private readonly standings: Standings,
    private readonly integrity: IntegrityBoard,
  ) {}

  of(account: Account, held: readonly HeldPosition[], now: number): string[] {
    const { sums } = account.of(this.pnl);
    const state = account.of(this.positions);
    const standing = this.standings.of(account);
    const differs = standing?.walletDifference ?? null;
    const parked = [...state.symbols()]
      .flatMap((book) => [...book.unmatched.values()])
      .filter((close) => !close.booked);
    // They stay parked; only the clock makes them discrepancies.
    const overdue = parked.filter((close) => isOverdue(close, now));
    return [
      ...(sums.depositsKnown ? [] : ['wallet_unknown']),
      ...(differs ? [`wallet_differs:${differs.toString()}`] : []),
      ...about(held, 'price_stale', (position) => position.priceStale),
      ...about(held, 'price_missing', (position) => position.priceSource === 'entry'),
      ...about(held, 'entry_price_unknown', (position) => position.entryUnknown),
      ...counted('pnl_unknown', sums.unknownBookings),
      ...counted('parked_closes', parked.length),
      ...counted('reconciliation_breaks', standing?.count ?? 0),
      ...counted('discrepancies', state.discrepancies + overdue.length),
      ...counted('integrity_differs', this.integrity.differencesOf(account.accountId)),
      ...this.service.all(),
    ];
  }
}

function about(
  held: readonly HeldPosition[],
  name: string,
  doubtful: (position: HeldPosition) => boolean,
): string[] {
  return [...new Set(held.filter(doubtful).map((position) => `${name}:${position.symbol}`))];
}

function counted(name: string, count: number): string[] {
  return count === 0 ? [] : [`${name}:${count}`];
}
