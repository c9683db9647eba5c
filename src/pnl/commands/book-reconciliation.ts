import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { WalletReconciled } from '../../ledger/facts.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { accountBooking } from '../domain/cash-flow.js';
import { PnlProjection } from '../pnl-projection.js';
import type { FlowOutcome } from './book-cash-flow.js';

/** Books an adopted difference: the opening balance as a flow, a later one as performance outside the trade statistics. */
export class BookReconciliation extends Command<FlowOutcome> {
  constructor(readonly fact: WalletReconciled) {
    super();
  }
}

@CommandHandler(BookReconciliation)
export class BookReconciliationHandler implements ICommandHandler<BookReconciliation> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pnl: PnlProjection,
  ) {}

  async execute({ fact }: BookReconciliation): Promise<FlowOutcome> {
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(fact);
    if (acceptance.outcome !== 'accepted') return { acceptance, flow: null };
    const state = unit.account(fact.accountId).of(this.pnl);
    const { version } = acceptance.entry;
    const { occurredAt, difference: amount } = fact;
    // A replay may go by other rules than those of its time: what is left to explain is found anew.
    if (unit.replayed) state.lateAt.add(occurredAt);
    if (fact.opening) state.addFlow({ version, type: 'OPENING', amount, occurredAt }, true);
    else state.addBooking(accountBooking(version, 'reconciliation', occurredAt, amount));
    state.reconciledAt = occurredAt;
    if (fact.opening) state.openingAt = occurredAt;
    return { acceptance, flow: fact.opening ? amount : null };
  }
}
