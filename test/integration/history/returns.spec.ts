import { isoOf } from '../../../src/shared/periods.js';
import { eventually } from '../../support/eventually.js';
import { openDesk, type Body, type Desk } from './desk.js';

const periods = (body: Body) => body['periods'] as Body[];

/** Puts minutes and flows of the past behind the service's back: moment, equity, growth, and what moved in it. */
async function remember(
  desk: Desk,
  minutes: readonly (readonly [at: string, equity: string, growth: string, flow?: string])[],
) {
  for (const [i, [at, equity, growth, flow]] of minutes.entries()) {
    await desk.running.database.query(
      `INSERT INTO equity_candles (account_id, minute, equity_open, equity_high, equity_low, equity_close, index_open, index_high,
         index_low, index_close, growth_close, drawdown_high, drawdown_low, series, ruins)
       VALUES ('main', $1, $2, $2, $2, $2, $3, $3, $3, $3, $3, 0, 0, 1, 0)`,
      [at, equity, growth],
    );
    if (flow === undefined) continue;
    const version = 1_000 + i;
    await desk.running.database.query(
      `INSERT INTO ledger (account_id, version, kind, role, occurred_at, received_at, fact) VALUES ('main', $1, 'account.cash_flow', 'fact', $2, $2, '')`,
      [version, at],
    );
    await desk.running.database.query(
      `INSERT INTO cash_flows (account_id, version, type, amount, occurred_at) VALUES ('main', $1, 'DEPOSIT', $2, $3)`,
      [version, flow, at],
    );
  }
}

describe('the returns of periods that are over', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk({ PORTFOLIO_TIMEZONE: 'America/New_York' });
    // Midnights of New York are 05:00 UTC in January and February.
    await remember(desk, [
      ['2026-01-10T12:00:00Z', '1000', '1', '1000'],
      ['2026-02-01T04:59:00Z', '1100', '1.1'],
      ['2026-02-01T05:00:00Z', '1210', '1.21'],
      ['2026-02-15T05:00:00Z', '2210', '1.21', '1000'],
      ['2026-02-20T05:00:00Z', '1989', '1.089'],
    ]);
  });
  afterAll(() => desk.stop());

  test('begin at what was carried over the midnight of the zone', async () => {
    const found = periods(await desk.ask('returns?period=month&from=2026-01-01&to=2026-02-28'));
    expect(found).toMatchObject([
      {
        ...{
          from: '2026-02-01T05:00:00.000000+00:00',
          to: '2026-03-01T05:00:00.000000+00:00',
          running: false,
        },
        // 1.089 ÷ 1.1 − 1; 1989 − 1100 − 1000.
        ...{
          equity_start: '1100',
          equity_end: '1989',
          net_deposits: '1000',
          gain: '-111',
          time_weighted_pct: '-1',
        },
      },
      {
        ...{
          from: '2026-01-01T05:00:00.000000+00:00',
          equity_start: '0',
          equity_end: '1100',
          net_deposits: '1000',
        },
        ...{ gain: '100', time_weighted_pct: '10', time_weighted_pct_reason: null },
      },
    ]);
    // −1100 on the 1st, −1000 on the 15th, 1989 at the end of February: (1 + r) = rate for 28 days.
    const rate = Number(found[0]!['money_weighted_pct']) / 100;
    expect(-1100 * (1 + rate) - 1000 * (1 + rate) ** 0.5 + 1989).toBeCloseTo(0, 6);
    const year = Number(found[0]!['xirr_pct']) / 100;
    expect((1 + year) ** (28 / 365) - 1).toBeCloseTo(rate, 9);
  });

  test('are of weeks, days and years as well, and of any two moments', async () => {
    const weeks = periods(await desk.ask('returns?period=week&from=2026-01-26&to=2026-02-02'));
    expect(weeks.map(({ from, gain }) => [from, gain])).toEqual([
      ['2026-02-02T05:00:00.000000+00:00', '0'],
      ['2026-01-26T05:00:00.000000+00:00', '210'],
    ]);
    const [day] = periods(await desk.ask('returns?period=day&from=2026-02-01&to=2026-02-01'));
    expect(day).toMatchObject({ equity_start: '1100', equity_end: '1210', time_weighted_pct: '10' });
    const [year] = periods(await desk.ask('returns?period=year&from=2026-01-01&to=2026-01-02'));
    expect(year).toMatchObject({ from: '2026-01-01T05:00:00.000000+00:00' });
    const [custom] = periods(await desk.ask('returns?period=custom&from=2026-02-01T05:01:30Z&to=2026-02-15'));
    expect(custom).toMatchObject({
      ...{ from: '2026-02-01T05:01:00.000000+00:00', equity_start: '1210', equity_end: '2210', gain: '0' },
    });
  });

  test('are none before the account was first seen', async () => {
    expect(periods(await desk.ask('returns?period=day&from=2025-01-01&to=2025-02-01'))).toEqual([]);
    expect(periods(await desk.ask('returns?period=month&from=2025-01-01&to=2026-01-31'))).toHaveLength(1);
    expect(periods(await desk.ask('returns?period=custom&from=2026-02-02&to=2026-02-01'))).toEqual([]);
  });
});

describe('the XIRR of an account', () => {
  test('is the textbook one', async () => {
    const desk = await openDesk();
    try {
      // Microsoft's example: −10000, 2750, 4250, 3250 and at the end 2750 → 37.3362535 % a year.
      await remember(desk, [
        ['2008-01-01T00:00:00Z', '10000', '1', '10000'],
        ['2008-03-01T00:00:00Z', '8000', '1', '-2750'],
        ['2008-10-30T00:00:00Z', '5000', '1', '-4250'],
        ['2009-02-15T00:00:00Z', '2700', '1', '-3250'],
        ['2009-03-31T23:59:00Z', '2750', '1'],
      ]);
      const [found] = periods(await desk.ask('returns?period=custom&from=2008-01-01&to=2009-03-31'));
      expect(found).toMatchObject({
        equity_start: '0',
        equity_end: '2750',
        net_deposits: '-250',
        gain: '3000',
      });
      expect(Number(found!['xirr_pct'])).toBeCloseTo(37.3362535, 6);
    } finally {
      await desk.stop();
    }
  });
});

describe('a deposit and a withdrawal in the middle of a day', () => {
  let desk: Desk;
  beforeEach(async () => (desk = await openDesk()));
  afterEach(() => desk.stop());

  test('change neither the time-weighted return nor the drawdown', async () => {
    await desk.deposit('1000');
    await desk.open('one', { quantity: '10' });
    await desk.mark('110'); // 1100: + 10 %
    await desk.deposit('1100'); // 2200
    await desk.mark('132'); // 2420: + 10 %
    await desk.withdraw('1220'); // 1200
    await desk.mark('126'); // 1140: − 5 %
    for (const period of ['day', 'all']) {
      const [today] = periods(await desk.ask(`returns?period=${period}`));
      // 1.1 × 1.1 × 0.95 = 1.1495; 1140 − (1000 + 1100 − 1220) = 260.
      expect(today).toMatchObject({
        running: true,
        equity_start: '0',
        equity_end: '1140',
        net_deposits: '880',
        gain: '260',
      });
      expect(Number(today!['time_weighted_pct'])).toBeCloseTo(14.95, 12);
    }
    const drawdown = await desk.ask('drawdown');
    expect(drawdown).toMatchObject({ max_drawdown_pct: '5', daily_drawdown_pct: '5' });
  });

  test('that takes everything out links what comes after to what was before', async () => {
    await desk.deposit('1000');
    await desk.open('one', { quantity: '10' });
    await desk.close('one', '110', { quantity: '10' });
    await desk.withdraw('1100');
    await desk.deposit('500');
    await desk.open('two', { quantity: '5' });
    await desk.mark('90');
    const [all] = periods(await desk.ask('returns?period=all'));
    // + 10 %, then 500 → 450: − 10 %.
    expect(all).toMatchObject({ time_weighted_pct: '-1', gain: '50' });
    const [candle] = (await desk.ask('equity?resolution=1d'))['candles'] as Body[];
    expect(candle).toMatchObject({ index_close: '0.9', growth_close: '0.99', equity_close: '450' });
  });
});

describe('the equity curve', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk({ PORTFOLIO_TIMEZONE: 'Asia/Kolkata' });
    await remember(desk, [
      // Midnight of Kolkata is 18:30 UTC.
      ['2026-01-10T18:29:00Z', '1000', '1'],
      ['2026-01-10T18:30:00Z', '1500', '1.5'],
      ['2026-01-10T18:34:00Z', '800', '0.8'],
      ['2026-01-10T18:36:00Z', '1200', '1.2'],
      ['2026-01-11T18:29:00Z', '1100', '1.1'],
      ['2026-01-11T19:29:00Z', '1050', '1.05'],
    ]);
  });
  afterAll(() => desk.stop());
  const ask = async (query: string) => {
    const body = await desk.ask(`equity?${query}`);
    return (body['candles'] as Body[]).map((candle) =>
      [
        (candle['start'] as string).slice(5, 16),
        ...['open', 'high', 'low', 'close'].map((name) => candle[`equity_${name}`]),
      ].join(' '),
    );
  };

  test('keeps the first, the highest, the lowest and the last of each window, the newest first', async () => {
    expect(await ask('resolution=1d')).toEqual([
      '01-11T18:30 1050 1050 1050 1050',
      '01-10T18:30 1500 1500 800 1100',
      '01-09T18:30 1000 1000 1000 1000',
    ]);
    expect(await ask('resolution=1h')).toEqual([
      '01-11T19:00 1050 1050 1050 1050',
      '01-11T18:00 1100 1100 1100 1100',
      '01-10T18:00 1000 1500 800 1200',
    ]);
    expect((await ask('resolution=5m')).slice(2)).toEqual([
      '01-10T18:35 1200 1200 1200 1200',
      '01-10T18:30 1500 1500 800 800',
      '01-10T18:25 1000 1000 1000 1000',
    ]);
    expect(await ask('resolution=1m')).toHaveLength(6);
  });

  test('shows each window whole that has a part in what was asked for', async () => {
    expect(await ask('resolution=1h&from=2026-01-10T18:33:00Z&to=2026-01-10T18:34:00Z')).toEqual([
      '01-10T18:00 1000 1500 800 1200',
    ]);
    expect(await ask('resolution=1d&from=2026-01-11&to=2026-01-11')).toEqual([
      '01-10T18:30 1500 1500 800 1100',
    ]);
    expect(await ask('resolution=1m&to=2020-01-01')).toEqual([]);
  });

  test('is paged without leaving out or repeating a window', async () => {
    for (const resolution of ['1m', '5m', '1h', '1d']) {
      const [once, seen] = [await ask(`resolution=${resolution}`), [] as string[]];
      for (let cursor: unknown = ''; typeof cursor === 'string';) {
        const query = `resolution=${resolution}&limit=1${cursor && `&cursor=${cursor}`}`;
        seen.push(...(await ask(query)));
        cursor = (await desk.ask(`equity?${query}`))['next_cursor'];
      }
      expect([resolution, seen]).toEqual([resolution, once]);
    }
  });

  test('includes the minute that runs, before it is written', async () => {
    await desk.deposit('1000');
    await desk.open('one');
    await desk.mark('250');
    await desk.mark('90');
    const today = isoOf(Date.now() * 1000).slice(0, 10);
    const [running] = (await desk.ask(`equity?resolution=1d&from=${today}T00:00:00Z`))['candles'] as Body[];
    expect(running).toMatchObject({ equity_high: '1150', equity_low: '990', equity_close: '990' });
    expect(Number(running!['max_drawdown_pct'])).toBeCloseTo((160 / 1150) * 100, 9);
  });
});

describe('drawdowns', () => {
  let desk: Desk;
  beforeEach(async () => (desk = await openDesk()));
  afterEach(() => desk.stop());

  test('tell when they began, were deepest and ended, live and by the minute', async () => {
    const since = new Date().toISOString();
    await desk.deposit('1000');
    await desk.open('one', { quantity: '1', leverage: '5' });
    for (const price of ['300', '60', '310', '200']) await desk.mark(price);
    const drawdown = await desk.ask('drawdown');
    // 1200 → 960; back at 1210; 1210 → 1100.
    expect(drawdown).toMatchObject({
      max_drawdown_pct: '20',
      longest_recovery_seconds: 0,
      underwater_seconds: expect.any(Number),
    });
    const times = ['max_drawdown_peak_at', 'max_drawdown_trough_at', 'underwater_since', 'trough_at'].map(
      (name) => drawdown[name] as string,
    );
    expect([...times].sort()).toEqual([times[0], times[1], times[2], times[3]]);
    expect(times[0]! > since).toBe(true);
    await eventually(async () => {
      const [deepest] = (await desk.ask('drawdowns'))['drawdowns'] as Body[];
      expect(deepest).toMatchObject({
        depth_pct: '20',
        peak_at: expect.any(String),
        trough_at: expect.any(String),
      });
    });
  });

  test('are told by closed trades and by margin apart from those of equity', async () => {
    const onlyClosed = async () => {
      const { closed_trades_drawdown_pct: pct, closed_trades_drawdown_pct_reason: why } =
        await desk.ask('drawdowns');
      return [pct, why];
    };
    expect(await onlyClosed()).toEqual([null, 'no_trades']);
    expect(await desk.ask('drawdown')).toMatchObject({
      ...{ margin_drawdown_pct: null, margin_drawdown_pct_reason: 'no_positions', trough_at: null },
    });
    await desk.deposit('1000');
    await desk.open('win', { quantity: '1' });
    await desk.close('win', '300', { quantity: '1' });
    await desk.open('loss', { quantity: '1' });
    await desk.close('loss', '40', { quantity: '1' });
    await desk.open('open', { quantity: '2', leverage: '4' });
    await desk.mark('90');
    // 1000 → 1200 → 1140; 20 lost on a margin of 180 ÷ 4.
    expect(await onlyClosed()).toEqual(['5', null]);
    expect(await desk.ask('drawdown')).toMatchObject({ margin_drawdown_pct: '44.444444444444444444' });
    await desk.open('unlevered', { symbol: 'ETHUSDT' });
    expect(await desk.ask('drawdown')).toMatchObject({ margin_drawdown_pct_reason: 'margin_unknown' });
    expect((await desk.ask('drawdown?compat=1'))['max_dd_pct']).toBeDefined();
    await desk.withdraw('1500');
    expect(await onlyClosed()).toEqual([null, 'no_capital']);
  });
});

describe('drawdowns by the minute', () => {
  test('last from the last touch of a peak until it is reached again, or their series ends', async () => {
    const desk = await openDesk();
    try {
      const minutes = [
        // series, minute, deepest and shallowest fall, index at the end beside a highest of 1
        [1, 0, '0', '0', '1'],
        [1, 1, '0.2', '0.1', '1'],
        [1, 2, '0.3', '0.2', '1'],
        // Nobody can tell whether this fall came before the peak or after it.
        [1, 3, '0.1', '0', '0.95'],
        [1, 4, '0', '0', '1'],
        [1, 5, '0.05', '0.05', '1'],
        [1, 7, '0', '0', '1'],
        [1, 8, '0.5', '0.5', '1'],
        [2, 9, '0', '0', '1'],
        // Fallen and won back within a minute, and a little lower after that.
        [2, 10, '0.4', '0', '1'],
        [2, 11, '0.01', '0.01', '1'],
        // This fall ended the one before it.
        [2, 12, '0.02', '0', '1'],
        [2, 13, '0.25', '0.1', '1'],
      ] as const;
      for (const [series, minute, most, least, close] of minutes)
        await desk.running.database.query(
          `INSERT INTO equity_candles SELECT 'main', '2026-01-10T00:00:00Z'::timestamptz + make_interval(mins => $1),
             1, 1, 1, 1, 1, 1, 1, $5::numeric, 1, $2::numeric, $3::numeric, $4, 0`,
          [minute, most, least, series, close],
        );
      const found = (await desk.ask('drawdowns'))['drawdowns'] as Body[];
      const at = (text: unknown) => (text as string | null)?.slice(14, 16) ?? null;
      const shown = found.map((one) => [
        one['depth_pct'],
        at(one['peak_at']),
        at(one['trough_at']),
        at(one['recovered_at']),
        one['running'],
      ]);
      expect(shown).toEqual([
        ['50', '07', '08', null, false],
        ['40', '10', '10', '10', false],
        ['30', '00', '02', '03', false],
        ['25', '12', '13', null, true],
        ['10', '03', '03', '04', false],
        ['5', '04', '05', '07', false],
        ['2', '10', '12', '12', false],
      ]);
      expect(found.slice(0, 3).map((one) => one['underwater_seconds'])).toEqual([60, 0, 180]);
      expect((await desk.ask('drawdowns?limit=1'))['drawdowns']).toHaveLength(1);
    } finally {
      await desk.stop();
    }
  });
});
