import { Injectable } from '@nestjs/common';
import type { Micros } from '../../ledger/facts.js';
import { correctedKey } from '../../ledger/identity.js';
import type { Unit } from '../../ledger/unit.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { INITIAL_CASH_EVENT } from '../domain/cash-flow.js';
import { PnlProjection } from '../pnl-projection.js';

/** The key of the deposit that the settings make: it was there from the beginning, however late it was booked. */
const INITIAL_CASH_KEY = correctedKey('event', INITIAL_CASH_EVENT);

/** Our wallet balance as of a moment, as the unit has it. What the unit staged has to be written before. */
@Injectable()
export class WalletAt {
  constructor(private readonly pnl: PnlProjection) {}

  /** The wallet of now without what moved in it after `at`: that is not in a report of that moment yet. */
  async of(unit: Unit, accountId: string, at: Micros): Promise<Decimal> {
    const [moved] = await unit.tx.query<{ amount: string }>(
      `SELECT ((SELECT coalesce(sum(amount), 0) FROM bookings WHERE account_id = $1 AND occurred_at > $2)
             + (SELECT coalesce(sum(amount), 0) FROM cash_flows WHERE account_id = $1 AND occurred_at > $2
                   AND version NOT IN (SELECT version FROM ledger_keys WHERE account_id = $1 AND key = $3)))::text AS amount`,
      [accountId, isoOf(at), INITIAL_CASH_KEY],
    );
    return unit.account(accountId).of(this.pnl).wallet.minus(Decimal.stored(moved!.amount));
  }

  /**
   * Whether a fact came late for an adopted wallet that held it already, so that ours is wrong until it is settled at the end of the batch.
   * Money that moves (`flow`) waits for that, too: the curve must not see what never was.
   */
  waits(unit: Unit, accountId: string, flow: Decimal | null): boolean {
    const state = unit.account(accountId).of(this.pnl);
    if (state.lateAt.size === 0) return false;
    if (flow) state.waitingFlow = (state.waitingFlow ?? Decimal.ZERO).plus(flow);
    return true;
  }

  /** When the newest adopted report of the wallet was made; null = none was adopted. */
  adoptedAt(unit: Unit, accountId: string): Micros | null {
    return unit.account(accountId).of(this.pnl).reconciledAt;
  }
}
