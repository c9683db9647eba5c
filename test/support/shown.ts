import type { OracleAnswers } from './oracle.js';
import { localDay, realizedBetween } from './oracle.js';
import type { TestService } from './service.js';

type Body = Record<string, unknown>;

/** What the four routes show of an account that an oracle can know too; amounts as exact texts. */
export interface Shown {
  readonly money: Body;
  readonly exposure: Body;
  readonly positions: Body[];
  readonly trades: Body;
}

const POSITION_FIELDS = [
  'symbol',
  'side',
  'size',
  'entry_price',
  'current_price',
  'unrealized_pnl',
  'exposure',
];

export async function shownBy(service: TestService, account = 'main'): Promise<Shown> {
  const read = async (route: string): Promise<Body> =>
    (await service.get(`/api/portfolio/${route}?numbers=string&account=${account}`)).json();
  const [snapshot, pnl, exposure] = [await read('snapshot'), await read('pnl'), await read('exposure')];
  const positions = snapshot['positions'] as Body[];
  return {
    money: {
      ...picked(snapshot, ['cash_balance', 'total_equity', 'num_positions']),
      ...picked(pnl, ['realized_pnl_total', 'unrealized_pnl', 'realized_pnl_today']),
      ...picked(pnl, ['realized_pnl_week', 'realized_pnl_month']),
    },
    exposure: picked(exposure, [
      ...['long_exposure', 'short_exposure', 'total_exposure', 'net_exposure'],
      ...['exposure_by_symbol', 'gross_by_symbol'],
    ]),
    positions: positions.map((position) => picked(position, POSITION_FIELDS)).sort(bySymbolAndSide),
    trades: {
      ...picked(pnl, ['best_trade_pnl', 'worst_trade_pnl']),
      win_rate: to12Digits(pnl['win_rate']),
      profit_factor: to12Digits(pnl['profit_factor']),
    },
  };
}

/** What `shownBy` must give at the moment `now` for an account with these answers. */
export function shownFrom(answers: OracleAnswers, now: Date, timeZone = 'UTC'): Shown {
  const today = localDay(now.getTime(), timeZone);
  const monday = mondayOf(today);
  return {
    money: {
      ...picked(answers, [
        'cash_balance',
        'total_equity',
        'num_positions',
        'realized_pnl_total',
        'unrealized_pnl',
      ]),
      realized_pnl_today: realizedBetween(answers, today, today),
      realized_pnl_week: realizedBetween(answers, monday, today),
      realized_pnl_month: realizedBetween(answers, `${today.slice(0, 7)}-01`, today),
    },
    exposure: picked(answers, [
      ...['long_exposure', 'short_exposure', 'total_exposure', 'net_exposure'],
      ...['exposure_by_symbol', 'gross_by_symbol'],
    ]),
    positions: answers.positions.map((position) => ({ ...position })),
    trades: {
      ...picked(answers, ['best_trade_pnl', 'worst_trade_pnl']),
      win_rate: to12Digits(answers.win_rate),
      profit_factor: to12Digits(answers.profit_factor),
    },
  };
}

function picked(body: object, names: readonly string[]): Body {
  return Object.fromEntries(names.map((name) => [name, (body as Body)[name]]));
}

function bySymbolAndSide(first: Body, second: Body): number {
  const key = ({ symbol, side }: Body): string => `${String(symbol)} ${String(side)}`;
  return key(first) < key(second) ? -1 : 1;
}

/** Ratios are statistics: two right ways of dividing may differ far behind the point. */
function to12Digits(value: unknown): string | null {
  return value === null || value === undefined ? null : Number(value).toPrecision(12);
}

function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}
