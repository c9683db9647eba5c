import { GOOD, ISO, outcome } from './support.js';

const KIN = ['order.executed', 'execution.result', 'trade.execution.res'] as const;
const result = {
  symbol: 'XMRUSDT',
  action: 'BUY',
  entry_price: '320',
  status: 'filled',
  order_id: '7',
  timestamp: ISO,
};
const plan = { symbol: 'BTCUSDT', executed: 'True', side: 'SELL', order_id: '9', timestamp: ISO };

describe('an execution', () => {
  test.each(KIN)('is signed by its side: %s', (type) => {
    expect(outcome(type, { ...result, qty: '2' })).toMatchObject({
      quantity: '2',
      side: 'BUY',
      price: '320',
    });
    expect(outcome(type, { ...result, qty: '2', action: 'sell' })).toMatchObject({
      quantity: '-2',
      side: 'SELL',
    });
    expect(outcome(type, { ...result, qty: '2', action: 'SHORT' })).toMatchObject({
      quantity: '-2',
      side: 'SELL',
    });
  });

  test.each([
    ['filled', true],
    ['FILLED', true],
    ['partial', true],
    ['PARTIALLY_FILLED', true],
    ['NEW', false],
    ['rejected', false],
    ['BLOCKED', false],
    ['canceled', false],
    ['anything else', false],
  ])('with the status %s is executed: %s', (status, executed) => {
    for (const type of KIN) {
      expect(outcome(type, { ...result, status })).toMatchObject({ executed, status: status.toUpperCase() });
    }
  });

  test('does not get a size made up from its value in money', () => {
    expect(outcome('execution.result', { ...result, position_size_usd: '640' })).toMatchObject({
      quantity: null,
    });
  });

  test('takes the price that is known when the other is 0.0', () => {
    expect(outcome('execution.result', { ...result, price: '0.0' })).toMatchObject({ price: '320' });
  });

  test('keeps its own id and the trade’s', () => {
    const event = outcome('order.executed', { ...GOOD['order.executed'], exec_id: 'e', trade_id: 't' });
    expect(event).toMatchObject({ orderId: '77', executionId: 'e', tradeId: 't' });
  });

  test('tells a fee in another asset', () => {
    const event = outcome('order.executed', {
      ...GOOD['order.executed'],
      fee: '0.001',
      commissionAsset: 'bnb',
    });
    expect(event).toMatchObject({ fee: '0.001', feeCurrency: 'BNB' });
  });

  test('that was rejected may have a side nobody knows', () => {
    const rejected = { ...result, status: 'rejected', action: 'HOLD' };
    expect(outcome('execution.result', rejected)).toMatchObject({ side: null, executed: false });
    expect(outcome('execution.result', { ...rejected, status: 'filled' })).toBe('side_unknown');
  });

  test('finds its signal also as JSON text, and does without one that is a Python repr', () => {
    const { symbol: _symbol, action: _action, ...rest } = result;
    const signal = '{"symbol": "NEARUSDT", "side": "SELL"}';
    expect(outcome('execution.result', { ...rest, signal })).toMatchObject({
      symbol: 'NEARUSDT',
      side: 'SELL',
    });
    expect(outcome('execution.result', { ...rest, signal: "{'symbol': 'X'}" })).toBe('symbol_missing');
  });

  test.each([
    ['0', 'quantity_invalid'],
    ['-2', 'quantity_invalid'],
  ])('as order.executed is refused with the quantity %s', (quantity, code) => {
    expect(outcome('order.executed', { ...GOOD['order.executed'], quantity })).toBe(code);
  });

  test('of another kin with the size 0 was not waited for: the size is not known', () => {
    expect(outcome('execution.result', { ...result, qty: '0' })).toMatchObject({
      quantity: null,
      executed: true,
    });
    expect(outcome('execution.result', { ...result, qty: '-2' })).toBe('quantity_invalid');
  });
});

describe('an applied plan', () => {
  test.each(['True', 'true', '1'])('was executed when it says %s', (executed) => {
    expect(outcome('apply.result', { ...plan, executed, filled_qty: '0.5', close_qty: '0.9' })).toMatchObject(
      {
        executed: true,
        quantity: '-0.5',
        orderId: '9',
        status: 'EXECUTED',
      },
    );
  });

  test.each(['False', 'None', ''])('was not when it says %j', (executed) => {
    expect(outcome('apply.result', { ...plan, executed, decision: 'skip' })).toMatchObject({
      executed: false,
      status: 'SKIP',
    });
  });

  test('was not when its order died', () => {
    expect(outcome('apply.result', { ...plan, order_status: 'REJECTED' })).toMatchObject({ executed: false });
  });

  test('does not take its action for a side', () => {
    const { side: _side, ...rest } = plan;
    const event = outcome('apply.result', { ...rest, action: 'FULL_CLOSE_PROPOSED', filled_qty: '1' });
    expect(event).toMatchObject({ side: null, quantity: null, executed: true });
  });

  test('is refused when it is executed on a side nobody knows', () => {
    expect(outcome('apply.result', { ...plan, side: 'up' })).toBe('side_unknown');
  });
});

describe('what else travels with executions', () => {
  test('is a price when it says so', () => {
    const update = { symbol: 'ETHUSDT', status: 'price_update', qty: '0', price: '3050', timestamp: ISO };
    expect(outcome('execution.result', update)).toMatchObject({
      kind: 'mark',
      price: '3050',
      source: 'exchange.raw',
    });
    expect(outcome('execution.result', { ...update, price: '0' })).toEqual({
      kind: 'ignored',
      reason: 'not_a_price',
    });
  });

  test('is ignored when it has no status: an attribution of PnL', () => {
    const row = { symbol: 'BTCUSDT', realized_pnl: '-45.20', timestamp: ISO };
    expect(outcome('execution.result', row)).toEqual({ kind: 'ignored', reason: 'not_an_execution' });
  });
});
