import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Book } from '../ledger/book.js';
import type { Projection, Staged } from '../ledger/projection.js';
import { BOOKINGS } from '../positions/positions-tables.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import { Clock } from '../shared/clock.js';
import { Decimal } from '../shared/decimal.js';
import type { Calendar } from '../shared/periods.js';
import { shiftDay } from '../shared/periods.js';
import { CALENDAR } from './calendar.provider.js';
import { describePnl } from './described-pnl.js';
import { PnlState } from './pnl-state.js';
import { DAYS, FLOWS, TOTALS } from './pnl-tables.js';

/** Days kept in memory: the current month and week always lie inside. */
const DAYS_LOADED = 45;
/** Of these both a state that was just loaded and one that has lived for long know every one. */
const DAYS_DESCRIBED = 32;

/** Realized sums, by day and ever, and the flows of money. */
@Injectable()
export class PnlProjection implements Projection<PnlState> {
  readonly name = 'pnl';
  readonly tables = [TOTALS.name, DAYS.name, FLOWS.name];

  constructor(
    book: Book,
    _positionsFirst: PositionsProjection,
    private readonly clock: Clock,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {
    book.register(this);
  }

  async load(tx: Transaction, accountId: string): Promise<PnlState> {
    const state = new PnlState(this.calendar);
    const [totals] = await TOTALS.select(tx, 'account_id = $1', [accountId]);
    if (totals) {
      const { accountId: _owner, bestTrade, worstTrade, reconciledAt, openingAt, ...sums } = totals;
      Object.assign(state, { sums, bestTrade, worstTrade, reconciledAt, openingAt });
    }
    const since = shiftDay(this.calendar.dayOf(this.clock.now()), -DAYS_LOADED);
    for (const { day, realized, closedTrades, winningTrades } of await DAYS.select(
      tx,
      'account_id = $1 AND day >= $2',
      [accountId, since],
    )) {
      state.days.set(day, { realized, closedTrades, winningTrades });
    }
    return state;
  }

  fork(state: PnlState): PnlState {
    return state.fork();
  }

  describe(state: PnlState): Map<string, string> {
    return describePnl(state, shiftDay(this.calendar.dayOf(this.clock.now()), -DAYS_DESCRIBED));
  }

  async write(tx: Transaction, staged: readonly Staged<PnlState>[]): Promise<void> {
    for (const { accountId, state } of staged)
      if (state.extremesLost) await findExtremes(tx, accountId, state);
    await TOTALS.upsert(
      tx,
      staged.map(({ accountId, state }) => ({ accountId, row: { ...state.sums, ...state } })),
    );
    await FLOWS.upsert(
      tx,
      rowsOf(staged, (state) => state.newFlows),
    );
    await BOOKINGS.upsert(
      tx,
      rowsOf(staged, (state) => state.newBookings),
    );
    await addDays(tx, staged);
    for (const { state } of staged) {
      state.newFlows = [];
      state.newBookings = [];
      state.dayDeltas = new Map();
    }
  }
}

function rowsOf<Row>(staged: readonly Staged<PnlState>[], pick: (state: PnlState) => readonly Row[]) {
  return staged.flatMap(({ accountId, state }) => pick(state).map((row) => ({ accountId, row })));
}

/** Trades were written before this, so the database knows the best and the worst that are left. */
async function findExtremes(tx: Transaction, accountId: string, state: PnlState): Promise<void> {
  const [found] = await tx.query<{ best: string | null; worst: string | null }>(
    `SELECT max(realized_pnl)::text AS best, min(realized_pnl)::text AS worst FROM trades
     WHERE account_id = $1 AND status <> 'OPEN' AND NOT pnl_unknown`,
    [accountId],
  );
  state.bestTrade = found?.best ? Decimal.stored(found.best) : null;
  state.worstTrade = found?.worst ? Decimal.stored(found.worst) : null;
  state.extremesLost = false;
}

/** Days are added to, not replaced: of older ones memory knows only what changed. */
async function addDays(tx: Transaction, staged: readonly Staged<PnlState>[]): Promise<void> {
  const rows = staged.flatMap(({ accountId, state }) =>
    [...state.dayDeltas].map(([day, delta]) => ({ accountId, day, delta })),
  );
  if (rows.length === 0) return;
  await tx.send({
    name: 'pnl-days-add',
    text: `INSERT INTO pnl_days (account_id, day, realized, closed_trades, winning_trades)
           SELECT * FROM unnest($1::text[], $2::date[], $3::numeric[], $4::bigint[], $5::bigint[])
           ON CONFLICT (account_id, day) DO UPDATE SET realized = trim_scale(pnl_days.realized + EXCLUDED.realized),
             closed_trades = pnl_days.closed_trades + EXCLUDED.closed_trades,
             winning_trades = pnl_days.winning_trades + EXCLUDED.winning_trades`,
    values: [
      rows.map(({ accountId }) => accountId),
      rows.map(({ day }) => day),
      rows.map(({ delta }) => delta.realized.toString()),
      rows.map(({ delta }) => delta.closedTrades),
      rows.map(({ delta }) => delta.winningTrades),
    ],
  });
  await removeEmptied(
    tx,
    rows.filter(({ delta }) => delta.closedTrades <= 0),
  );
}

/** A day that a restatement emptied is no day: a replay would never have made it. One that gained a closed trade is not empty. */
async function removeEmptied(
  tx: Transaction,
  rows: readonly { readonly accountId: string; readonly day: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.send({
    name: 'pnl-days-emptied',
    text: `DELETE FROM pnl_days USING unnest($1::text[], $2::date[]) AS touched(account_id, day)
           WHERE pnl_days.account_id = touched.account_id AND pnl_days.day = touched.day
             AND realized = 0 AND closed_trades = 0 AND winning_trades = 0`,
    values: [rows.map(({ accountId }) => accountId), rows.map(({ day }) => day)],
  });
}
