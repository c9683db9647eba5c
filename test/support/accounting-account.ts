import type { EquityCurve } from '../../src/drawdown/domain/equity-curve.js';
import { exposureFigures } from '../../src/exposure/domain/exposure.js';
import { accountBooking } from '../../src/pnl/domain/cash-flow.js';
import { pnlFigures } from '../../src/pnl/domain/pnl-figures.js';
import { PnlState } from '../../src/pnl/pnl-state.js';
import { marginUsedBy } from '../../src/portfolio/bodies/compat.js';
import type { Decimal } from '../../src/shared/decimal.js';
import { microsOf } from '../../src/shared/periods.js';
import { UTC, figures, path } from '../domain/drawdown/curve.js';
import { closed, d, opened, text } from '../domain/positions/facts.js';
import type { Computed } from './accounting-trades.js';
import { fold } from './accounting-trades.js';

const noon = (day: string) => microsOf(`${day}T12:00:00Z`);

/** Four days of an account: a deposit, money earned before and during the current week, a fee, a winner and two losers. */
function fourDays(): PnlState {
  const state = new PnlState(UTC);
  state.addFlow({ version: 1, type: 'DEPOSIT', amount: d(10_000), occurredAt: noon('2026-01-29') }, true);
  const folded = fold([
    opened({ id: 'a', at: noon('2026-01-29'), qty: 1, price: 100 }),
    opened({ id: 'b', at: noon('2026-01-29') + 1, qty: 1, price: 100 }),
    opened({ id: 'c', at: noon('2026-01-29') + 2, qty: 1, price: 100 }),
    closed({ id: 'a', at: noon('2026-01-30'), exit: 180 }),
    closed({ id: 'b', at: noon('2026-02-02'), exit: 60 }),
    closed({ id: 'c', at: noon('2026-02-03'), exit: 90 }),
  ]);
  state.addTradeChanges(folded.changes);
  state.addBooking(accountBooking(9, 'fee', noon('2026-02-03'), d(-2)));
  return state;
}

function periods(): Computed {
  const state = fourDays();
  const today = pnlFigures(state, d(5), '2026-02-03');
  const nextDay = pnlFigures(state, d(5), '2026-02-04');
  return {
    realized_pnl_today: text(today.realizedToday),
    realized_pnl_week: text(today.realizedWeek),
    realized_pnl_month: text(today.realizedMonth),
    realized_pnl_total: text(today.realizedTotal),
    total_pnl: text(today.total),
    daily_pnl: text(today.daily),
    weekly_pnl: text(today.weekly),
    cash_balance: text(today.walletBalance),
    total_equity: text(today.walletBalance.plus(today.unrealized)),
    'realized_pnl_today after midnight': text(nextDay.realizedToday),
  };
}

function tradeFigures(): Computed {
  const { closedTrades, winRatePct, winRateToday, profitFactor, bestTrade, worstTrade } = pnlFigures(
    fourDays(),
    d(5),
    '2026-02-03',
  );
  return {
    closed_trades: closedTrades,
    win_rate: text(winRatePct),
    win_rate_today: text(winRateToday),
    profit_factor: text(profitFactor),
    best_trade_pnl: text(bestTrade),
    worst_trade_pnl: text(worstTrade),
  };
}

function recordedWallet(): Computed {
  const state = new PnlState(UTC);
  const [configured, wallet] = [d(10_000), d('3902.68617702')];
  state.addFlow({ version: 1, type: 'DEPOSIT', amount: configured, occurredAt: 1 }, true);
  const opening = wallet.minus(state.wallet);
  state.addFlow({ version: 2, type: 'OPENING', amount: opening, occurredAt: 2 }, true);
  const later = d('3900').minus(state.wallet);
  state.addBooking(accountBooking(3, 'reconciliation', 3, later));
  return {
    'opening flow': text(opening),
    total_equity: text(wallet.plus(d('-101.40761817'))),
    'a later report of 3900 realizes': text(later),
    'cash_balance then': text(state.wallet),
    'closed_trades then': state.sums.closedTrades,
  };
}

function exposure(): Computed {
  const holding = (symbol: string, side: 'LONG' | 'SHORT', sector: string, notional: number) => ({
    symbol,
    side,
    sector,
    notional: d(notional),
  });
  const found = exposureFigures(
    [
      holding('BTCUSDT', 'LONG', 'L1', 8_000),
      holding('BTCUSDT', 'SHORT', 'L1', 3_000),
      holding('UNIUSDT', 'SHORT', 'DEFI', 1_000),
    ],
    d(4_000),
  );
  const by = (sums: ReadonlyMap<string, Decimal>, name: string) => text(sums.get(name));
  return {
    total_exposure: text(found.total),
    net_exposure: text(found.net),
    'exposure_by_symbol BTCUSDT': by(found.bySymbol, 'BTCUSDT'),
    'gross_by_symbol BTCUSDT': by(found.grossBySymbol, 'BTCUSDT'),
    'exposure_by_sector DEFI': by(found.bySector, 'DEFI'),
    exposure_pct_of_equity: text(found.pctOfEquity),
    effective_leverage: text(found.effectiveLeverage),
  };
}

function margin(): Computed {
  const positions = [
    { exposure: d(8_000), leverage: d(5) },
    { exposure: d(1_000), leverage: d(4) },
  ];
  const unknown = [...positions, { exposure: d(10), leverage: null }];
  return {
    margin_used: text(marginUsedBy({ positions } as never)),
    'margin_used with a leverage not told': text(marginUsedBy({ positions: unknown } as never)),
  };
}

const shown = (curve: EquityCurve, moment: string) => figures(curve, moment) as unknown as Computed;

function flows(): Computed {
  const curve = path([
    ['05 10:00', 'flow', 1_000],
    ['05 11:00', 'is', 1_200],
    ['05 12:00', 'flow', -600],
    ['05 13:00', 'is', 540],
  ]);
  const at = shown(curve, '05 13:00');
  return {
    peak_equity: at['peakEquity']!,
    current_equity: at['currentEquity']!,
    current_drawdown_pct: at['currentDrawdownPct']!,
    equity_change_today: at['equityChangeToday']!,
  };
}

function drawdowns(): Computed {
  const curve = path([
    ['05 10:00', 'flow', 1_000],
    ['05 12:00', 'is', 1_250],
    ['06 12:00', 'is', 1_000],
    ['06 13:00', 'is', 1_100],
    ['07 12:00', 'is', 1_045],
  ]);
  const at = shown(curve, '07 13:00');
  return {
    daily_drawdown_pct: at['dailyDrawdownPct']!,
    weekly_drawdown_pct: at['weeklyDrawdownPct']!,
    max_drawdown_pct: at['maxDrawdownPct']!,
    peak_equity: at['peakEquity']!,
    days_since_peak: at['daysSincePeak']!,
    recovery_progress_pct: at['recoveryProgressPct']!,
    equity_change_today: at['equityChangeToday']!,
    daily_return_pct: at['dailyReturnPct']!,
  };
}

function ruin(): Computed {
  const ruined = path([
    ['05 10:00', 'flow', 1_000],
    ['05 11:00', 'is', -50],
  ]);
  const refunded = path([['05 12:00', 'flow', 550]], UTC, ruined);
  return {
    'current_drawdown_pct at −50': shown(ruined, '05 11:00')['currentDrawdownPct']!,
    'current_drawdown_pct after the deposit': shown(refunded, '05 12:00')['currentDrawdownPct']!,
    'max_drawdown_pct after the deposit': shown(refunded, '05 12:00')['maxDrawdownPct']!,
    'peak_equity after the deposit': shown(refunded, '05 12:00')['peakEquity']!,
  };
}

function rounding(): Computed {
  return {
    '1 ÷ 3': text(d(1).dividedBy(d(3))),
    '2 ÷ 3': text(d(2).dividedBy(d(3))),
    '0.1 × 0.2': text(d('0.1').times(d('0.2'))),
    '0.000000000000000001 × 0.1': text(d('0.000000000000000001').times(d('0.1'))),
  };
}

/** Examples about whole accounts, by the name that their block in docs/accounting.md carries. */
export const ACCOUNT_EXAMPLES: Readonly<Record<string, () => Computed>> = {
  rounding,
  periods,
  'trade-figures': tradeFigures,
  'recorded-wallet': recordedWallet,
  exposure,
  margin,
  flows,
  drawdowns,
  ruin,
};
