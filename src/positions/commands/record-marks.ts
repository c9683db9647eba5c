import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/database.js';
import { Decimal } from '../../shared/decimal.js';
import type { MarkSource } from '../../ledger/facts.js';
import { isoOf, microsOf } from '../../shared/periods.js';
import { MarkPrices } from '../mark-prices.js';

/** Writes the marks taken since the last time: a record of what was seen, so that a restart values at once. */
export class RecordMarks extends Command<void> {}

@CommandHandler(RecordMarks)
export class RecordMarksHandler implements ICommandHandler<RecordMarks> {
  private writtenUpTo = 0;

  constructor(
    private readonly database: Database,
    private readonly marks: MarkPrices,
  ) {}

  async execute(): Promise<void> {
    const { revision } = this.marks;
    await this.forget();
    const changed = [...this.marks.changedSince(this.writtenUpTo)].map((symbol) => ({
      symbol,
      ...this.marks.find(symbol)!,
    }));
    if (changed.length === 0) return;
    await this.database.query(
      `INSERT INTO marks (symbol, price, observed_at, source)
       SELECT * FROM unnest($1::text[], $2::numeric[], $3::timestamptz[], $4::text[])
       ON CONFLICT (symbol) DO UPDATE SET price = EXCLUDED.price, observed_at = EXCLUDED.observed_at, source = EXCLUDED.source
       WHERE marks.observed_at <= EXCLUDED.observed_at`,
      [
        changed.map((mark) => mark.symbol),
        changed.map((mark) => mark.price.toString()),
        changed.map((mark) => isoOf(mark.at)),
        changed.map((mark) => mark.source),
      ],
    );
    this.writtenUpTo = revision;
  }

  /** Symbols that were only ticked, too many of them to keep. What fails to go now is written over or loaded and goes another time. */
  private async forget(): Promise<void> {
    const gone = this.marks.takeForgotten();
    if (gone.length > 0)
      await this.database.query('DELETE FROM marks WHERE symbol = ANY($1::text[])', [gone]);
  }

  /** Loads the marks written last; before any account is valued. */
  async recall(): Promise<void> {
    const rows = await this.database.query<{ symbol: string; price: string; at: string; source: MarkSource }>(
      `SELECT symbol, price::text, to_char(observed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, source FROM marks`,
    );
    for (const { symbol, price, at, source } of rows) {
      this.marks.put(symbol, { price: Decimal.stored(price), at: microsOf(at), source });
    }
    this.writtenUpTo = this.marks.revision;
  }
}
