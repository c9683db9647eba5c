import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

/** An exchange that does not want to be asked for a while. */
export interface Closing {
  readonly kind: 'rate_limited' | 'banned';
  readonly leftMs: number;
}

/**
 * Until when exchanges said that they must be left alone: kept, because the replica that takes over the lead may be the same address, and who
 * asks in spite of a ban is banned for longer. By the database's clock, which is the one that all replicas share.
 */
@Injectable()
export class Closings {
  constructor(private readonly database: Database) {}

  /** null = it may be asked. */
  async find(venue: string): Promise<Closing | null> {
    const [row] = await this.database.query<{ kind: Closing['kind']; left_ms: string }>(
      `SELECT kind, ceil(extract(epoch FROM until - clock_timestamp()) * 1000)::text AS left_ms
         FROM exchange_closings WHERE venue = $1 AND until > clock_timestamp()`,
      [venue],
    );
    return row ? { kind: row.kind, leftMs: Number(row.left_ms) } : null;
  }

  /** A longer one that runs already stays. */
  async save(venue: string, { kind, leftMs }: Closing): Promise<void> {
    await this.database.query(
      `INSERT INTO exchange_closings (venue, kind, until)
       VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3::float8 / 1000))
       ON CONFLICT (venue) DO UPDATE SET kind = EXCLUDED.kind, until = EXCLUDED.until
       WHERE exchange_closings.until < EXCLUDED.until`,
      [venue, kind, leftMs],
    );
  }
}
