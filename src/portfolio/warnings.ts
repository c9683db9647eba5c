import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { IntegrityBoard } from '../integrity/integrity-board.js';
import { PnlProjection } from '../pnl/pnl-projection.js';
import { isOverdue } from '../positions/domain/overdue-closes.js';
import { Standings } from '../reconciliation/queries/standings.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import type { HeldPosition } from '../positions/queries/held-position.js';

/** What was heard of longer ago than this may be behind: every reader hears at least once a second, if only that there is nothing. */
const STALE_AFTER_MS = 3_000;

/** A doubt about the whole service (a source that lost messages, a dependency that is away), by name. */
@Injectable()
export class ServiceWarnings {
  private readonly raised = new Set<string>();
  private readonly heardAt = new Map<string, number>();

  /** Notes that a source of what we answer was heard of just now. Silent for too long, answers carry `stale:<source>`. */
  heard(source: 'facts' | 'prices' | 'accounts'): void {
    this.heardAt.set(source, performance.now());
  }

  raise(warning: string): void {
    this.raised.add(warning);
  }

  clear(warning: string): void {
    this.raised.delete(warning);
  }

  all(): string[] {
    const silentSince = performance.now() - STALE_AFTER_MS;
    const silent = [...this.heardAt]
      .filter(([, at]) => at < silentSince)
      .map(([source]) => `stale:${source}`);
    return [...this.raised, ...silent].sort();
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
    const { parked } = state;
    // They stay parked; only the clock makes them discrepancies.
    const overdue = parked.filter((close) => isOverdue(close, now));
    const doubtful = held.filter(({ isDoubtful }) => isDoubtful);
    return [
      ...(sums.depositsKnown ? [] : ['wallet_unknown']),
      ...(differs ? [`wallet_differs:${differs.toString()}`] : []),
      ...about(doubtful, 'price_stale', (position) => position.priceStale),
      ...about(doubtful, 'price_missing', (position) => position.priceSource === 'entry'),
      ...about(doubtful, 'entry_price_unknown', (position) => position.entryUnknown),
      ...counted('pnl_unknown', sums.unknownBookings),
      ...counted('parked_closes', parked.length),
      ...counted('reconciliation_breaks', standing?.count ?? 0),
      ...this.standings.staleOf(account, now).map((part) => `reconciliation_stale:${part}`),
      ...counted('discrepancies', state.discrepancies + overdue.length),
      ...counted('integrity_differs', this.integrity.differencesOf(account.accountId)),
      ...this.service.all(),
    ];
  }
}

function about(
  held: readonly HeldPosition[],
  name: string,
  applies: (position: HeldPosition) => boolean,
): string[] {
  return [...new Set(held.filter(applies).map(({ symbol }) => `${name}:${symbol}`))];
}

function counted(name: string, count: number): string[] {
  return count === 0 ? [] : [`${name}:${count}`];
}
