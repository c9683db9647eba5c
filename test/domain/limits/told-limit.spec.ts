import type { LimitName } from '../../../src/limits/domain/limit.js';
import { POLICY_KEYS, unreadSayings } from '../../../src/limits/domain/policy-keys.js';
import { strictest } from '../../../src/limits/domain/strictest.js';
import type { ToldLimit } from '../../../src/limits/domain/told-limit.js';
import { ToldLimits } from '../../../src/limits/domain/told-limits.js';
import type { RawUnit } from '../../../src/limits/domain/told-limit.js';
import { told } from './figures.js';

describe('what a number means', () => {
  test.each<[limit: LimitName, raw: string, unit: RawUnit, value: string]>([
    ['daily_loss', '0.05', 'fraction', '5'],
    ['max_drawdown', ' 0.15 ', 'fraction', '15'],
    ['max_drawdown', '1', 'fraction', '100'],
    ['daily_drawdown', '5', 'percent', '5'],
    ['daily_drawdown', '0.05', 'percent', '0.05'],
    ['daily_drawdown', '100', 'percent', '100'],
    ['open_loss', '250', 'percent', '250'],
    ['symbol_exposure_pct', '300', 'percent', '300'],
    ['symbol_exposure', '300.5', 'money_or_fraction', '300.5'],
    ['total_exposure', '1e3', 'currency', '1000'],
    ['positions', '0', 'count', '0'],
  ])('%s told as %s (%s) is %s', (limit, raw, rawUnit, value) => {
    const { value: found, reason } = told(limit, raw, { rawUnit });
    expect([found?.toString(), reason]).toEqual([value, null]);
  });

  test.each<[limit: LimitName, raw: string, unit: RawUnit, reason: string]>([
    ['daily_loss', '5', 'fraction', 'not_a_fraction'],
    ['daily_loss', '-0.05', 'fraction', 'negative'],
    ['daily_drawdown', '500', 'percent', 'implausible'],
    ['symbol_exposure', '0.25', 'money_or_fraction', 'unit_unknown'],
    ['symbol_exposure', '1', 'money_or_fraction', 'unit_unknown'],
    ['positions', 'many', 'count', 'not_a_number'],
    ['leverage', 'NaN', 'times', 'not_a_number'],
    ['leverage', '1e400', 'times', 'not_a_number'],
    ['leverage', 'true', 'times', 'not_a_number'],
  ])('%s told as %s (%s) is unknown: %s', (limit, raw, rawUnit, reason) => {
    const found = told(limit, raw, { rawUnit });
    expect([found.value, found.reason]).toEqual([null, reason]);
  });

  test('what could not be asked is unknown with the reason, whatever stood there', () => {
    expect(told('leverage', null, { problem: 'http_404' })).toMatchObject({
      value: null,
      reason: 'http_404',
    });
    expect(told('leverage', null)).toMatchObject({ value: null, reason: 'not_told' });
    expect(told('leverage', '5', { problem: 'mode_unknown' })).toMatchObject({ reason: 'mode_unknown' });
  });

  test('two keys are fractions although they are named percent, and two are percent', () => {
    expect(Object.fromEntries(POLICY_KEYS.map(({ key, rawUnit }) => [key, rawUnit]))).toEqual({
      'ess.max_daily_loss_pct': 'fraction',
      'ess.max_drawdown_pct': 'fraction',
      'ess.max_daily_drawdown_pct': 'percent',
      'ess.max_open_loss_pct': 'percent',
    });
  });

  test('of a source that was not read every key is unknown; Redis has keys only when it has a policy', () => {
    expect(
      unreadSayings('risk_safety', 'timeout').map(({ key, raw, problem }) => [key, raw, problem]),
    ).toEqual(POLICY_KEYS.map(({ key }) => [key, null, 'timeout']));
    expect(unreadSayings('redis_policy', 'not_there')).toEqual([]);
    const [one] = unreadSayings('risk_safety', 'x', { keys: POLICY_KEYS.slice(0, 1), symbol: 'BTCUSDT' });
    expect(one).toMatchObject({ symbol: 'BTCUSDT', limit: 'daily_loss' });
  });
});

describe('of several sources', () => {
  const asked = { limit: 'symbol_exposure', symbol: 'BTCUSDT', oldest: 100 } as const;

  test('the strictest counts, and all are shown', () => {
    const all = [
      told('symbol_exposure', '800'),
      told('symbol_exposure', '500', { source: 'risk_safety', symbol: 'BTCUSDT', readAt: 200 }),
      told('symbol_exposure', '700', { source: 'redis_policy', readAt: 200 }),
    ];
    const found = strictest(new ToldLimits(all), asked);
    expect([found.value?.toString(), found.from?.source, found.reason]).toEqual(['500', 'risk_safety', null]);
    expect(found.told).toHaveLength(3);
  });

  test('other limits, and those of other symbols, do not', () => {
    const all = [
      told('symbol_exposure', '1', { symbol: 'ETHUSDT' }),
      told('total_exposure', '2'),
      told('symbol_exposure', '800'),
    ];
    expect(strictest(new ToldLimits(all), asked).value?.toString()).toBe('800');
    expect(strictest(new ToldLimits(all), asked).told).toHaveLength(1);
  });

  test('what is too old, or no number, does not count but is shown', () => {
    const all = [
      told('symbol_exposure', '5', { readAt: 99 }),
      told('symbol_exposure', 'x', { readAt: 200 }),
      told('symbol_exposure', '800', { readAt: 100 }),
    ];
    const found = strictest(new ToldLimits(all), asked);
    expect([found.value?.toString(), found.told.map(({ reason }) => reason)]).toEqual([
      '800',
      ['too_old', 'not_a_number', null],
    ]);
  });

  test('nothing usable is unknown with the first reason, and nothing at all is not set', () => {
    const all = [told('symbol_exposure', '5', { readAt: 99 }), told('symbol_exposure', 'x')];
    expect(strictest(new ToldLimits(all), asked)).toMatchObject({
      value: null,
      from: null,
      reason: 'too_old',
    });
    expect(strictest(new ToldLimits([]), asked)).toMatchObject({
      value: null,
      from: null,
      reason: 'not_set',
      told: [],
    });
  });

  test.each<[strict: number | null, isStricterLapsed: boolean]>([
    [99, true],
    [100, false],
    [null, false],
  ])('a stricter one told at %s has lapsed: %s', (readAt, isStricterLapsed) => {
    const all = new ToldLimits([told('symbol_exposure', '800'), told('symbol_exposure', '500', { readAt })]);
    expect(strictest(all, asked).isStricterLapsed).toBe(isStricterLapsed);
  });

  test('a looser one, an equal one, or one beside which nothing is known has not lapsed', () => {
    const lapsed = (raw: string) => told('symbol_exposure', raw, { readAt: 1 });
    const stand = (...all: ToldLimit[]) => strictest(new ToldLimits(all), asked).isStricterLapsed;
    expect(stand(told('symbol_exposure', '800'), lapsed('801'))).toBe(false);
    expect(stand(told('symbol_exposure', '800'), lapsed('800'))).toBe(false);
    expect(stand(lapsed('5'))).toBe(false);
    // Of several that lapsed the strictest decides.
    expect(stand(told('symbol_exposure', '800'), lapsed('900'), lapsed('700'))).toBe(true);
  });
});

test('nothing told is empty, whatever is asked of it', () => {
  expect(new ToldLimits([]).isEmpty).toBe(true);
  const some = new ToldLimits([told('positions', '5')]);
  expect(some.isEmpty).toBe(false);
  expect(some.of('positions', 'BTCUSDT')).toBe(some.of('positions', 'BTCUSDT'));
  expect(some.of('leverage', null)).toEqual([]);
});
