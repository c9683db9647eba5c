import { AT, GOOD, ISO, outcome } from './support.js';

describe('a cash flow', () => {
  const flow = GOOD['account.cash_flow'];

  test.each(['DEPOSIT', 'withdrawal', 'Fee', 'FUNDING'])('of type %s is known', (type) => {
    expect(outcome('account.cash_flow', { ...flow, type })).toMatchObject({
      type: type.toUpperCase(),
      amount: '100',
    });
  });

  test('may be negative only as funding, and zero never', () => {
    expect(outcome('account.cash_flow', { ...flow, type: 'funding', amount: '-1.5' })).toMatchObject({
      amount: '-1.5',
    });
    for (const type of ['DEPOSIT', 'WITHDRAWAL', 'FEE']) {
      expect(outcome('account.cash_flow', { ...flow, type, amount: '-1' })).toBe('amount_invalid');
    }
    for (const type of ['DEPOSIT', 'FUNDING']) {
      expect(outcome('account.cash_flow', { ...flow, type, amount: '0.0' })).toBe('amount_invalid');
    }
  });

  test('of another type is refused', () => {
    expect(outcome('account.cash_flow', { ...flow, type: 'GIFT' })).toBe('type_unknown');
    expect(outcome('account.cash_flow', { ...flow, amount: 'NaN' })).toBe('amount_invalid');
  });

  test('tells its currency and symbol', () => {
    const event = outcome('account.cash_flow', { ...flow, currency: 'usdt', symbol: 'btcusdt' });
    expect(event).toMatchObject({ currency: 'USDT', symbol: 'BTCUSDT', eventId: 'C1', occurredAt: AT });
  });
});

describe('a balance', () => {
  test('may be negative, and may list its positions', () => {
    const payload = `{"balance": -5.5, "positions": [{}, {}], "timestamp": "${ISO}"}`;
    expect(outcome('account.balance', { payload })).toMatchObject({ walletBalance: '-5.5', positions: 2 });
  });

  test.each([
    ['13', 13],
    ['13.0', 13],
    ['-1', null],
    ['many', null],
    ['None', null],
  ])('with %j positions has %s', (positions, count) => {
    const report = outcome('account.balance', { ...GOOD['account.balance'], positions });
    expect(report).toMatchObject({ positions: count });
  });

  test('that is no number is refused', () => {
    expect(outcome('account.balance', { ...GOOD['account.balance'], balance: 'NaN' })).toBe(
      'balance_invalid',
    );
  });
});

describe('a reported position', () => {
  const report = GOOD['position.snapshot'];

  test('of quantity 0 is flat', () => {
    const flat = { side: 'FLAT', quantity: '0' };
    expect(outcome('position.snapshot', { ...report, position_qty: '0.0' })).toMatchObject(flat);
    expect(outcome('position.snapshot', { symbol: 'X', side: 'flat', timestamp: ISO })).toMatchObject(flat);
  });

  test('has an absolute quantity', () => {
    expect(outcome('position.snapshot', { ...report, position_qty: '-1' })).toBe('quantity_invalid');
    expect(outcome('position.snapshot', { ...report, side: 'FLAT' })).toBe('quantity_invalid');
  });

  test('has no price where the producer writes 0', () => {
    const event = outcome('position.snapshot', {
      ...report,
      entry_price: '0',
      mark_price: '0.0',
      leverage: '0',
    });
    expect(event).toMatchObject({ entryPrice: null, markPrice: null, leverage: null });
  });

  test('on an unknown side is refused', () => {
    expect(outcome('position.snapshot', { ...report, side: 'BOTH' })).toBe('side_unknown');
  });
});

describe('a price', () => {
  test('is the venue’s mark price when the source says so, in the payload or around it', () => {
    const tick = GOOD['market.tick'];
    const expected = { kind: 'mark', source: 'mark_price', price: '42500' };
    expect(outcome('market.tick', { ...tick, source: 'mark_price_fallback' })).toMatchObject(expected);
    const payload = JSON.stringify(tick);
    expect(outcome('market.tick', { payload, source: 'mark_price_fallback' })).toMatchObject(expected);
    const told = JSON.stringify({ ...tick, source: 'mark_price_fallback' });
    expect(outcome('market.tick', { payload: told, source: 'publisher' })).toMatchObject(expected);
  });

  test('of a candle that still runs is ignored', () => {
    const open = { kind: 'ignored', reason: 'open_candle' };
    expect(outcome('market.klines', { ...GOOD['market.klines'], is_closed: 'False' })).toEqual(open);
    expect(outcome('market.klines', { ...GOOD['market.klines'], close: '-1' })).toBe('close_invalid');
  });

  test.each(['exchange.normalized', 'exchange.raw'])('of %s ranks by its stream', (type) => {
    for (const name of ['price', 'last_price', 'lastPrice', 'close']) {
      const row = { symbol: 'ethusdt', [name]: '3050.10', timestamp: ISO };
      expect(outcome(type, row)).toEqual({
        kind: 'mark',
        symbol: 'ETHUSDT',
        price: '3050.1',
        at: AT,
        source: type,
      });
    }
  });

  test.each(['exchange.normalized', 'exchange.raw'])('is not what every row of %s is about', (type) => {
    const ignored = { kind: 'ignored', reason: 'not_a_price' };
    expect(outcome(type, { symbol: 'ETHUSDT', volume: '7', timestamp: ISO })).toEqual(ignored);
    expect(outcome(type, { price: '7', timestamp: ISO })).toEqual(ignored);
    expect(outcome(type, { symbol: 'ETHUSDT', price: 'NaN', timestamp: ISO })).toBe('price_invalid');
    expect(outcome(type, { symbol: 'ETHUSDT', price: '-7', timestamp: ISO })).toBe('price_invalid');
  });
});

describe('an emergency stop', () => {
  test('is not refused for want of words', () => {
    const tripped = { trip_level: 'warning', trip_time: ISO };
    expect(outcome('ess.tripped', tripped)).toMatchObject({ reason: 'UNKNOWN', severity: 'WARNING' });
    expect(outcome('ess.tripped', { hello: 'world', timestamp: ISO })).toBe('reason_missing');
  });

  test('reads its metrics nested, as JSON text, or beside the reason', () => {
    const expected = { dailyDrawdownPct: '6.2', openLossPct: '1.1', occurredAt: AT };
    const metrics = { daily_drawdown_pct: 6.2, open_loss_pct: 1.1 };
    const tripped = { reason: 'r', trip_time: ISO };
    expect(outcome('ess.tripped', { payload: JSON.stringify({ ...tripped, metrics }) })).toMatchObject(
      expected,
    );
    expect(outcome('ess.tripped', { ...tripped, metrics: JSON.stringify(metrics) })).toMatchObject(expected);
    const flat = { ...tripped, daily_drawdown_pct: '6.2', openLossPct: '1.1' };
    expect(outcome('ess.tripped', flat)).toMatchObject(expected);
  });
});
