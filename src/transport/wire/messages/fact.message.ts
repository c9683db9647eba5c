import type { FactHeader, Micros, TimeOrigin } from '../../../ledger/facts.js';
import { IsAccount, IsId } from '../constraints.js';

/** What every fact on the wire carries. */
export abstract class FactMessage implements FactHeader {
  @IsAccount()
  readonly accountId: string;
  readonly occurredAt: Micros;
  @IsId()
  readonly eventId: string | null;
  @IsId()
  readonly source: string | null;
  declare readonly timeFrom?: TimeOrigin;

  constructor(header: FactHeader) {
    this.accountId = header.accountId;
    this.occurredAt = header.occurredAt;
    this.eventId = header.eventId;
    this.source = header.source;
    if (header.timeFrom !== undefined) this.timeFrom = header.timeFrom;
  }
}
