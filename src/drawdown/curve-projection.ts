import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { Table } from '../database/table.js';
import type { Account } from '../ledger/account.js';
import { Book } from '../ledger/book.js';
import type { Projection, Staged } from '../ledger/projection.js';
import { CALENDAR } from '../pnl/calendar.provider.js';
import { PnlProjection } from '../pnl/pnl-projection.js';
import { Clock } from '../shared/clock.js';
import type { Calendar } from '../shared/periods.js';
import { decodeCurve, encodeCurve } from './curve-codec.js';
import { CurveState } from './curve-state.js';
import type { EquityCandle } from './domain/equity-candle.js';
import { EquityTracker } from './equity-tracker.js';

export const CANDLES = new Table<EquityCandle>({
  name: 'equity_candles',
  key: ['minute'],
  columns: {
    minute: 'micros',
    equity_open: 'decimal',
    equity_high: 'decimal',
    equity_low: 'decimal',
    equity_close: 'decimal',
    index_open: 'decimal',
    index_high: 'decimal',
    index_low: 'decimal',
    index_close: 'decimal',
    growth_close: 'decimal',
    drawdown_high: 'decimal',
    drawdown_low: 'decimal',
    series: 'integer',
    ruins: 'integer',
  },
});

/** The equity curve: a record of what was seen, which a rebuild leaves, hence no tables to drop. */
@Injectable()
export class CurveProjection implements Projection<CurveState> {
  readonly name = 'drawdown';
  readonly tables: readonly string[] = [];

  constructor(
    book: Book,
    _pnlFirst: PnlProjection,
    private readonly tracker: EquityTracker,
    clock: Clock,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {
    book.register(this);
    book.onChange((account, before) => {
      if (before && before !== account) account.of(this).absorb(before.of(this));
      this.follow(account, clock.now());
    });
  }

  /** Takes what an account is worth now into its curve. */
  follow(account: Account, now: number): void {
    account.of(this).observe(this.tracker.equityOf(account), now);
  }

  /** The same for what happened before we watched: it moves equity and leaves the index. */
  rebase(account: Account, now: number): void {
    account.of(this).rebase(this.tracker.equityOf(account), now);
  }

  async load(tx: Transaction, accountIds: readonly string[]): Promise<Map<string, CurveState>> {
    const states = new Map(accountIds.map((accountId) => [accountId, new CurveState(this.calendar)]));
    const rows = await tx.query<Record<'account_id' | 'curve', string>>(
      'SELECT account_id, curve FROM equity_curves WHERE account_id = ANY($1)',
      [accountIds],
    );
    for (const { account_id: accountId, curve } of rows)
      states.set(accountId, new CurveState(this.calendar, decodeCurve(curve)));
    return states;
  }

  fork(state: CurveState): CurveState {
    return state.fork();
  }

  /** Writes candles and curves. A curve of an older account version never overwrites that of a newer one. */
  async write(tx: Transaction, staged: readonly Staged<CurveState>[]): Promise<void> {
    await writeCandles(tx, staged);
    await tx.send({
      name: 'curves-write',
      text: `INSERT INTO equity_curves (account_id, curve) SELECT * FROM unnest($1::text[], $2::text[])
             ON CONFLICT (account_id) DO UPDATE SET curve = EXCLUDED.curve, updated_at = now()`,
      values: [staged.map(({ accountId }) => accountId), staged.map(({ state }) => encodeCurve(state.curve))],
    });
    for (const { state } of staged) state.written();
  }
}

/** Two observers of one minute together: the first open, the extremes of both, the last close. */
async function writeCandles(tx: Transaction, staged: readonly Staged<CurveState>[]): Promise<void> {
  const rows = staged.flatMap(({ accountId, state }) =>
    [...state.unwritten.values()].map((row) => ({ accountId, row })),
  );
  await CANDLES.merge(tx, rows, {
    equity_high: 'GREATEST(equity_candles.equity_high, EXCLUDED.equity_high)',
    equity_low: 'LEAST(equity_candles.equity_low, EXCLUDED.equity_low)',
    equity_close: 'EXCLUDED.equity_close',
    index_high: 'GREATEST(equity_candles.index_high, EXCLUDED.index_high)',
    index_low: 'LEAST(equity_candles.index_low, EXCLUDED.index_low)',
    index_close: 'EXCLUDED.index_close',
    growth_close: 'EXCLUDED.growth_close',
    drawdown_high: 'GREATEST(equity_candles.drawdown_high, EXCLUDED.drawdown_high)',
    drawdown_low: 'LEAST(equity_candles.drawdown_low, EXCLUDED.drawdown_low)',
    series: 'EXCLUDED.series',
    ruins: 'EXCLUDED.ruins',
  });
}
