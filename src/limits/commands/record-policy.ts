import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { Database } from '../../database/database.js';
import type { PolicyReading } from '../domain/policy-reading.js';
import { mergeReading } from '../domain/policy-reading.js';
import { readingOfText, textOfReading } from '../reading-text.js';

/** Keeps what a source told when it was asked, together with what it told before and could not be asked for now. */
export class RecordPolicy extends Command<void> {
  constructor(readonly asked: PolicyReading) {
    super();
  }
}

@CommandHandler(RecordPolicy)
export class RecordPolicyHandler implements ICommandHandler<RecordPolicy> {
  constructor(private readonly database: Database) {}

  async execute({ asked }: RecordPolicy): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ reading: string }>(
        'SELECT reading FROM policy_readings WHERE source = $1 FOR UPDATE',
        [asked.source],
      );
      const reading = mergeReading(row ? readingOfText(row.reading) : null, asked);
      await tx.query(
        `INSERT INTO policy_readings (source, revision, reading) VALUES ($1, 1, $2)
         ON CONFLICT (source) DO UPDATE SET revision = policy_readings.revision + 1, reading = EXCLUDED.reading`,
        [asked.source, textOfReading(reading)],
      );
    });
  }
}
