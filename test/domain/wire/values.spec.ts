import { GOOD, outcome } from './support.js';

const opened = GOOD['trade.opened'];
const closed = GOOD['trade.closed'];
const executed = GOOD['order.executed'];

const inJson = (body: object, extra: string) => ({
  payload: JSON.stringify(body).replace(/\}$/, `, ${extra}}`),
});

describe('what is missing', () => {
  test.each([
    'null',
    '""',
    '"None"',
    '"none"',
    '"null"',
    '"NULL"',
    '" "',
    'NaN',
    'Infinity',
    '-Infinity',
    '"nan"',
  ])('may be written as %s where others can do without it', (text) => {
    const event = outcome(
      'trade.opened',
      inJson(opened, `"leverage": ${text}, "stop_loss": ${text}, "fee": ${text}`),
    );
    expect(event).toMatchObject({ leverage: null, stopLoss: null, fee: null, tradeId: 'T1' });
  });

  test.each([
    ['trade.opened', 'trade_id', 'trade_id_missing'],
    ['trade.opened', 'symbol', 'symbol_missing'],
    ['trade.opened', 'side', 'side_missing'],
    ['trade.opened', 'quantity', 'quantity_missing'],
    ['trade.opened', 'timestamp', 'time_missing'],
    ['trade.closed', 'symbol', 'symbol_missing'],
    ['order.executed', 'symbol', 'symbol_missing'],
    ['order.executed', 'side', 'side_missing'],
    ['account.cash_flow', 'type', 'type_missing'],
    ['account.cash_flow', 'amount', 'amount_missing'],
    ['account.balance', 'balance', 'balance_missing'],
    ['position.snapshot', 'position_qty', 'quantity_missing'],
    ['position.snapshot', 'side', 'side_missing'],
    ['market.tick', 'price', 'price_missing'],
    ['market.tick', 'symbol', 'symbol_missing'],
    ['market.klines', 'close', 'close_missing'],
    ['market.klines', 'close_time', 'time_missing'],
  ] as const)('is refused by its name where it is needed: %s without %s', (type, field, code) => {
    const { [field as never]: _gone, ...rest } = GOOD[type];
    expect(outcome(type, rest)).toBe(code);
    expect(outcome(type, { ...rest, [field]: 'None' })).toBe(code);
  });
});

describe('the side', () => {
  test.each([
    ['BUY', 'LONG'],
    ['buy', 'LONG'],
    ['Buy', 'LONG'],
    ['LONG', 'LONG'],
    ['long', 'LONG'],
    ['SELL', 'SHORT'],
    ['sell', 'SHORT'],
    ['SHORT', 'SHORT'],
    [' short ', 'SHORT'],
  ])('%j opens a %s', (side, expected) => {
    expect(outcome('trade.opened', { ...opened, side })).toMatchObject({ side: expected });
  });

  test.each([
    ['SELL', 'LONG'],
    ['sell', 'LONG'],
    ['BUY', 'SHORT'],
    ['LONG', 'LONG'],
    ['short', 'SHORT'],
  ])('%s closes a %s when no trade is named', (side, expected) => {
    const { trade_id: _gone, ...unnamed } = closed;
    expect(outcome('trade.closed', { ...unnamed, side })).toMatchObject({ side: expected, tradeId: null });
  });

  test.each([
    ['SELL', null],
    ['BUY', null],
    ['LONG', 'LONG'],
  ])('%s on a close of a named trade says %s: the trade’s own side wins', (side, expected) => {
    expect(outcome('trade.closed', { ...closed, side })).toMatchObject({ side: expected, tradeId: 'T1' });
  });

  test.each(['side', 'action', 'direction'])('is found under %s', (name) => {
    const { side: _gone, ...rest } = opened;
    expect(outcome('trade.opened', { ...rest, [name]: 'sell' })).toMatchObject({ side: 'SHORT' });
  });

  test.each(['up', 'FLAT', 'ſell', 'BUY\u0000', 'ΒUY', 'BUYBUYBUY', '1'])(
    'is refused when it is %j',
    (side) => {
      for (const type of ['trade.opened', 'trade.closed', 'order.executed'] as const) {
        expect(outcome(type, { ...GOOD[type], side })).toBe('side_unknown');
      }
    },
  );
});

describe('the symbol', () => {
  test.each([
    ['btcusdt', 'BTCUSDT'],
    [' ETHUSDT ', 'ETHUSDT'],
    ['1000PEPEUSDT', '1000PEPEUSDT'],
    ['BTC/USDT:USDT', 'BTC/USDT:USDT'],
    ['BTCUSD_PERP', 'BTCUSD_PERP'],
    ['A'.repeat(40), 'A'.repeat(40)],
    // As the exchange lists some: the same name as over its own connection.
    ['币安人生USDT', 'U:5E01:5B89:4EBA:751FUSDT'],
    [' 币安人生usdt', 'U:5E01:5B89:4EBA:751FUSDT'],
    ['U:5E01:5B89:4EBA:751FUSDT', 'U:5E01:5B89:4EBA:751FUSDT'],
  ])('%j is %j', (symbol, expected) => {
    expect(outcome('trade.opened', { ...opened, symbol })).toMatchObject({ symbol: expected });
  });

  test.each([
    'ВTCUSDT', // a Cyrillic В
    'bınance', // a dotless i, which upper-cases to I
    'uſdt', // a long s, which upper-cases to S
    'BTC\u0000USDT',
    'BTC USDT',
    'BTC\u200bUSDT',
    '-BTC',
    '\ud800',
    'BTCUSDT;',
    'ªBTCUSDT',
    'BTCªUSDT', // a letter without case that looks like one of ours
    '币安人生币安人生币安USDT', // longer than a name may be, written out
    '币安 USDT',
    '-币安USDT',
    'A'.repeat(41),
  ])('is refused when it is %j', (symbol) => {
    for (const type of ['trade.opened', 'trade.closed', 'market.tick', 'position.snapshot'] as const) {
      expect(outcome(type, { ...GOOD[type], symbol })).toBe('symbol_invalid');
    }
  });
});

describe('the account', () => {
  test.each(['account_id', 'account', 'accountId'])('is found under %s', (name) => {
    expect(outcome('trade.opened', { ...opened, [name]: 'fund-7' })).toMatchObject({ accountId: 'fund-7' });
  });

  test.each(['a b', 'a/b', 'ä', 'x'.repeat(65), "a';--"])('is refused when it is %j', (account) => {
    expect(outcome('trade.opened', { ...opened, account })).toBe('account_invalid');
    expect(outcome('account.balance', { ...GOOD['account.balance'], account })).toBe('account_invalid');
  });
});

describe('a number', () => {
  test.each([
    ['0.123456789012345678', '0.123456789012345678'],
    ['1e-18', '0.000000000000000001'],
    ['1.50', '1.5'],
    ['+3', '3'],
    ['.5', '0.5'],
    ['2.5e3', '2500'],
    ['123456789012345678901234', '123456789012345678901234'],
  ])('%s is exactly %s', (text, exact) => {
    expect(outcome('trade.opened', { ...opened, quantity: text })).toMatchObject({ quantity: exact });
  });

  test('keeps digits that a double would lose', () => {
    const { quantity: _gone, ...rest } = opened;
    const entry = inJson(rest, '"quantity": 12345678901.123456789012345678');
    expect(outcome('trade.opened', entry)).toMatchObject({ quantity: '12345678901.123456789012345678' });
  });

  test.each([
    ['0.1234567890123456789', 'too_many_decimals'],
    ['1e-19', 'too_many_decimals'],
    ['1e308', 'number_too_large'],
    ['1e400', 'number_too_large'],
    ['1e50000000', 'quantity_invalid'],
    ['9'.repeat(60), 'number_too_large'],
    ['9'.repeat(1000), 'quantity_invalid'],
    ['NaN', 'quantity_invalid'],
    ['Infinity', 'quantity_invalid'],
    ['-inf', 'quantity_invalid'],
    ['0', 'quantity_invalid'],
    ['0.0', 'quantity_invalid'],
    ['-1', 'quantity_invalid'],
    ['1,5', 'quantity_invalid'],
    ['0x10', 'quantity_invalid'],
    ['１', 'quantity_invalid'],
    ['true', 'quantity_invalid'],
  ])('is refused as a quantity when it is %j: %s', (text, code) => {
    for (const type of ['trade.opened', 'trade.closed', 'order.executed'] as const) {
      expect(outcome(type, { ...GOOD[type], quantity: text })).toBe(code);
    }
  });

  test.each(['[1]', '{"a": 1}', 'true', 'NaN', 'Infinity'])(
    'is refused as a quantity when it is the JSON %s',
    (text) => {
      expect(outcome('trade.opened', inJson(opened, `"quantity": ${text}`))).toBe('quantity_invalid');
    },
  );

  test.each(['NaN', '-5', 'x', 'Infinity'])('is refused as a price when it is %s', (text) => {
    expect(outcome('trade.opened', { ...opened, entry_price: text })).toBe('entry_price_invalid');
    expect(outcome('trade.closed', { ...closed, exit_price: text })).toBe('exit_price_invalid');
    expect(outcome('order.executed', { ...executed, price: text })).toBe('price_invalid');
    expect(outcome('market.tick', { ...GOOD['market.tick'], price: text })).toBe('price_invalid');
  });

  test('that is a price of zero is unknown, except for a tick', () => {
    expect(outcome('trade.opened', { ...opened, entry_price: '0.0' })).toMatchObject({ entryPrice: null });
    expect(outcome('trade.closed', { ...closed, exit_price: '0' })).toMatchObject({ exitPrice: null });
    expect(outcome('order.executed', { ...executed, price: '0.00' })).toMatchObject({ price: null });
    expect(outcome('market.tick', { ...GOOD['market.tick'], price: '0' })).toBe('price_invalid');
  });

  test('that is a fee of zero is not known either next to an unknown price', () => {
    expect(outcome('trade.opened', { ...opened, fee: '0.0' })).toMatchObject({ fee: '0' });
    expect(outcome('trade.opened', { ...opened, fee: '0.0', entry_price: '0.0' })).toMatchObject({
      fee: null,
    });
    expect(outcome('trade.opened', { ...opened, fee: '-1' })).toBe('fee_invalid');
  });
});

describe('the reported PnL of a close', () => {
  const { realized_pnl: _pnl, realized_pnl_pct: _pct, ...bare } = closed;

  test.each(['realized_pnl', 'realizedPnl', 'pnl_usd', 'pnl_usdt', 'pnl'])('is found under %s', (name) => {
    expect(outcome('trade.closed', { ...bare, [name]: '-1.50' })).toMatchObject({ reportedPnl: '-1.5' });
  });

  test.each(['realized_pnl_pct', 'pnl_percent', 'pnlPct'])('has its percent under %s', (name) => {
    expect(outcome('trade.closed', { ...bare, [name]: '2.38' })).toMatchObject({ reportedPnlPct: '2.38' });
  });

  test('is taken from the first of its names', () => {
    expect(outcome('trade.closed', { ...bare, pnl: '3', pnl_usd: '2', realized_pnl: '1' })).toMatchObject({
      reportedPnl: '1',
    });
    expect(outcome('trade.closed', { ...bare, pnl: '3', realized_pnl: 'None' })).toMatchObject({
      reportedPnl: '3',
    });
  });

  test.each([
    ['0.0', '0.18', null],
    ['0', '-0.01', null],
    ['0.0', '0.0', '0'],
    ['0.0', 'None', '0'],
    ['5', '0', '5'],
    ['NaN', '1', null],
  ])('%s next to %s percent is %s', (pnl, percent, expected) => {
    expect(outcome('trade.closed', { ...bare, pnl_usd: pnl, pnl_percent: percent })).toMatchObject({
      reportedPnl: expected,
    });
  });
});

describe('the rest of a trade', () => {
  test.each(['', 'None', 'REJECTED', 'rejected', '0'])('%j is no order id', (orderId) => {
    expect(outcome('trade.closed', { ...closed, order_id: orderId })).toMatchObject({ orderId: null });
  });

  test.each(['model', 'model_id', 'modelId', 'strategy'])('the model is found under %s', (name) => {
    expect(outcome('trade.opened', { ...opened, [name]: 'ppo' })).toMatchObject({ model: 'ppo' });
  });

  test.each(['quantity', 'qty', 'close_qty', 'closeQty'])('the closed quantity is found under %s', (name) => {
    const { quantity: _gone, ...rest } = closed;
    expect(outcome('trade.closed', { ...rest, [name]: '0.1' })).toMatchObject({ quantity: '0.1' });
  });

  test('the reason loses what cannot be stored, and its end beyond 1000 characters', () => {
    const reason = `a\u0000b${'x'.repeat(2000)}`;
    expect(outcome('trade.closed', { ...closed, reason })).toMatchObject({ reason: `a b${'x'.repeat(997)}` });
  });

  test.each(['true', 'True', 'TRUE', '1'])('paper_trade %s is not ours', (paper) => {
    const ignored = { kind: 'ignored', reason: 'paper_trade' };
    for (const type of ['trade.opened', 'trade.closed', 'order.executed'] as const) {
      expect(outcome(type, { ...GOOD[type], paper_trade: paper })).toEqual(ignored);
      expect(outcome(type, { ...GOOD[type], paperTrade: paper })).toEqual(ignored);
      expect(outcome(type, { payload: JSON.stringify({ ...GOOD[type], paper_trade: true }) })).toEqual(
        ignored,
      );
    }
  });

  test.each(['False', 'false', '0', 'None', ''])('paper_trade %j is ours', (paper) => {
    expect(outcome('trade.closed', { ...closed, paper_trade: paper })).toMatchObject({
      kind: 'trade.closed',
    });
  });

  test.each([
    ['trade_id', 'a\u0000b', 'trade_id_invalid'],
    ['trade_id', 'x'.repeat(129), 'trade_id_invalid'],
    ['event_id', 'x\u0007', 'event_id_invalid'],
    ['source', '\ud800', 'source_invalid'],
    ['model', 'x'.repeat(129), 'model_invalid'],
    ['category', 'x'.repeat(65), 'category_invalid'],
    ['leverage', '-1', 'leverage_invalid'],
    ['stop_loss', '-1', 'stop_loss_invalid'],
    ['take_profit', 'abc', 'take_profit_invalid'],
  ])('%s is refused when it is %j', (field, value, code) => {
    expect(outcome('trade.opened', { ...opened, [field]: value })).toBe(code);
  });
});
