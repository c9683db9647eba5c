import { toldLimit } from '../../../src/limits/domain/told-limit.js';
import { membersOf, parseTolerantly } from '../../../src/sources/policy/json-members.js';
import { redisPolicyOf } from '../../../src/sources/policy/redis-policy-shapes.js';

const HELD = ['BTCUSDT', 'ETHUSDT'];
const read = (text: string) => redisPolicyOf(membersOf(parseTolerantly(text))!, { held: HELD, readAt: 7 });
const hash = (fields: Record<string, string>) =>
  redisPolicyOf(new Map(Object.entries(fields)), { held: HELD, readAt: 7 });

/** `limit symbol: value or reason` of each. */
const meant = (says: ReturnType<typeof read>) =>
  says?.sayings.map(toldLimit).map(({ limit, symbol, value, reason }) => {
    return `${limit}${symbol ? ` ${symbol}` : ''}: ${value?.toString() ?? reason}`;
  });

const MODES = `{"NORMAL": {"max_leverage": 10, "max_daily_drawdown": 0.06, "max_positions": "12", "position_size_cap": 300},
  "defensive": {"max_leverage": 2.5, "max_daily_drawdown": 6, "max_positions": null, "position_size_cap": 0.1}}`;

describe('the policy in Redis as JSON', () => {
  test('tells the limits of its active mode, a drawdown as a fraction', () => {
    const says = read(`{"active_mode": "NORMAL", "modes": ${MODES}, "emergency_mode": false,
      "allow_new_trades": "True", "version": 3}`);
    expect(meant(says)).toEqual([
      'leverage: 10',
      'daily_drawdown: 6',
      'positions: 12',
      'symbol_exposure: 300',
    ]);
    expect(says?.notes).toEqual({
      version: '3',
      activeMode: 'NORMAL',
      emergencyMode: false,
      allowNewTrades: true,
    });
    expect(says?.sayings[1]).toMatchObject({
      key: 'modes.NORMAL.max_daily_drawdown',
      raw: '0.06',
      readAt: 7,
    });
  });

  test('does not guess: a drawdown above 1 is no fraction, a cap up to 1 may be one, null is not set', () => {
    expect(meant(read(`{"active_mode": "defensive", "modes": ${MODES}}`))).toEqual([
      'leverage: 2.5',
      'daily_drawdown: not_a_fraction',
      'symbol_exposure: unit_unknown',
    ]);
  });

  test.each([
    `{"active_mode": "GONE", "modes": ${MODES}}`,
    `{"modes": ${MODES}}`,
    '{"active_mode": "NORMAL", "modes": []}',
    '{"active_mode": "NORMAL"}',
  ])('a mode that is not among the modes makes its limits unknown: %#', (text) => {
    expect(meant(read(text))).toEqual([
      'leverage: mode_unknown',
      'daily_drawdown: mode_unknown',
      'positions: mode_unknown',
      'symbol_exposure: mode_unknown',
    ]);
  });

  test('is understood when Python wrote it', () => {
    const says =
      read(`{'active_mode': 'NORMAL', 'modes': {'NORMAL': {'max_leverage': 3, 'max_positions': None}},
      'emergency_mode': True}`);
    expect(meant(says)).toEqual(['leverage: 3']);
    expect(says?.notes).toMatchObject({ emergencyMode: true, allowNewTrades: null });
  });
});

describe('the policy in Redis as a hash', () => {
  test.each(['{"BTCUSDT": 5, "XRPUSDT": "7"}', "{'BTCUSDT': 5, 'XRPUSDT': 7}"])(
    'tells the leverage of the symbols held: %s',
    (leverage) => {
      const says = hash({
        universe_symbols: '["BTCUSDT"]',
        leverage_by_symbol: leverage,
        policy_version: '1.0.0-ai',
      });
      expect(meant(says)).toEqual(['symbol_leverage BTCUSDT: 5']);
      expect(says?.notes).toMatchObject({ version: '1.0.0-ai', activeMode: null });
    },
  );

  test('may hold the other shape, field by field', () => {
    const says = hash({ active_mode: 'NORMAL', modes: MODES, emergency_mode: 'True', allow_new_trades: '0' });
    expect(meant(says)).toHaveLength(4);
    expect(says?.notes).toMatchObject({ emergencyMode: true, allowNewTrades: false });
  });

  test('with text where the leverages should be tells none', () => {
    expect(meant(hash({ leverage_by_symbol: 'soon' }))).toEqual([]);
  });
});

test('what somebody else keeps there is foreign', () => {
  expect(read('{"hello": 1}')).toBeNull();
  expect(hash({})).toBeNull();
  expect(membersOf(parseTolerantly('<html>'))).toBeNull();
  expect(membersOf(parseTolerantly('[1]'))).toBeNull();
});
