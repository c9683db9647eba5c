import { Injectable } from '@nestjs/common';
import type { Decimal } from '../../shared/decimal.js';

/** How the exchange's wallet differs from ours where it is only listed: reported − booked, as of the report's time. */
@Injectable()
export class WalletReports {
  private readonly latest = new Map<string, { readonly difference: Decimal; readonly at: number }>();

  /** Remembers a report unless a newer one is known. Returns null: nothing is booked for it. */
  list(accountId: string, difference: Decimal, at: number): null {
    const known = this.latest.get(accountId);
    if (!known || known.at <= at) this.latest.set(accountId, { difference, at });
    return null;
  }

  /** The difference that the newest report showed; null when there is none. */
  differenceOf(accountId: string): Decimal | null {
    const known = this.latest.get(accountId);
    return known && !known.difference.isZero() ? known.difference : null;
  }
}
