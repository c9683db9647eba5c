import type { ChainableCommander } from 'ioredis';
import type { PortfolioState } from '../portfolio/portfolio-state.js';
import { Decimal } from '../shared/decimal.js';
import { MICROS_PER_SECOND, isoOf } from '../shared/periods.js';

/** A hash that nobody refreshes for this long is gone: better no number than an old one. */
const TTL_SECONDS = 120;

/** The hashes that neighbours poll; they know one account only. Money in USD terms of the base currency, drawdown as a fraction. */
export function writeStateHashes(multi: ChainableCommander, state: PortfolioState): void {
  if (state.accountId !== 'main') return;
  const { pnl, drawdown, equity, now } = state;
  const seconds = String(Math.floor(now / MICROS_PER_SECOND));
  multi.hset('quantum:state:portfolio', {
    ts_utc: isoOf(now),
    timestamp: seconds,
    equity_usd: equity.toString(),
    balance_usd: pnl.walletBalance.toString(),
    unrealized_pnl_usd: pnl.unrealized.toString(),
    positions_count: String(state.positions.length),
    positions_notional_usd: state.exposure().total.toString(),
    source: 'portfolio_intelligence',
    drawdown: drawdown.currentDrawdownPct.dividedBy(Decimal.HUNDRED).toString(),
  });
  multi.expire('quantum:state:portfolio', TTL_SECONDS);
  multi.hset('quantum:equity:current', {
    equity: equity.toString(),
    peak: (drawdown.peakEquity ?? equity).toString(),
    last_update_ts: seconds,
  });
  multi.expire('quantum:equity:current', TTL_SECONDS);
}
