import { averageLoss, averageWin, payoffRatio } from '../../../src/pnl/domain/statistics/averages.js';
import { medianDuration, averageDuration } from '../../../src/pnl/domain/statistics/durations.js';
import { expectancy } from '../../../src/pnl/domain/statistics/expectancy.js';
import { profitFactor } from '../../../src/pnl/domain/statistics/profit-factor.js';
import { streaks } from '../../../src/pnl/domain/statistics/streaks.js';
import { systemQuality } from '../../../src/pnl/domain/statistics/trade-quality.js';
import { tradesOf } from '../../../src/pnl/domain/statistics/closed-trade.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { Random } from '../../support/generate-random.js';
import { openDesk, type Body, type Desk } from './desk.js';

const day = (date: string, time = '10:00') => `2026-01-${date}T${time}:00Z`;
const groups = (body: Body) => body['groups'] as Body[];
const all = (body: Body) => body['all'] as Body;

describe('the statistics of an account without closed trades', () => {
  let desk: Desk;
  beforeAll(async () => (desk = await openDesk()));
  afterAll(() => desk.stop());

  test('are null, each with its reason, and never a default', async () => {
    const body = await desk.ask('statistics');
    const found = all(body);
    const nulls = Object.keys(found).filter(
      (name) => found[name] === null && !name.endsWith('_reason') && name !== 'key',
    );
    expect(nulls.length).toBe(13);
    expect(Object.fromEntries(nulls.map((name) => [name, found[`${name}_reason`]]))).toMatchObject({
      ...{
        win_rate: 'no_trades',
        profit_factor: 'no_trades',
        sqn: 'no_trades',
        average_duration_sec: 'no_trades',
      },
      ...{
        average_win: 'no_wins',
        payoff_ratio: 'no_losses',
        average_mae: 'no_trades',
        best_trade_pnl: 'no_trades',
      },
    });
    expect(found).toMatchObject({ closed_trades: 0, current_streak: 0, total_pnl: '0', total_fees: '0' });
    expect([groups(body), body['by'], body['from']]).toEqual([[], null, null]);
  });

  test.each([
    ['statistics?by=colour', 'parameter_malformed'],
    ['statistics?from=yesterday', 'parameter_malformed'],
    ['statistics?from=2026-02-30', 'parameter_malformed'],
    ['statistics?to=2026-01-01T00:00:00', 'parameter_malformed'],
    ['statistics?from=2026-01-01&from=2026-01-02', 'parameter_malformed'],
    ['returns?period=custom&from=2026-01-01', 'parameter_malformed'],
    ['returns?period=decade', 'parameter_malformed'],
    ['equity?resolution=2m', 'parameter_malformed'],
    ['equity?cursor=abc', 'parameter_malformed'],
    ['drawdowns?limit=101', 'parameter_malformed'],
    ['drawdowns?from=2026-01-01', 'parameter_unknown'],
    ['statistics?account=nobody', 'account_unknown'],
  ])('refuse %s', async (route, code) => expect((await desk.ask(route))['code']).toBe(code));
});

describe('the statistics of closed trades', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk({ PORTFOLIO_TIMEZONE: 'Asia/Kolkata' });
    const trade = async (
      id: string,
      more: Record<string, string>,
      exit: string,
      closed: string,
      reason?: string,
    ) => {
      await desk.open(id, { timestamp: day('05'), ...more });
      const told = {
        quantity: more['quantity'] ?? '1',
        fee: '0.5',
        timestamp: closed,
        symbol: more['symbol'] ?? 'BTCUSDT',
      };
      await desk.close(id, exit, { ...told, ...(reason && { reason }) });
    };
    // +9 (fees 1), −20.5, +29.5, 0 (its fee 0 by price), in order of closing.
    await trade('a', { model: 'trend', fee: '0.5' }, '110', day('05', '11:00'), 'tp');
    await trade('b', { model: 'trend', side: 'sell' }, '120', day('05', '13:00'), 'sl');
    await trade('c', { symbol: 'ETHUSDT', quantity: '3' }, '110', day('06', '10:00'), 'tp');
    await trade('d', { symbol: 'ETHUSDT' }, '100.5', day('07', '10:00'));
    // Known by its close alone; and one of which nobody knows what it earned.
    await desk.close('orphan', '90', {
      ...{ symbol: 'SOLUSDT', side: 'LONG', entry_price: '100', quantity: '1', timestamp: day('08') },
    });
    await desk.open('blind', { symbol: 'XRPUSDT', entry_price: '0.0', timestamp: day('05') });
    await desk.running.redis.client().ping();
    await desk.close('blind', '1', { symbol: 'XRPUSDT', timestamp: day('09') });
  });
  afterAll(() => desk.stop());

  test('count what is closed and known, orphans too', async () => {
    const found = all(await desk.ask('statistics'));
    expect(found).toMatchObject({
      ...{ closed_trades: 5, unknown_pnl_trades: 1, winning_trades: 2, losing_trades: 2, win_rate: '40' },
      // 9 + 29.5 against 20.5 + 10; the mean of 9, −20.5, 29.5, 0, −10.
      ...{
        profit_factor: Decimal.stored('38.5').dividedBy(Decimal.stored('30.5')).toString(),
        expectancy: '1.6',
      },
      ...{ average_win: '19.25', average_loss: '-15.25', best_trade_pnl: '29.5', worst_trade_pnl: '-20.5' },
      ...{ total_pnl: '8', total_fees: '2.5' },
      // Won, lost, won, zero, lost.
      ...{ longest_win_streak: 1, longest_loss_streak: 1, current_streak: -1 },
      // 1 h, 3 h, 24 h and 48 h; the orphan has no opening.
      ...{ average_duration_sec: String((76 * 3600) / 4), median_duration_sec: String((27 * 3600) / 2) },
      ...{ excursion_trades: 0, average_mae: null, average_mae_reason: 'no_marks', win_rate_reason: null },
    });
  });

  test.each([
    [
      'symbol',
      [
        ['BTCUSDT', 2, '-11.5'],
        ['ETHUSDT', 2, '29.5'],
        ['SOLUSDT', 1, '-10'],
        ['XRPUSDT', 0, '0'],
      ],
    ],
    [
      'side',
      [
        ['LONG', 4, '28.5'],
        ['SHORT', 1, '-20.5'],
      ],
    ],
    [
      'model',
      [
        [null, 3, '19.5'],
        ['trend', 2, '-11.5'],
      ],
    ],
    [
      'reason',
      [
        [null, 2, '-10'],
        ['tp', 2, '38.5'],
        ['sl', 1, '-20.5'],
      ],
    ],
  ])('are the same sums by %s', async (by, expected) => {
    const body = await desk.ask(`statistics?by=${by}`);
    const shown = groups(body).map((group) => [group['key'], group['closed_trades'], group['total_pnl']]);
    expect(shown).toEqual(expected);
    expect([body['by'], all(body)['closed_trades'], body['groups_cut']]).toEqual([by, 5, false]);
  });

  test('are of the days of the zone that were asked for, the last one whole', async () => {
    const keys = async (span: string) => {
      const [symbols, found] = [groups(await desk.ask(`statistics?by=symbol&${span}`)), []];
      return [
        ...found,
        ...symbols.map((group) => `${String(group['key'])} ${String(group['closed_trades'])}`),
      ];
    };
    expect(await keys('from=2026-01-06&to=2026-01-07')).toEqual(['ETHUSDT 2']);
    expect(await keys('from=2026-01-05T12:00:00Z&to=2026-01-05T13:00:00Z')).toEqual([]);
    expect(await keys('from=2026-01-05T18:30:00%2B05:30&to=2026-01-05T18:30:00.000001+05:30')).toEqual([
      'BTCUSDT 1',
    ]);
    // 5 January 13:00 UTC is 18:30 in Kolkata.
    expect(await keys('to=2026-01-05')).toEqual(['BTCUSDT 2']);
    const body = await desk.ask('statistics?from=2026-01-06&to=2026-01-07');
    expect([body['from'], body['to']]).toEqual([
      '2026-01-05T18:30:00.000000+00:00',
      '2026-01-07T18:30:00.000000+00:00',
    ]);
  });

  test('take in the excursions of those that saw a mark', async () => {
    await desk.open('seen', { symbol: 'ADAUSDT', quantity: '2' });
    await desk.mark('97', 'ADAUSDT');
    await desk.mark('105', 'ADAUSDT');
    await desk.close('seen', '101', { symbol: 'ADAUSDT', quantity: '2' });
    const found = groups(await desk.ask('statistics?by=symbol')).find(({ key }) => key === 'ADAUSDT');
    expect(found).toMatchObject({ excursion_trades: 1, average_mae: '-6', average_mfe: '10' });
  });
});

describe('the statistics of thousands of trades', () => {
  let desk: Desk;
  beforeAll(async () => (desk = await openDesk()));
  afterAll(() => desk.stop());

  test('are those that the rules say of the list, trade by trade', async () => {
    const random = new Random(7);
    const rows = Array.from({ length: 3_000 }, (_, i) => {
      const openedAt = 1_760_000_000 + random.integer(0, 5_000 - 1);
      // Many close at the same second: symbol and id decide.
      const closedAt = openedAt + random.integer(0, 3_000 - 1);
      return {
        id: `t${i}`,
        symbol: `S${random.integer(0, 3 - 1)}`,
        pnl: random.integer(0, 2_001 - 1) - 1_000,
        openedAt,
        closedAt,
      };
    });
    await desk.running.database.query(
      `INSERT INTO trades (account_id, trade_id, symbol, side, status, quantity, remaining, fee_attributed, realized_pnl, pnl_unknown,
         exit_notional, closes, opened_at, closed_at)
       SELECT 'main', id, symbol, 'LONG', 'CLOSED', 1, 0, 0, pnl / 100.0, FALSE, 0, 1, to_timestamp(opened), to_timestamp(closed)
       FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS t(id, symbol, pnl, opened, closed)`,
      [
        rows.map(({ id }) => id),
        rows.map(({ symbol }) => symbol),
        rows.map(({ pnl }) => pnl),
        rows.map(({ openedAt }) => openedAt),
        rows.map(({ closedAt }) => closedAt),
      ],
    );
    const body = await desk.ask('statistics?by=symbol');
    const inOrder = [...rows].sort(
      (a, b) =>
        a.closedAt - b.closedAt ||
        (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.id < b.id ? -1 : 1),
    );
    for (const found of [all(body), ...groups(body)]) {
      const mine = inOrder.filter(({ symbol }) => found['key'] === null || symbol === found['key']);
      const trades = tradesOf(mine.map(({ pnl }) => Decimal.stored((pnl / 100).toFixed(2))));
      const { wins, losses, current } = streaks(trades);
      expect(found).toMatchObject({
        ...{
          closed_trades: mine.length,
          longest_win_streak: wins,
          longest_loss_streak: losses,
          current_streak: current,
        },
        profit_factor: profitFactor(trades).value!.rounded().toString(),
        expectancy: expectancy(trades).value!.rounded().toString(),
        average_win: averageWin(trades).value!.rounded().toString(),
        average_loss: averageLoss(trades).value!.rounded().toString(),
        payoff_ratio: payoffRatio(trades).value!.rounded().toString(),
        average_duration_sec: averageDuration(mine).value!.rounded(18).toString(),
        median_duration_sec: medianDuration(mine).value!.rounded().toString(),
      });
      expect(Number(found['sqn'])).toBeCloseTo(systemQuality(trades).value!.toNumber(), 12);
    }
  });
});
