import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { CashFlow } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import type { Acceptance } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { Decimal } from '../../shared/decimal.js';
import { accountBooking, flowOf, performanceOf } from '../domain/cash-flow.js';
import { PnlProjection } from '../pnl-projection.js';

/** What became of a cash flow; `flow` is what moved in (+) or out (−) without being earned, null when nothing did. */
export interface FlowOutcome {
  readonly acceptance: Acceptance;
  readonly flow: Decimal | null;
}

/** Records a deposit, withdrawal, fee or funding payment. Refuses (`currency_unknown`) money that is not in the base currency. */
export class BookCashFlow extends Command<FlowOutcome> {
  constructor(readonly event: CashFlow) {
    super();
  }
}

@CommandHandler(BookCashFlow)
export class BookCashFlowHandler implements ICommandHandler<BookCashFlow> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly pnl: PnlProjection,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ event }: BookCashFlow): Promise<FlowOutcome> {
    if (event.currency !== null && event.currency !== this.config.BASE_CURRENCY) {
      throw new Refusal(
        'currency_unknown',
        `currency: only ${this.config.BASE_CURRENCY} is kept in this account`,
      );
    }
    const unit = this.unitOfWork.current();
    const acceptance = await unit.accept(event);
    if (acceptance.outcome !== 'accepted') return { acceptance, flow: null };
    const state = unit.account(event.accountId).of(this.pnl);
    const { version } = acceptance.entry;
    const { type, occurredAt, symbol } = event;
    const flow = flowOf(event);
    if (flow) state.addFlow({ version, type, amount: flow, occurredAt }, type === 'DEPOSIT');
    const earned = performanceOf(event);
    if (earned)
      state.addBooking(
        accountBooking(version, type === 'FEE' ? 'fee' : 'funding', occurredAt, earned, symbol),
      );
    // What moved before the opening balance is in it: the curve has seen that money from its beginning.
    const isInOpening = state.openingAt !== null && occurredAt <= state.openingAt;
    return { acceptance, flow: isInOpening ? null : flow };
  }
}
