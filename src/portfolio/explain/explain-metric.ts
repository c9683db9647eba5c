import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Transaction } from '../../database/database.js';
import { CurveProjection } from '../../drawdown/curve-projection.js';
import { rollOver } from '../../drawdown/domain/equity-curve.js';
import type { Account } from '../../ledger/account.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Committed } from '../../ledger/committed.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import { HeldSides } from '../../positions/queries/held-sides.js';
import type { Calendar } from '../../shared/periods.js';
import { PortfolioStates } from '../portfolio-state.js';
import { metricOf } from '../domain/explain/metric.js';
import type { ExplainedNode } from '../domain/explain/node.js';
import type { Extent } from '../domain/explain/prune.js';
import { pruned } from '../domain/explain/prune.js';
import { MetricTrees } from './metric-trees.js';
import type { Moment } from './moment.js';
import { originsOf } from './origins.js';

/** A metric of an account with the tree that it is the root of, at one committed version and one moment (microseconds). */
export interface Explained {
  readonly metric: string;
  readonly version: number;
  readonly now: number;
  readonly tree: ExplainedNode;
}

/** Explains a number. `extent` bounds what is shown, never what is summed. Throws UnknownAccountError, UnknownMetricError. */
export class ExplainMetric extends Query<Explained> {
  constructor(
    readonly accountId: string,
    readonly metric: string,
    readonly extent: Extent,
  ) {
    super();
  }
}

@QueryHandler(ExplainMetric)
export class ExplainMetricHandler implements IQueryHandler<ExplainMetric> {
  constructor(
    private readonly committed: Committed,
    private readonly accounts: AccountReader,
    private readonly states: PortfolioStates,
    private readonly held: HeldSides,
    private readonly trees: MetricTrees,
    private readonly curves: CurveProjection,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  execute({ accountId, metric: name, extent }: ExplainMetric): Promise<Explained> {
    const metric = metricOf(name);
    return this.committed.read(accountId, async (tx, account) => {
      const moment = await this.momentOf(tx, account, extent.limit);
      const tree = pruned(await this.trees.of(metric, moment), extent);
      const { version, now } = moment.state;
      return { metric: name, version, now, tree };
    });
  }

  /** All that lives in memory is taken at once, so that no tick comes between the routes' answer and its parts. */
  private async momentOf(tx: Transaction, account: Account, limit: number): Promise<Moment> {
    const now = this.accounts.now();
    const state = this.states.of(account, now);
    const held = this.held.of(account);
    const curve = rollOver(account.of(this.curves).curve, now, this.calendar);
    const opens = held.flatMap(({ trades }) => trades.map(({ openedVersion }) => openedVersion));
    const versions = opens.filter((version) => version !== null);
    const origins = await originsOf(tx, account.accountId, versions);
    const originOf: Moment['originOf'] = (version) =>
      version === null ? null : (origins.get(version) ?? null);
    return { tx, state, held, curve, originOf, limit };
  }
}
