import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CurveProjection } from '../drawdown/curve-projection.js';
import type { Account } from '../ledger/account.js';
import type { MarkObserved } from '../ledger/facts.js';
import { Metrics } from '../ledger/metrics.js';
import { ApplyMarks } from '../positions/commands/apply-marks.js';
import { Clock } from '../shared/clock.js';

/** Where prices enter, whichever door they came by: latest wins, nothing is written for them one by one. */
@Injectable()
export class PriceFlow {
  private readonly listeners: ((marks: readonly MarkObserved[]) => void)[] = [];

  constructor(
    private readonly commands: CommandBus,
    private readonly curves: CurveProjection,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Applies prices, each at once followed through into the equity of every account that holds its symbol. */
  async observe(marks: readonly MarkObserved[]) {
    const now = this.clock.now();
    const follow = (account: Account) => this.curves.follow(account, now);
    const outcome = await this.commands.execute(new ApplyMarks(marks, follow));
    this.metrics.ticks.inc({ outcome: 'taken' }, outcome.taken);
    this.metrics.ticks.inc({ outcome: 'refused' }, outcome.refused.length);
    this.metrics.ticks.inc({ outcome: 'outdated' }, marks.length - outcome.taken - outcome.refused.length);
    return outcome;
  }

  /** Applies prices that no other replica sees, and has them handed on. */
  share(marks: readonly MarkObserved[]) {
    for (const listener of this.listeners) listener(marks);
    return this.observe(marks);
  }

  /** Told of prices that are to be handed on. Must not throw. */
  onShared(listener: (marks: readonly MarkObserved[]) => void): void {
    this.listeners.push(listener);
  }
}
