import { assess, assessAll, judge, judgeAll } from '../../../src/limits/domain/assessment.js';
import type { LimitName } from '../../../src/limits/domain/limit.js';
import { LIMITS } from '../../../src/limits/domain/limit.js';
import type { RiskFigures } from '../../../src/limits/domain/risk-figures.js';
import { useOf } from '../../../src/limits/domain/risk-figures.js';
import { roomInMoney } from '../../../src/limits/domain/room.js';
import { d, figures, limitsOf, told } from './figures.js';

const of = (
  limit: LimitName,
  raw: string | null,
  more: Partial<RiskFigures> = {},
  symbol: string | null = null,
) =>
  assess(limit, symbol, {
    limits: limitsOf(raw === null ? [] : [told(limit, raw, { rawUnit: 'currency' })]),
    figures: figures(more),
  });

describe('what is used', () => {
  test.each<[limit: LimitName, symbol: string | null, used: string]>([
    ['total_exposure', null, '600'],
    ['symbol_exposure', 'BTCUSDT', '500'],
    ['symbol_exposure', 'XRPUSDT', '0'],
    ['symbol_exposure', null, '0'],
    ['symbol_exposure_pct', 'BTCUSDT', '50'],
    ['symbol_exposure_pct', null, '0'],
    ['positions', null, '2'],
    ['daily_loss', null, '2'],
    ['daily_drawdown', null, '4'],
    ['max_drawdown', null, '20'],
    ['leverage', null, '0.6'],
    ['symbol_leverage', 'ETHUSDT', '3'],
    ['symbol_leverage', null, '5'],
    ['symbol_leverage', 'XRPUSDT', '0'],
    // 40 of 1000.
    ['open_loss', null, '4'],
  ])('of %s (%s): %s', (limit, symbol, used) => {
    expect(useOf(limit, symbol, figures())).toMatchObject({ reason: null });
    expect(useOf(limit, symbol, figures()).value?.toString()).toBe(used);
  });

  test('a gain is no loss', () => {
    const good = figures({ unrealized: d('40'), changeToday: d('20') });
    expect(useOf('daily_loss', null, good).value?.toString()).toBe('0');
    expect(useOf('open_loss', null, good).value?.toString()).toBe('0');
  });

  const unpriced = { positions: [{ symbol: 'BTCUSDT', exposure: null, leverage: null }] };

  test.each<[limit: LimitName, more: Partial<RiskFigures>, reason: string]>([
    ['daily_loss', { walletKnown: false }, 'wallet_unknown'],
    ['leverage', { walletKnown: false }, 'wallet_unknown'],
    ['daily_loss', { dayStartEquity: d('0') }, 'no_equity_at_day_start'],
    ['daily_drawdown', { hasPeak: false }, 'not_seen'],
    ['max_drawdown', { hasPeak: false }, 'not_seen'],
    ['leverage', { equity: d('0') }, 'no_equity'],
    ['open_loss', { equity: d('-5') }, 'no_equity'],
    ['open_loss', unpriced, 'price_unknown'],
    ['symbol_leverage', unpriced, 'leverage_unknown'],
  ])('%s is unknown: %#', (limit, more, reason) => {
    expect(useOf(limit, 'BTCUSDT', figures(more))).toEqual({ value: null, reason });
    expect(of(limit, '10', more, 'BTCUSDT')).toMatchObject({ state: 'unknown', reason, distanceMoney: null });
  });
});

describe('an assessment', () => {
  test.each<[raw: string, state: string, usedPct: string, distance: string, distancePct: string]>([
    ['1200', 'ok', '50', '600', '50'],
    ['750', 'approaching', '80', '150', '20'],
    ['751', 'ok', '79.893475366178428762', '151', '20.106524633821571238'],
    ['600', 'approaching', '100', '0', '0'],
    ['500', 'breached', '120', '-100', '-20'],
  ])('of 600 used of %s is %s', (raw, state, usedPct, distance, distancePct) => {
    const found = of('total_exposure', raw);
    expect(found.state).toBe(state);
    expect([found.usedPct, found.distance, found.distancePct, found.distanceMoney].map(String)).toEqual([
      usedPct,
      distance,
      distancePct,
      distance,
    ]);
  });

  test('a loss that reaches its limit is beyond it, a maximum may be used in full', () => {
    expect(of('daily_loss', '2').state).toBe('breached');
    expect(of('positions', '2').state).toBe('approaching');
    expect(of('positions', '1').state).toBe('breached');
  });

  test('a limit of nothing is broken by anything, and by nothing not', () => {
    expect(of('total_exposure', '0')).toMatchObject({ state: 'breached', usedPct: null, distancePct: null });
    const flat = { positions: [], unrealized: d('0'), changeToday: d('0') };
    expect(of('total_exposure', '0', flat).state).toBe('ok');
    expect(of('daily_loss', '0', flat).state).toBe('ok');
  });

  test('a limit that nobody sets is unknown, and so is its distance', () => {
    expect(of('total_exposure', null)).toMatchObject({
      state: 'unknown',
      reason: 'not_set',
      usedPct: null,
      distance: null,
    });
  });

  const half: Partial<RiskFigures> = {
    positions: [
      { symbol: 'BTCUSDT', exposure: d('500'), leverage: d('5') },
      { symbol: 'BTCUSDT', exposure: null, leverage: null },
    ],
  };

  test('what is used at least is enough for a breach, and not for being within the limit', () => {
    expect(of('total_exposure', '400', half)).toMatchObject({
      state: 'breached',
      reason: null,
      distanceMoney: null,
    });
    expect(of('total_exposure', '2000', half)).toMatchObject({ state: 'unknown', reason: 'price_unknown' });
    expect(of('symbol_leverage', '10', half, 'BTCUSDT')).toMatchObject({ reason: 'leverage_unknown' });
    expect(of('leverage', '10', half)).toMatchObject({ state: 'unknown', reason: 'price_unknown' });
  });

  test('covers every limit, those of symbols for each of them or once', () => {
    const limits = limitsOf([]);
    expect(assessAll(limits, figures(), []).map(({ limit }) => limit)).toEqual(LIMITS);
    const each = assessAll(limits, figures(), ['BTCUSDT', 'ETHUSDT']);
    expect(each.filter(({ symbol }) => symbol === 'ETHUSDT').map(({ limit }) => limit)).toEqual([
      'symbol_exposure',
      'symbol_exposure_pct',
      'symbol_leverage',
    ]);
    expect(each).toHaveLength(LIMITS.length + 3);
  });
});

describe('a limit whose stricter source is too old', () => {
  const within = (raw: string) =>
    assess('total_exposure', null, {
      limits: limitsOf([told('total_exposure', raw), told('total_exposure', '650', { readAt: 1 })], 2),
      figures: figures(),
    });

  test.each(['2000', '700'])('is unknown, although %s is kept', (raw) => {
    const found = within(raw);
    expect(found).toMatchObject({ state: 'unknown', reason: 'stricter_too_old' });
    // How far the one that is known is used is a fact all the same.
    expect(found.usedPct).not.toBeNull();
    expect(found.standing.value?.toString()).toBe(raw);
  });

  test('is broken when it is broken by the looser one', () => {
    const limits = limitsOf([told('total_exposure', '599'), told('total_exposure', '1', { readAt: 1 })], 2);
    expect(assess('total_exposure', null, { limits, figures: figures() })).toMatchObject({
      state: 'breached',
      reason: null,
    });
  });
});

describe('a judgement', () => {
  test('is the assessment without its distances', () => {
    const limits = limitsOf([told('total_exposure', '700'), told('symbol_exposure', '100')]);
    const both = (looked: readonly { state: string; reason: string | null; symbol: string | null }[]) =>
      looked.map(({ state, reason, symbol }) => [symbol, state, reason]);
    const symbols = ['BTCUSDT', 'ETHUSDT'];
    expect(both(judgeAll(limits, figures(), symbols))).toEqual(both(assessAll(limits, figures(), symbols)));
    expect(judge('total_exposure', null, { limits, figures: figures() })).not.toHaveProperty('distance');
  });

  test('asks for no figure that nobody limits', () => {
    const refuse = (): never => {
      throw new Error('nobody limits it');
    };
    const guarded = Object.defineProperties(figures(), {
      dailyDrawdownPct: { get: refuse },
      currentDrawdownPct: { get: refuse },
      changeToday: { get: refuse },
    });
    const judged = judgeAll(limitsOf([told('total_exposure', '700')]), guarded, ['BTCUSDT']);
    expect(judged.map(({ limit, use }) => [limit, use.value?.toString() ?? use.reason])).toEqual(
      LIMITS.map((limit) => [limit, limit === 'total_exposure' ? '600' : null]),
    );
  });
});

describe('how much money is left', () => {
  test.each<[limit: LimitName, value: string, symbol: string | null, room: string | undefined]>([
    ['total_exposure', '1000', null, '400'],
    ['symbol_exposure', '400', 'BTCUSDT', '-100'],
    ['symbol_exposure', '400', null, '400'],
    // 60 % of 1000 is 600, of which 500 are used.
    ['symbol_exposure_pct', '60', 'BTCUSDT', '100'],
    ['leverage', '2', null, '1400'],
    // 5 % of 1000 is 50, of which 20 are lost.
    ['daily_loss', '5', null, '30'],
    // From 4 % below the day's high (1041.67) to 10 % below it: 1000 × 6 ÷ 96.
    ['daily_drawdown', '10', null, '62.5'],
    // From 20 % below the peak (1250) to 28 % below it (900).
    ['max_drawdown', '28', null, '100'],
    // A loss of 40 of 1000 grows by x: (40 + x) ÷ (1000 − x) = 25 %, so x = 168.
    ['open_loss', '25', null, '168'],
    ['positions', '5', null, undefined],
    ['symbol_leverage', '5', 'BTCUSDT', undefined],
  ])('of %s %s (%s): %s', (limit, value, symbol, room) => {
    expect(roomInMoney(limit, d(value), { symbol, figures: figures() })?.toString()).toBe(room);
  });

  test('a gain of the day is room as well', () => {
    const good = figures({ changeToday: d('30') });
    expect(roomInMoney('daily_loss', d('5'), { symbol: null, figures: good })?.toString()).toBe('80');
  });

  test('with everything lost there is nothing to lose', () => {
    const ruined = figures({ dailyDrawdownPct: d('100'), equity: d('0') });
    expect(roomInMoney('daily_drawdown', d('10'), { symbol: null, figures: ruined })).toBeNull();
  });

  test('losing the room reaches the limit', () => {
    const [limit, room] = [d('25'), d('168')];
    const after = figures({ equity: d('1000').minus(room), unrealized: d('-40').minus(room) });
    expect(useOf('open_loss', null, after).value?.equals(limit)).toBe(true);
  });
});
