import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Gauge } from 'prom-client';
import { Book } from '../ledger/book.js';
import { Metrics } from '../ledger/metrics.js';
import { LimitStates } from '../limits/limit-states.js';
import type { PortfolioState } from '../portfolio/portfolio-state.js';
import { GetPortfolio } from '../portfolio/queries/get-portfolio.js';
import { Decimal } from '../shared/decimal.js';

/** Dashboards of the service before this one ask without labels: `main` has none, and every other account has its name. */
const UNLABELLED = 'main';
/** Each account is a handful of series that Prometheus keeps for weeks; beyond this many ask the API. */
const MAX_ACCOUNTS = 200;

/** What accounts are worth, for dashboards and alarms; doubles, as all of Prometheus is. Unknown is NaN. */
@Injectable()
export class PortfolioGauges {
  private readonly gauges: Gauge[] = [];
  private readonly value = this.gauge(
    'portfolio_value_usd',
    'Equity: wallet balance + unrealized PnL, in the base currency',
  );
  private readonly positions = this.gauge(
    'portfolio_open_positions_total',
    'Open positions; long and short of a symbol are two',
  );
  private readonly drawdown = this.gauge(
    'portfolio_drawdown_percent',
    'Fall from the all-time peak to now, percent, 0 or above',
  );
  private readonly pnl = this.gauge(
    'portfolio_pnl_percent',
    'Realized and unrealized PnL ever, percent of net deposits; NaN when those are not above zero',
  );
  private readonly bySymbol = this.gauge('positions_open', 'Open positions by symbol', ['account', 'symbol']);
  private readonly accounts = this.gauge(
    'portfolio_accounts',
    'Accounts, those without series of their own included',
    [],
  );

  private readonly breached = this.gauge(
    'portfolio_limits_breached',
    'Limits announced as breached and not over',
  );
  private readonly approaching = this.gauge(
    'portfolio_limits_approaching',
    'Limits announced as approaching and not over',
  );

  constructor(
    private readonly metrics: Metrics,
    private readonly book: Book,
    private readonly queries: QueryBus,
    private readonly limits: LimitStates,
  ) {}

  /** Sets every series as of now. */
  async collect(): Promise<void> {
    const ids = [...this.book.all()].map((account) => account.accountId);
    const shown = ids
      .sort((a, b) => Number(b === UNLABELLED) - Number(a === UNLABELLED))
      .slice(0, MAX_ACCOUNTS);
    const states = await Promise.all(
      shown.map((accountId) => this.queries.execute(new GetPortfolio(accountId))),
    );
    for (const gauge of this.gauges) gauge.reset();
    this.accounts.set(ids.length);
    for (const state of states) this.show(state);
  }

  private show(state: PortfolioState): void {
    const labels: { account?: string } = state.accountId === UNLABELLED ? {} : { account: state.accountId };
    this.value.set(labels, state.equity.toNumber());
    this.positions.set(labels, state.positions.length);
    this.drawdown.set(labels, state.drawdown.currentDrawdownPct.toNumber());
    this.pnl.set(labels, pnlPercent(state)?.toNumber() ?? Number.NaN);
    const announced = [...this.limits.of(state.accountId).values()];
    this.breached.set(labels, announced.filter((one) => one.state === 'breached').length);
    this.approaching.set(labels, announced.filter((one) => one.state === 'approaching').length);
    for (const { symbol } of state.positions) this.bySymbol.inc({ ...labels, symbol });
  }

  private gauge(name: string, help: string, labelNames = ['account']): Gauge {
    const made = new Gauge({ name, help, labelNames, registers: [this.metrics.registry] });
    this.gauges.push(made);
    return made;
  }
}

function pnlPercent({ pnl }: PortfolioState): Decimal | null {
  const netDeposits = pnl.walletBalance.minus(pnl.realizedTotal);
  return netDeposits.isPositive() ? pnl.total.times(Decimal.HUNDRED).dividedBy(netDeposits) : null;
}
