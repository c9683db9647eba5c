import { EMPTY_CURVE } from '../../../src/drawdown/domain/equity-curve.js';
import { bookingNode, type BookedFact } from '../../../src/portfolio/domain/explain/booking-node.js';
import {
  dayFlowsTree,
  equityChangeTree,
  peakTree,
} from '../../../src/portfolio/domain/explain/curve-tree.js';
import { flowTree } from '../../../src/portfolio/domain/explain/flow-tree.js';
import {
  type ShownPosition,
  notionalOf,
  positionNotional,
  unrealizedOf,
} from '../../../src/portfolio/domain/explain/holding-tree.js';
import {
  FIGURES,
  FORMS,
  UnknownMetricError,
  metricOf,
} from '../../../src/portfolio/domain/explain/metric.js';
import type { ExplainedNode } from '../../../src/portfolio/domain/explain/node.js';
import { leaf, rounded, shownAs } from '../../../src/portfolio/domain/explain/node.js';
import { openedDay, realizedTree } from '../../../src/portfolio/domain/explain/realized-tree.js';
import type { HeldSide } from '../../../src/positions/domain/held-trades.js';
import { heldSides } from '../../../src/positions/domain/held-trades.js';
import { SYMBOL, d, opened, text } from '../positions/facts.js';
import { ledger } from '../positions/ledger.js';

const booking = (told: Partial<BookedFact> = {}): BookedFact => ({
  ...{ version: 1, tradeId: 't', kind: 'close', symbol: SYMBOL, occurredAt: 1_000_000, side: 'LONG' },
  ...{ quantity: d(1), quantityDerived: false, entryPrice: d(10), exitPrice: d(12), fee: null },
  ...{ openingFee: null, reported: null, computed: d(2), amount: d(2), origin: null },
  ...told,
});
const told = (value: string) => ({ name: 'n', formula: 'f', operation: 'fact', value: d(value) }) as const;
const names = ({ children }: ExplainedNode) => children.map(({ name }) => name);
const formulas = ({ children }: ExplainedNode) => children.map(({ formula }) => formula);

describe('what a booking has too much', () => {
  it('is rounding up to a unit for each of its quantity', () => {
    const off = booking({ quantity: d(3), amount: d('6.000000000000000004') });
    expect(names(bookingNode(off))).toEqual(['close', 'rounding']);
    expect(names(bookingNode({ ...off, amount: d('6.000000000000000005') }))).toEqual([
      'close',
      'unexplained',
    ]);
  });

  it('is not explained where an opening fee is more than the fee', () => {
    const node = bookingNode(booking({ kind: 'opening_fee', fee: d('0.3'), amount: d('-0.5') }));
    expect(node.children.map(({ name, value }) => [name, text(value)])).toEqual([
      ['opening_fee', '-0.3'],
      ['unexplained', '-0.2'],
    ]);
  });

  it('is told in words', () => {
    const of = { ...told('1'), evidence: null };
    expect(formulas(rounded(of, d('1.000000000000000001'), d(1)))[1]).toMatch(/division rounded at 18/);
    expect(formulas(rounded(of, d('1.1'), d(1)))[1]).toMatch(/counts − what the facts give/);
    expect(formulas(shownAs(leaf(of), d(2)))[1]).toMatch(/shown − what the facts account for/);
  });
});

describe('what a day realized', () => {
  it('is told in words: the day, its trades, the account and what came earlier', () => {
    const account = booking({ tradeId: '', symbol: null, kind: 'fee', amount: d(-1), quantity: null });
    const day = openedDay('2026-02-15', d(3), [booking(), account], { count: 2, amount: d(2) });
    const [node] = realizedTree('realized', 'by day', [day]).children;
    expect(node!.formula).toBe('Net realized PnL booked on this day of the calendar');
    expect(formulas(node!)).toEqual([
      'What was booked on the trade',
      'Fees, funding and reconciliations of the account',
      'Earlier bookings of the day',
    ]);
  });
});

describe('money that moved', () => {
  it('tells the fact and the moment of each, and the older by name', () => {
    const flow = { version: 3, type: 'DEPOSIT', amount: d(1), occurredAt: 1_000_000, origin: null };
    const tree = flowTree('net', 'in − out', { shown: [flow], others: { count: 2, amount: d(2) } });
    expect(tree.children[0]!.evidence).toMatchObject({
      version: 3,
      occurred_at: '1970-01-01T00:00:01.000000+00:00',
    });
    expect([names(tree), formulas(tree)[1]]).toEqual([['deposit', 'others'], 'Older flows']);
  });
});

describe('what was seen', () => {
  it('of flows that the curve was told apart from the day’s own, is told in words', () => {
    const node = dayFlowsTree({ ...EMPTY_CURVE, dayFlows: d(5) }, leaf({ ...told('3'), evidence: null }));
    expect(node.formula).toMatch(/came in today, and what was there from the beginning/);
    expect(formulas(node)[1]).toMatch(/told late of the time before the opening/);
  });

  it('is told as an observation, in words', () => {
    expect(peakTree(EMPTY_CURVE, null).formula).toMatch(/units now ÷ units then/);
    const curve = { ...EMPTY_CURVE, day: '2026-02-15', dayStartEquity: d(100) };
    const [equity, flows] = [
      leaf({ ...told('130'), evidence: null }),
      leaf({ ...told('25'), evidence: null }),
    ];
    const node = equityChangeTree(curve, equity, flows);
    expect(node.formula).toBe('Equity − equity at the start of the day − net deposits since');
    expect(node.children[1]).toMatchObject({
      name: 'day_start_equity',
      formula: 'Equity carried into the day; 0 on the first day',
      operation: 'observation',
      evidence: { day: '2026-02-15' },
    });
  });
});

describe('what is held', () => {
  const mark = { price: d(12), at: 5, source: 'market.tick' } as const;
  const open = { id: 'L', at: 1, qty: 2, price: 10 } as const;
  const against = { id: 'S', at: 2, qty: 1, price: 11, side: 'SHORT' } as const;
  const sidesOf = (marked: boolean, ...rows: Parameters<typeof opened>[0][]) =>
    heldSides(ledger(rows.map(opened)).book, marked ? mark : undefined);
  const noOrigin = () => null;
  const shown: ShownPosition = {
    ...{ symbol: SYMBOL, side: 'LONG', size: d(1), currentPrice: d(10) },
    ...{ priceSource: 'entry', exposure: d(10) },
  };

  it('is told in words', () => {
    const [side] = sidesOf(true, open);
    expect([unrealizedOf(side!, noOrigin).formula, notionalOf(side!, noOrigin).formula]).toEqual([
      'Sum over its open trades',
      'Sum over its open trades',
    ]);
    expect(formulas(notionalOf(side!, noOrigin))).toEqual(['quantity × mark']);
  });

  it('of one side is that side and not a sum of it', () => {
    const node = positionNotional(shown, sidesOf(true, open), noOrigin);
    expect([node.formula, names(node)]).toEqual(['Sum over its open trades', ['L']]);
  });

  it('on both sides is the one less the other only while both have a mark', () => {
    const both = sidesOf(true, open, against);
    expect(positionNotional(shown, both, noOrigin).formula).toBe('What it holds − what it holds against it');
    const unmarked = (side: HeldSide): HeldSide => ({ ...side, mark: null });
    for (const sides of [both.map(unmarked), [both[0]!, unmarked(both[1]!)], [unmarked(both[0]!), both[1]!]])
      expect(positionNotional(shown, sides, noOrigin)).toMatchObject({
        formula: 'Net quantity × entry price, because no mark was seen',
        children: [],
      });
  });

  it('without a mark is not known of any trade while one has no entry price', () => {
    const [side] = sidesOf(false, open, { ...open, id: 'M', price: null });
    const node = notionalOf(side!, noOrigin);
    expect(node.children.map(({ value, children }) => [value, children])).toEqual([
      [null, []],
      [null, []],
    ]);
  });

  it('without a mark costs what fills averaged into it, and what the shown average rounded is split off', () => {
    const [side] = sidesOf(false, open);
    const averaged = { ...side!.trades[0]!, quantity: d(3), entryPrice: d('100.333333333333333333') };
    const cost = { cost: d(301), notional: d(301) };
    const node = notionalOf({ ...side!, notional: d(301), trades: [{ ...averaged, ...cost }] }, noOrigin);
    expect(names(node.children[0]!)).toEqual(['L', 'rounding']);
  });
});

describe('the name of a metric', () => {
  it.each([
    'Xexposure_by_symbol:BTCUSDT',
    ' exposure_by_symbol:BTCUSDT',
    'exposure_by_symbol:BTCUSDT\nX',
    'exposure:BTCUSDT:LONGER',
    'realized_pnl_day:+012026-01-01',
    'realized_pnl_day:2026-01',
    'realized_pnl_day:2026-01-01x',
    'realized_pnl_day:x2026-01-01',
  ])('is the whole of it: %j is none', (name) => {
    expect(() => metricOf(name)).toThrow(UnknownMetricError);
  });

  it('is refused with a list of those that are', () => {
    const known = [...FIGURES, ...FORMS].join(', ');
    expect(new UnknownMetricError('x').message).toBe(`x is not a metric. Known are ${known}.`);
  });
});
