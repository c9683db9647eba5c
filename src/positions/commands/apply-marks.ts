import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Account } from '../../ledger/account.js';
import type { MarkObserved } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import { Clock } from '../../shared/clock.js';
import { Holders } from '../holders.js';
import { MarkPrices } from '../mark-prices.js';

/** What marks did: how many were taken, and which were refused. */
export interface MarksOutcome {
  readonly taken: number;
  readonly refused: readonly { readonly mark: MarkObserved; readonly refusal: Refusal }[];
}

/**
 * Applies prices in the order they came: each is a level, in memory only. `revalued` is told of every account right after each mark
 * that changed what it is worth, so that no peak between two marks is missed.
 */
export class ApplyMarks extends Command<MarksOutcome> {
  constructor(
    readonly marks: readonly MarkObserved[],
    readonly revalued: (account: Account) => void,
  ) {
    super();
  }
}

@CommandHandler(ApplyMarks)
export class ApplyMarksHandler implements ICommandHandler<ApplyMarks> {
  constructor(
    private readonly prices: MarkPrices,
    private readonly holders: Holders,
    private readonly clock: Clock,
  ) {}

  execute({ marks, revalued }: ApplyMarks): Promise<MarksOutcome> {
    const now = this.clock.now();
    const refused: { mark: MarkObserved; refusal: Refusal }[] = [];
    let taken = 0;
    for (const mark of marks) {
      try {
        if (!this.prices.offer(mark, now)) continue;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push({ mark, refusal: error });
        continue;
      }
      taken += 1;
      for (const { account, positions, excursions } of this.holders.of(mark.symbol)) {
        positions.follow(mark.symbol, mark);
        excursions.see(mark.symbol, mark);
        revalued(account);
      }
    }
    this.prices.trim((symbol) => this.holders.has(symbol));
    return Promise.resolve({ taken, refused });
  }
}
