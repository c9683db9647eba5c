import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { WalletReconciled } from '../../ledger/facts.js';
import { findEntry } from '../../ledger/ledger-store.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import { accountBooking } from '../domain/cash-flow.js';
import { PnlProjection } from '../pnl-projection.js';
import type { PnlState } from '../pnl-state.js';
import { WalletAt } from '../queries/wallet-at.js';

/** What settling leaves for the equity curve: the money that moved in (+) or out (−) meanwhile; null = none. */
export interface Settled {
  readonly flow: Decimal | null;
}

/**
 * An adopted wallet is a level: at its moment the wallet was what the exchange said. A fact of an earlier time that comes after it was in
 * it already, so the difference that was booked with it shrinks by as much, and nothing counts twice. null = nothing came late.
 */
export class SettleWallet extends Command<Settled | null> {
  constructor(readonly accountId: string) {
    super();
  }
}

@CommandHandler(SettleWallet)
export class SettleWalletHandler implements ICommandHandler<SettleWallet> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pnl: PnlProjection,
    private readonly wallet: WalletAt,
  ) {}

  async execute({ accountId }: SettleWallet): Promise<Settled | null> {
    const unit = this.unitOfWork.current();
    const state = unit.account(accountId).of(this.pnl);
    if (state.lateAt.size === 0) return null;
    await this.unitOfWork.writeStaged(unit);
    for (const version of await statementsAfter(unit, accountId, [...state.lateAt]))
      await this.settle(unit, state, accountId, version);
    const flow = state.waitingFlow;
    state.lateAt.clear();
    state.waitingFlow = null;
    return { flow };
  }

  /** Books what the statement's difference is now, given all that is known of the time before it. */
  private async settle(unit: Unit, state: PnlState, accountId: string, version: number): Promise<void> {
    const { fact } = await findEntry(unit.tx, accountId, version);
    const { reported, occurredAt, opening } = fact as WalletReconciled;
    const missing = reported.minus(await this.wallet.of(unit, accountId, occurredAt));
    if (missing.isZero()) return;
    const booked = await amountOf(unit, accountId, version);
    const amount = booked.plus(missing);
    if (opening) {
      const flow = { version, type: 'OPENING', occurredAt };
      state.replaceFlow({ ...flow, amount: booked }, { ...flow, amount });
    } else {
      const was = accountBooking(version, 'reconciliation', occurredAt, booked);
      state.replaceBooking(was, { ...was, computed: amount, amount });
    }
    await this.unitOfWork.writeStaged(unit);
  }
}

/** For each moment the first adopted wallet of that moment or later, each once, the earliest first: it takes all the later ones along. */
async function statementsAfter(unit: Unit, accountId: string, moments: number[]): Promise<number[]> {
  const rows = await unit.tx.query<{ version: string }>(
    `SELECT DISTINCT first.version::text, first.occurred_at FROM unnest($2::timestamptz[]) AS late(at), LATERAL (
       SELECT version, occurred_at FROM (
         (SELECT version, occurred_at FROM bookings
           WHERE account_id = $1 AND kind = 'reconciliation' AND trade_id = '' AND occurred_at >= late.at
           ORDER BY occurred_at LIMIT 1)
         UNION ALL
         (SELECT version, occurred_at FROM cash_flows
           WHERE account_id = $1 AND type = 'OPENING' AND occurred_at >= late.at)) AS statements
       ORDER BY occurred_at LIMIT 1) AS first ORDER BY first.occurred_at`,
    [accountId, moments.map(isoOf)],
  );
  return rows.map(({ version }) => Number(version));
}

async function amountOf(unit: Unit, accountId: string, version: number): Promise<Decimal> {
  const [row] = await unit.tx.query<{ amount: string }>(
    `SELECT amount::text FROM bookings WHERE account_id = $1 AND version = $2 AND trade_id = ''
     UNION ALL SELECT amount::text FROM cash_flows WHERE account_id = $1 AND version = $2`,
    [accountId, version],
  );
  return Decimal.stored(row!.amount);
}
