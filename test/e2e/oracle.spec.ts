import { dayOf, factsOf } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { answersOf, realizedBetween } from '../support/oracle.js';
import type { CloseFact, FlowFact, MarkFact, OpenFact } from '../support/oracle-facts.js';
import { Ratio } from '../support/oracle-ratio.js';

/** The oracle judges the service; these sums were made by hand and judge the oracle. */
const DAY = Date.UTC(2026, 1, 15);

function open(tradeId: string, price: string, quantity: string, rest: Partial<OpenFact> = {}): OpenFact {
  const side = 'LONG' as const;
  return {
    kind: 'open',
    tradeId,
    symbol: 'BTC',
    side,
    entryPrice: price,
    quantity,
    fee: null,
    at: DAY + 1,
    ...rest,
  };
}

function close(tradeId: string | null, exitPrice: string, rest: Partial<CloseFact> = {}): CloseFact {
  const nothing = { entryPrice: null, quantity: null, reportedPnl: null, reportedPct: null, fee: null };
  return { kind: 'close', tradeId, symbol: 'BTC', side: 'LONG', exitPrice, ...nothing, at: DAY + 9, ...rest };
}

function flow(type: FlowFact['type'], amount: string, at = DAY): FlowFact {
  return { kind: 'flow', type, amount, at };
}

function mark(price: string, at = DAY + 50): MarkFact {
  return { kind: 'mark', symbol: 'BTC', price, at };
}

describe('the oracle', () => {
  test('values a long and a short at the mark', () => {
    const answers = answersOf([
      flow('DEPOSIT', '1000'),
      open('a', '100', '2'),
      open('b', '120', '1', { side: 'SHORT' }),
      mark('110'),
      mark('90', DAY + 40),
    ]);
    expect(answers).toMatchObject({
      cash_balance: '1000',
      unrealized_pnl: '30', // (110 − 100) × 2 + (120 − 110) × 1
      total_equity: '1030',
      long_exposure: '220',
      short_exposure: '110',
      total_exposure: '330',
      net_exposure: '110',
      exposure_by_symbol: { BTC: '110' },
      gross_by_symbol: { BTC: '330' },
      num_positions: 2,
    });
  });

  test('books fees when they fall due and a computed close after its own fee', () => {
    const answers = answersOf([
      open('a', '100', '2', { fee: '0.5' }),
      close('a', '110', { quantity: '0.5', fee: '0.25' }),
      flow('FEE', '1'),
      flow('FUNDING', '-2'),
    ]);
    expect(answers.realized_pnl_total).toBe('1.25'); // −0.5 + (5 − 0.25) − 1 − 2
    expect(answers.closedTrades).toBe(0);
    expect(answers.positions[0]).toMatchObject({ size: '1.5', entry_price: '100', current_price: '100' });
  });

  test('takes a reported PnL as net of the opening fee, part by part', () => {
    const answers = answersOf([
      open('a', '100', '2', { fee: '0.5' }),
      close('a', '110', { quantity: '0.5', reportedPnl: '4' }),
      close('a', '110', { reportedPnl: '13', at: DAY + 10 }),
    ]);
    expect(answers.realized_pnl_total).toBe('17');
    expect(answers).toMatchObject({
      closedTrades: 1,
      best_trade_pnl: '17',
      win_rate: 100,
      profit_factor: null,
    });
  });

  test('books an over-close in the share that was open', () => {
    const answers = answersOf([
      open('a', '100', '2'),
      close('a', '90', { quantity: '2.5', reportedPnl: '-20' }),
    ]);
    expect(answers).toMatchObject({ realized_pnl_total: '-16', num_positions: 0, worst_trade_pnl: '-16' });
  });

  test('gives an unnamed close to the oldest trades that were open by then', () => {
    const answers = answersOf([
      open('late', '300', '1', { at: DAY + 20 }),
      open('second', '200', '1', { at: DAY + 2 }),
      open('first', '100', '1'),
      close(null, '150', { quantity: '1.5' }),
    ]);
    expect(answers.realized_pnl_total).toBe('25'); // (150 − 100) × 1 + (150 − 200) × 0.5
    expect(answers.positions[0]).toMatchObject({ size: '1.5', entry_price: '266.666666666666666667' });
  });

  test('leaves trades alone that were opened after an unnamed close', () => {
    const answers = answersOf([
      open('late', '300', '1', { at: DAY + 20 }),
      open('a', '100', '1'),
      close(null, '150'),
    ]);
    expect(answers).toMatchObject({ realized_pnl_total: '50', num_positions: 1, net_exposure: '300' });
  });

  test('derives a size from the reported PnL, and takes a placeholder for unknown', () => {
    const derived = close(null, '103', { entryPrice: '100', reportedPnl: '1' });
    const placeholder = close(null, '110', { reportedPnl: '0.0', reportedPct: '9', at: DAY + 10 });
    const answers = answersOf([open('a', '100', '1'), derived, placeholder]);
    // 1 ÷ 3 = 0.333333333333333333 closes for the reported 1; the rest, 0.666666666666666667, earns 10 each.
    expect(answers.realized_pnl_total).toBe('7.66666666666666667');
  });

  test('books a complete close without a trade and parks an incomplete one', () => {
    const answers = answersOf([
      close(null, '110', { reportedPnl: '3' }),
      close('x', '110', { entryPrice: '100', quantity: '2', fee: '1', at: DAY + 86_400_000 }),
      close('y', '110'),
    ]);
    expect(answers).toMatchObject({ realized_pnl_total: '22', closedTrades: 2, parked: 1, num_positions: 0 });
    expect(realizedBetween(answers, '2026-02-16', '2026-02-16')).toBe('19');
  });

  test('rounds half to even at 18 places', () => {
    const half = (text: string): string => Ratio.of(text).dividedBy(Ratio.of('2')).rounded18().toString();
    expect(half('0.000000000000000001')).toBe('0');
    expect(half('0.000000000000000003')).toBe('0.000000000000000002');
    expect(half('-0.000000000000000003')).toBe('-0.000000000000000002');
    expect(half('-0.000000000000000001')).toBe('0');
  });

  test('gives the same answers for a day in any order', () => {
    const day = dayOf({ seed: 3, trades: 60, end: DAY, durationMs: 30 * 3_600_000 });
    const expected = answersOf(factsOf(day));
    expect(answersOf(factsOf(new Random(1).shuffled(day)))).toEqual(expected);
    expect(expected.num_positions).toBeGreaterThan(3);
    expect(expected.closedTrades).toBeGreaterThan(20);
  });
});
