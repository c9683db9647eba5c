import { POLICY_KEYS } from '../../../src/limits/domain/policy-keys.js';
import { toldLimit } from '../../../src/limits/domain/told-limit.js';
import {
  emergencyStopOf,
  policyListOf,
  policySaying,
  policyValueOf,
  symbolSayings,
} from '../../../src/sources/policy/risk-safety-bodies.js';
import { parseJson } from '../../../src/transport/wire/json.js';

const json = (value: unknown) => parseJson(JSON.stringify(value));
const FOREIGN = [[], 'text', 7, null, {}, { status: 'ok' }, { detail: 'Not Found' }, { policies: 'many' }];

describe('the list of policies', () => {
  test.each([
    [{ policies: { a: 0.05, b: '7' }, count: 2 }, true],
    [{ policies: { a: { key: 'a', value: 0.05 }, b: { value: '7' } } }, true],
    [
      {
        policies: [
          { key: 'a', value: 0.05 },
          { key: 'b', value: '7' },
        ],
        count: 5,
      },
      false,
    ],
  ])('is read in every form: %#', (body, isWhole) => {
    const list = policyListOf(json(body));
    expect([...list!.values]).toEqual([
      ['a', '0.05'],
      ['b', '7'],
    ]);
    expect(list!.isWhole).toBe(isWhole);
  });

  test.each([...FOREIGN, { policies: [1] }, { policies: [{ name: 'a' }] }])('is not %j', (body) => {
    expect(policyListOf(json(body))).toBeNull();
  });
});

describe('one policy', () => {
  test('is the one that was asked for', () => {
    expect(policyValueOf(json({ key: 'a', value: 0.05 }), 'a')).toEqual({ value: '0.05' });
    expect(policyValueOf(json({ key: 'a', value: null }), 'a')).toEqual({ value: null });
    expect(policyValueOf(json({ key: 'b', value: 0.05 }), 'a')).toBeNull();
  });

  test.each(FOREIGN)('is not %j', (body) => expect(policyValueOf(json(body), 'a')).toBeNull());

  test('says nothing when it is not set', () => {
    expect(policySaying(POLICY_KEYS[0]!, null, 1)).toBeNull();
    expect(policySaying(POLICY_KEYS[0]!, '0.05', 1)).toMatchObject({
      limit: 'daily_loss',
      raw: '0.05',
      readAt: 1,
    });
  });
});

describe('the limits of a symbol', () => {
  test('are its size, its leverage and its share of equity', () => {
    const body = {
      symbol: 'btcusdt',
      max_position_size_usd: 1000.5,
      max_leverage: '10',
      max_exposure_pct: 25,
    };
    const found = symbolSayings(json(body), 'BTCUSDT', 1)!.map(toldLimit);
    expect(found.map(({ limit, symbol, value }) => [limit, symbol, value?.toString()])).toEqual([
      ['symbol_exposure', 'BTCUSDT', '1000.5'],
      ['symbol_leverage', 'BTCUSDT', '10'],
      ['symbol_exposure_pct', 'BTCUSDT', '25'],
    ]);
  });

  test('may leave some out', () => {
    const body = { symbol: 'BTCUSDT', max_position_size_usd: null, max_leverage: 10 };
    expect(symbolSayings(json(body), 'BTCUSDT', 1)).toHaveLength(1);
  });

  test.each([...FOREIGN, { symbol: 'ETHUSDT', max_leverage: 5 }, { symbol: 'BTCUSDT', price: 5 }])(
    'are not %j',
    (body) => expect(symbolSayings(json(body), 'BTCUSDT', 1)).toBeNull(),
  );
});

describe('the emergency stop', () => {
  test('says its state and what it measured', () => {
    const body = {
      state: 'TRIPPED',
      can_execute: 'False',
      trip_time: '2026-01-05T10:00:00',
      trip_reason: 'drawdown',
      metrics: { daily_drawdown_pct: 6.2, open_loss_pct: 'NaN', execution_errors: [1], another: 4 },
    };
    const { metrics, ...stop } = emergencyStopOf(json(body), 5)!;
    expect(stop).toEqual({
      state: 'TRIPPED',
      canExecute: false,
      tripTime: '2026-01-05T10:00:00',
      tripReason: 'drawdown',
      readAt: 5,
    });
    expect([...metrics].map(([name, value]) => `${name} ${value.toString()}`)).toEqual([
      'daily_drawdown_pct 6.2',
    ]);
  });

  test('may say nothing but its state', () => {
    expect(emergencyStopOf(json({ state: 'ARMED', can_execute: 'perhaps' }), 5)).toMatchObject({
      canExecute: null,
      tripTime: null,
      metrics: new Map(),
    });
  });

  test.each([...FOREIGN, { state: 'running' }, { state: ['x'], can_execute: true }])('is not %j', (body) => {
    expect(emergencyStopOf(json(body), 5)).toBeNull();
  });
});
