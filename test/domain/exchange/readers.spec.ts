import { contentHash, keysOf } from '../../../src/ledger/identity.js';
import { BackOff } from '../../../src/sources/binance/pause.js';
import { RateGate } from '../../../src/sources/binance/rate-gate.js';
import { failureOf } from '../../../src/sources/binance/rest-failure.js';
import { ServerClock } from '../../../src/sources/binance/server-clock.js';
import { streamAddress } from '../../../src/sources/binance/settings.js';
import { Step } from '../../../src/sources/binance/step.js';
import { Trouble } from '../../../src/sources/binance/trouble.js';
import { fillsOfHistory } from '../../../src/sources/binance/wire/fills.js';
import { holdingsReport } from '../../../src/sources/binance/wire/holdings.js';
import { cashFlowOf, incomeOf } from '../../../src/sources/binance/wire/income.js';
import { marksOfIndex, marksOfStream } from '../../../src/sources/binance/wire/marks.js';
import { bodyOf } from '../../../src/sources/binance/wire/reading.js';
import { exchangeSymbolOf, symbolNameOf } from '../../../src/sources/binance/wire/symbol-name.js';
import { userEvent } from '../../../src/sources/binance/wire/user-event.js';
import { ExchangeLedger } from '../../support/fake-exchange/ledger.js';
import { incomeBody, tradeBody } from '../../support/fake-exchange/bodies.js';
import { jsonOf } from '../../support/fake-exchange/json.js';
import { moneyMessage, tradeMessage } from '../../support/fake-exchange/messages.js';

const AT = 1_763_800_000_123;
/** Written out it is longer than a symbol may be. */
const UNNAMED = '币安人生币安人生币安USDT';
const ledger = () => new ExchangeLedger('1000', () => AT);

describe('a fill of the exchange', () => {
  test.each(['0.272', '0'])('is one fact whichever door tells it, with a commission of %s', (fee) => {
    const trade = ledger().fill({ symbol: 'BTCUSDT', side: 'SELL', qty: '0.010', price: '68000.10', fee });
    const [told] = fillsOfHistory(bodyOf(jsonOf([tradeBody(trade)])), 'main');
    const event = userEvent(bodyOf(jsonOf(tradeMessage(trade, AT + 5))), 'main', 'USDT');
    expect(JSON.stringify(event)).toBe(JSON.stringify({ kind: 'fill', fill: told }));
    expect(contentHash(told!)).toBe(event.kind === 'fill' ? contentHash(event.fill) : '');
    // 19 digits, of which a double would have lost the last.
    expect(keysOf(told!)).toEqual([`execution:${trade.orderId}:${trade.id}`]);
    expect(told).toMatchObject({ orderId: String(trade.orderId), side: 'SELL', occurredAt: AT * 1000 });
    expect(told!.quantity!.toString()).toBe('-0.01');
  });

  test.each([
    ['SELL', 'LONG', true],
    ['BUY', 'LONG', false],
    ['BUY', 'SHORT', true],
    ['SELL', 'SHORT', false],
    ['BUY', 'BOTH', null],
  ] as const)('that is a %s on %s is reduce-only: %s', (side, positionSide, reduceOnly) => {
    const trade = ledger().fill({ symbol: 'BTCUSDT', side, qty: '1', price: '1' });
    const body = jsonOf([tradeBody(trade)]).replace('"BOTH"', `"${positionSide}"`);
    expect(fillsOfHistory(bodyOf(body), 'main')[0]!.reduceOnly).toBe(reduceOnly);
  });

  test.each([
    ['a price that is none', '"price":"1"', '"price":"NaN"'],
    ['no quantity', '"qty":"1"', '"quantity":"1"'],
    ['an id that is none', '"orderId":8', '"orderId":-8'],
    ['a time in seconds', `"time":${AT}`, '"time":1763800000'],
    ['a side of its own', '"side":"BUY"', '"side":"HOLD"'],
  ])('with %s is a bad answer, and no fact', (_what, was, is) => {
    const trade = ledger().fill({ symbol: 'BTCUSDT', side: 'BUY', qty: '1', price: '1' });
    const body = jsonOf([tradeBody(trade)]).replace(was, is);
    expect(body).toContain(is);
    expect(() => fillsOfHistory(bodyOf(body), 'main')).toThrow(
      expect.objectContaining({ kind: 'bad_answer' }),
    );
  });
});

describe('money of the exchange', () => {
  const flows = (row: Parameters<typeof incomeBody>[0]) =>
    incomeOf(bodyOf(jsonOf([incomeBody(row)]))).map((income) => cashFlowOf(income, 'main', 'USDT'));

  test('is funding, deposit, withdrawal or charge, and else nothing', () => {
    const book = ledger();
    const told = [
      book.funding('ETHUSDT', '-0.5'),
      book.transfer('10'),
      book.transfer('-3'),
      book.other('INSURANCE_CLEAR', '-2'),
      book.other('COMMISSION_REBATE', '0.1'),
      book.other('REALIZED_PNL', '5'),
      book.other('COMMISSION', '-1'),
    ].flatMap(flows);
    expect(told.map((flow) => flow && [flow.type, flow.amount.toString(), flow.symbol])).toEqual([
      ['FUNDING', '-0.5', 'ETHUSDT'],
      ['DEPOSIT', '10', null],
      ['WITHDRAWAL', '3', null],
      ['FEE', '2', null],
      null,
      null,
      null,
    ]);
    expect(new Set(told.flatMap((flow) => flow?.eventId ?? [])).size).toBe(4);
  });

  test('is only announced by the stream, which has no id for it', () => {
    const book = ledger();
    const message = jsonOf(moneyMessage(book, book.funding('ETHUSDT', '-0.5'), AT));
    const event = userEvent(bodyOf(`{"stream":"x","data":${message}}`), 'main', 'USDT');
    expect(event.kind === 'money' && [event.atMs, event.amount.toString()]).toEqual([AT, '-0.5']);
    expect(userEvent(bodyOf(message), 'main', 'BNB')).toEqual({ kind: 'other' });
  });
});

describe('a failed request', () => {
  const response = (status: number, data: string, headers = {}) =>
    Object.assign(new Error('GET https://x?signature=abc'), {
      response: { status, data, headers },
      config: { key: 'k3y' },
    });

  test('is told in words of our own, without what it was asked with', () => {
    const trouble = failureOf(response(401, '{"code":-2015,"msg":"Invalid k3y, ip 1.2.3.4"}'), ['k3y']);
    expect(trouble).toBeInstanceOf(Trouble);
    expect([trouble.kind, trouble.code, trouble.message]).toEqual([
      'key_refused',
      '-2015',
      'HTTP 401, code -2015: Invalid ***, ip 1.2.3.4',
    ]);
    expect(trouble.cause).toBeUndefined();
    expect(trouble.stack).not.toContain('signature');
  });

  test.each([
    [429, '{"code":-1003,"msg":"x"}', { 'retry-after': '7' }, 'rate_limited', 7_000],
    [418, '', {}, 'banned', 120_000],
    [400, '{"code":-1021,"msg":"x"}', {}, 'clock', null],
    [400, '{"code":-1130,"msg":"x"}', {}, 'refused', null],
    [503, '<html>', {}, 'server_error', null],
    [403, '<html>', {}, 'bad_answer', null],
    [200, '', {}, 'bad_answer', null],
  ])('with %s %s is %s', (status, data, headers, kind, retryAfterMs) => {
    expect(failureOf(response(status, data, headers), [])).toMatchObject({ kind, retryAfterMs });
  });

  test('without an answer is unreachable', () => {
    expect(failureOf(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), [])).toMatchObject({
      kind: 'unreachable',
    });
    expect(failureOf('x', [])).toMatchObject({ kind: 'unreachable' });
    const known = new Trouble('clock', 'x');
    expect(failureOf(known, [])).toBe(known);
  });
});

describe('patience', () => {
  afterEach(() => jest.restoreAllMocks());

  test('the gate stays closed until the pause is over, and a shorter one does not open it', () => {
    const gate = new RateGate();
    gate.pass(0);
    gate.close('banned', 5_000, 0);
    gate.close('rate_limited', 1_000, 0);
    expect(() => gate.pass(4_999)).toThrow(expect.objectContaining({ kind: 'banned', retryAfterMs: 1 }));
    gate.pass(5_000);
  });

  test('close to the weight limit it waits for the next minute', () => {
    const gate = new RateGate();
    gate.used(1_799, 30_000);
    gate.pass(30_000);
    gate.used(1_800, 30_000);
    expect(() => gate.pass(59_999)).toThrow(expect.objectContaining({ kind: 'rate_limited' }));
    gate.pass(60_000);
  });

  test('pauses double to a minute, differ, and begin anew', () => {
    const pauses = new BackOff(100);
    const tries = Array.from({ length: 14 }, () => pauses.next());
    tries.forEach((ms, n) => {
      const middle = Math.min(100 * 2 ** n, 60_000);
      expect(ms).toBeGreaterThanOrEqual(middle / 2);
      expect(ms).toBeLessThanOrEqual(middle * 1.5);
    });
    expect(new Set(tries).size).toBe(14);
    pauses.reset();
    expect(pauses.next()).toBeLessThanOrEqual(150);
  });

  test('the clock is measured in the middle of asking', () => {
    const clock = new ServerClock();
    expect(clock.isOlderThan(1_000)).toBe(true);
    clock.measured(10_050, 1_000, 1_100);
    expect(clock.aheadMs).toBe(9_000);
  });

  test('the clock is off by half of what the asking took at most', () => {
    // Each of the two ends reads our clock for itself.
    jest.spyOn(Date, 'now').mockReturnValue(2_000);
    const clock = new ServerClock();
    clock.measured(10_050, 1_000, 1_101);
    expect([clock.uncertainMs, clock.earliest, clock.latest, clock.isVague]).toEqual([
      51,
      10_949,
      11_051,
      false,
    ]);
    clock.measured(10_050, 1_000, 1_501);
    expect(clock.isVague).toBe(true);
  });
});

test.each([
  ['wss://host', 'private', 'wss://host/private/ws/key'],
  ['wss://host', 'market', 'wss://host/market/ws/key'],
  ['wss://host/ws', 'private', 'wss://host/ws/key'],
] as const)('a stream of %s (%s) is at %s', (base, kind, address) => {
  expect(streamAddress(base, kind, 'key')).toBe(address);
});

describe('the mark prices', () => {
  test.each([
    ['read', marksOfIndex, { symbol: 'X', markPrice: '0.1', time: AT }],
    ['streamed', marksOfStream, { s: 'X', p: '0.1', E: AT }],
  ] as const)(
    '%s of a symbol that can have no name here do not cost those of the others',
    (_how, read, odd) => {
      const text = [UNNAMED, 'BTCUSDT', 'ETHUSDT_260327', '币安人生USDT']
        .map((symbol) => JSON.stringify(odd).replace('"X"', JSON.stringify(symbol)))
        .join(',');
      expect(read(bodyOf(`[${text}]`), 0).map(({ symbol }) => symbol)).toEqual([
        ...['BTCUSDT', 'ETHUSDT_260327'],
        'U:5E01:5B89:4EBA:751FUSDT',
      ]);
    },
  );
});

describe('a symbol of the exchange', () => {
  test.each([
    ['BTCUSDT', 'BTCUSDT'],
    ['ETHUSDT_260327', 'ETHUSDT_260327'],
    ['币安人生USDT', 'U:5E01:5B89:4EBA:751FUSDT'],
    // A dotless i is no I, and a letter outside the first plane is two units.
    ['BıTCUSDT', 'UB:0131TCUSDT'],
    ['𝐀USDT', 'U:D835:DC00USDT'],
  ])('%s is %s here, and back again', (theirs, ours) => {
    expect(symbolNameOf(theirs)).toBe(ours);
    expect(exchangeSymbolOf(ours)).toBe(theirs);
  });

  test.each(['', UNNAMED])('"%s" can have no name', (theirs) => expect(symbolNameOf(theirs)).toBeNull());
});

describe('an account with a position that can have no name here', () => {
  const row = (symbol: string, positionAmt: string) => ({ symbol, positionAmt, unRealizedProfit: '0' });
  const at = { accountId: 'main', atMs: AT, currency: 'USDT' };

  test('is read but for that one', () => {
    const rows = [row('BTCUSDT', '1'), row(UNNAMED, '5'), row(`${UNNAMED}X`, '0'), row('币安人生USDT', '-2')];
    const { report, unnamed } = holdingsReport(bodyOf(JSON.stringify(rows)), at);
    expect(unnamed).toBe(1);
    expect(report.complete).toBe(true);
    expect(report.positions.map(({ symbol, side }) => [symbol, side])).toEqual([
      ['BTCUSDT', 'LONG'],
      ['U:5E01:5B89:4EBA:751FUSDT', 'SHORT'],
    ]);
  });

  test('keeps its money', () => {
    const income = { incomeType: 'FUNDING_FEE', asset: 'USDT', income: '-1', time: AT, tranId: '7' };
    const [told] = incomeOf(bodyOf(JSON.stringify([{ ...income, symbol: UNNAMED }])));
    expect(cashFlowOf(told!, 'main', 'USDT')).toMatchObject({ type: 'FUNDING', symbol: null });
  });
});

describe('a step into history', () => {
  test('is a day at most, half of what was too heavy, a minute at least, and grows while it is cheap', () => {
    const step = new Step();
    expect(step.ms).toBe(86_400_000);
    step.tooHeavy(3_600_000);
    expect(step.ms).toBe(1_800_000);
    step.taken(451);
    expect(step.ms).toBe(1_800_000);
    step.taken(450);
    expect(step.ms).toBe(3_600_000);
    step.tooHeavy(90_000);
    expect(step.ms).toBe(60_000);
    for (let n = 0; n < 20; n += 1) step.taken(35);
    expect(step.ms).toBe(86_400_000);
  });
});
