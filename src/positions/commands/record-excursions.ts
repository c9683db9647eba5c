import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Transaction } from '../../database/database.js';
import { Database } from '../../database/database.js';
import { Book } from '../../ledger/book.js';
import type { ExcursionState, UnwrittenExcursion } from '../excursion-state.js';
import { rowOf, sawSomething, writeExcursions } from '../excursion-tables.js';
import { ExcursionsProjection } from '../excursions-projection.js';
import { PositionsProjection } from '../positions-projection.js';

/** Lets open trades see what marks did since the last time, and writes what that widened. */
export class RecordExcursions extends Command<void> {}

interface Unwritten {
  readonly accountId: string;
  readonly state: ExcursionState;
  readonly rows: readonly UnwrittenExcursion[];
}

@CommandHandler(RecordExcursions)
export class RecordExcursionsHandler implements ICommandHandler<RecordExcursions> {
  constructor(
    private readonly database: Database,
    private readonly book: Book,
    private readonly positions: PositionsProjection,
    private readonly excursions: ExcursionsProjection,
  ) {}

  async execute(): Promise<void> {
    const unwritten = [...this.book.all()].flatMap((account): Unwritten[] => {
      const state = account.of(this.excursions);
      for (const held of account.of(this.positions).held()) state.takeIn(held);
      const rows = [...state.unwritten('all')];
      return rows.length > 0 ? [{ accountId: account.accountId, state, rows }] : [];
    });
    if (unwritten.length === 0) return;
    await this.database.transaction((tx) => write(tx, unwritten));
    for (const { state, rows } of unwritten) state.written(rows);
  }
}

/** Under the locks that units of work take, in their order: both write the same rows, and must not wait for each other in a circle. */
async function write(tx: Transaction, unwritten: readonly Unwritten[]): Promise<void> {
  await tx.query('SELECT 1 FROM accounts WHERE account_id = ANY($1) ORDER BY account_id FOR UPDATE', [
    unwritten.map(({ accountId }) => accountId),
  ]);
  await writeExcursions(
    tx,
    unwritten.flatMap(({ accountId, rows }) =>
      rows.filter(sawSomething).map(({ symbol, tradeId, excursion }) => ({
        accountId,
        row: rowOf(symbol, tradeId, excursion),
      })),
    ),
  );
}
