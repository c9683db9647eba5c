import { bookingNode, type BookedFact } from '../../../src/portfolio/domain/explain/booking-node.js';
import {
  dayFlowsTree,
  equityChangeTree,
  peakTree,
} from '../../../src/portfolio/domain/explain/curve-tree.js';
import { flowTree } from '../../../src/portfolio/domain/explain/flow-tree.js';
import {
  notionalOf,
  positionNotional,
  unrealizedOf,
} from '../../../src/portfolio/domain/explain/holding-tree.js';
import { leaf, type ExplainedNode } from '../../../src/portfolio/domain/explain/node.js';
import {
  closedDay,
  openedDay,
  realizedTree,
  tradeTree,
} from '../../../src/portfolio/domain/explain/realized-tree.js';
import { EMPTY_CURVE } from '../../../src/drawdown/domain/equity-curve.js';
import type { ShownPosition } from '../../../src/portfolio/domain/explain/holding-tree.js';
import type { HeldSide, HeldTrade } from '../../../src/positions/domain/held-trades.js';
import { d, text } from '../positions/facts.js';

const ORIGIN = {
  version: 7,
  kind: 'trade.closed',
  eventId: 'e7',
  source: 'execution',
  receivedAt: 2_000_000,
};

const booking = (told: Partial<BookedFact> = {}): BookedFact => ({
  ...{ version: 7, tradeId: 't', kind: 'close', symbol: 'BTCUSDT', occurredAt: 1_000_000, side: 'LONG' },
  quantityDerived: false,
  ...{ quantity: d('2'), entryPrice: d('100'), exitPrice: d('110'), fee: d('0.5'), openingFee: d('0.1') },
  ...{ reported: null, computed: d('19.4'), amount: d('19.5'), origin: ORIGIN },
  ...told,
});

const line = ({ name, operation, value, children }: ExplainedNode): unknown[] =>
  children.length === 0 ? [name, operation, text(value)] : [name, operation, text(value), children.map(line)];

describe('what moved today', () => {
  const cameIn = leaf({ name: 'deposit', formula: '', operation: 'fact', value: d('50'), evidence: null });

  test('is what came in, and apart from it what was there from the beginning', () => {
    expect(dayFlowsTree({ ...EMPTY_CURVE, dayFlows: d('50') }, cameIn)).toBe(cameIn);
    expect(line(dayFlowsTree({ ...EMPTY_CURVE, dayFlows: d('-51.5') }, cameIn))).toEqual([
      ...['day_flows', 'sum', '-51.5'],
      [
        ['deposit', 'fact', '50'],
        ['opening', 'observation', '-101.5'],
      ],
    ]);
  });
});

describe('a booking', () => {
  test('of what the exchange no longer held is told apart from a difference of the wallet', () => {
    const [ofTrade, ofWallet] = ['t', ''].map((tradeId) =>
      bookingNode(booking({ kind: 'reconciliation', tradeId, amount: d('0') })),
    );
    expect(ofTrade!.formula).toContain('no longer held it');
    expect(ofWallet!.formula).toContain("The exchange's wallet − ours");
  });

  test('tells the fact, the prices, the fees and what was booked', () => {
    const node = bookingNode(booking());
    expect(line(node)).toEqual(['close', 'fact', '19.5']);
    expect(node.formula).toContain('exit price');
    expect(node.evidence).toEqual({
      ...{ version: 7, kind: 'trade.closed', event_id: 'e7', source: 'execution' },
      ...{ received_at: '1970-01-01T00:00:02.000000+00:00', occurred_at: '1970-01-01T00:00:01.000000+00:00' },
      ...{
        trade_id: 't',
        symbol: 'BTCUSDT',
        side: 'LONG',
        quantity: d('2'),
        quantity_derived: false,
        entry_price: d('100'),
      },
      ...{ exit_price: d('110'), fee: d('0.5'), opening_fee_share: d('0.1') },
      ...{ reported: null, computed: d('19.4'), booked: 'computed' },
    });
  });

  test('of a short turns the prices round', () => {
    expect(line(bookingNode(booking({ side: 'SHORT', exitPrice: d('90') })))).toEqual([
      'close',
      'fact',
      '19.5',
    ]);
  });

  test('that was reported is that and its share of the opening fee', () => {
    const node = bookingNode(booking({ reported: d('5'), amount: d('5.1') }));
    expect([line(node), node.evidence!['booked']]).toEqual([['close', 'fact', '5.1'], 'reported']);
    expect(node.formula).toContain('As reported');
    const orphan = booking({ reported: d('5'), amount: d('5'), openingFee: null, entryPrice: null });
    expect(line(bookingNode(orphan))).toEqual(['close', 'fact', '5']);
  });

  test('of which nothing could be booked says so', () => {
    const node = bookingNode(booking({ amount: null, computed: null, exitPrice: null, origin: null }));
    expect([line(node), node.evidence!['booked']]).toEqual([['close', 'fact', null], 'nothing']);
    expect(node.formula).toContain('Neither reported nor computable');
    expect(node.evidence).toMatchObject({ version: 7, kind: null, event_id: null, received_at: null });
  });

  test('at an average that no decimal holds splits off what was rounded', () => {
    // 2 × (110 − 302 ÷ 3) is 18.666…; the price shown is rounded, the cost that was taken is not.
    const averaged = booking({
      ...{ entryPrice: d('100.666666666666666667'), fee: null, amount: d('18.666666666666666667') },
    });
    expect(line(bookingNode(averaged))).toEqual([
      'close',
      'sum',
      '18.666666666666666667',
      [
        ['close', 'fact', '18.666666666666666666'],
        ['rounding', 'rounding', '0.000000000000000001'],
      ],
    ]);
  });

  test.each<[what: string, told: Partial<BookedFact>]>([
    ['an entry price', { entryPrice: null }],
    ['an exit price', { exitPrice: null }],
    ['a size', { quantity: null }],
    ['a side', { side: null }],
  ])('without %s is what it is', (_what, told) => {
    expect(line(bookingNode(booking({ ...told, amount: d('3') })))).toEqual(['close', 'fact', '3']);
  });

  test('of an opening fee takes the fee, one of the account names no trade', () => {
    const fee = booking({ kind: 'opening_fee', fee: d('0.3'), amount: d('-0.3') });
    expect(line(bookingNode(fee))).toEqual(['opening_fee', 'fact', '-0.3']);
    const funding = bookingNode(booking({ kind: 'funding', tradeId: '', amount: d('-1') }));
    expect([line(funding), funding.evidence!['trade_id']]).toEqual([['funding', 'fact', '-1'], null]);
  });
});

describe('what was realized', () => {
  const account = { tradeId: '', symbol: null, kind: 'fee', amount: d('-1'), quantity: null } as const;

  test('is by day, then by trade, then by booking', () => {
    const shown = [booking(), booking({ version: 6 }), booking({ ...account }), booking({ tradeId: 'u' })];
    const tree = realizedTree('realized', 'by day', [
      openedDay('2026-02-15', d('57.5'), shown),
      closedDay('2026-02-14', d('-2'), 31),
    ]);
    expect(line(tree)).toEqual([
      'realized',
      'sum',
      '55.5',
      [
        [
          ...['2026-02-15', 'sum', '57.5'],
          [
            [
              'BTCUSDT t',
              'sum',
              '39',
              [
                ['close', 'fact', '19.5'],
                ['close', 'fact', '19.5'],
              ],
            ],
            ['account', 'sum', '-1', [['fee', 'fact', '-1']]],
            ['BTCUSDT u', 'sum', '19.5', [['close', 'fact', '19.5']]],
          ],
        ],
        ['2026-02-14', 'sum', '-2'],
      ],
    ]);
    expect([tree.holds, tree.children[1]!.collapsed, tree.children[0]!.collapsed]).toEqual([35, true, false]);
  });

  test('has the bookings of a day that are not shown as one', () => {
    const day = openedDay('2026-02-15', d('20'), [booking()], { count: 3, amount: d('0.5') });
    const [node] = realizedTree('realized', 'by day', [day]).children;
    expect([node!.holds, node!.collapsed]).toEqual([4, true]);
    expect(line(node!.children[1]!)).toEqual(['others', 'sum', '0.5']);
  });

  test('does not hide what a day has too much or too little', () => {
    const [node] = realizedTree('realized', 'by day', [
      openedDay('2026-02-15', d('20'), [booking()]),
    ]).children;
    expect(node!.children.map(line)[1]).toEqual(['unexplained', 'unexplained', '0.5']);
  });

  test('leaves out a day from which everything was restated away', () => {
    expect(realizedTree('realized', 'by day', [closedDay('2026-02-15', d('0'), 0)]).children).toEqual([]);
  });

  test('on one trade is all that was booked on it', () => {
    const tree = tradeTree('BTCUSDT', 't', [booking({ kind: 'opening_fee', amount: d('-0.5') }), booking()]);
    expect([tree.name, text(tree.value), tree.formula]).toEqual([
      'BTCUSDT t',
      '19',
      'What was booked on the trade',
    ]);
  });
});

describe('money that moved', () => {
  const flow = { version: 1, type: 'DEPOSIT', amount: d('10'), occurredAt: 1_000_000, origin: null };

  test('is a leaf for each flow', () => {
    const out = { ...flow, type: 'WITHDRAWAL', amount: d('-4') };
    const tree = flowTree('net', 'in − out', { shown: [flow, out], others: { count: 0, amount: d('0') } });
    expect(line(tree)).toEqual([
      'net',
      'sum',
      '6',
      [
        ['deposit', 'fact', '10'],
        ['withdrawal', 'fact', '-4'],
      ],
    ]);
    expect(tree.children.map(({ formula }) => formula)).toEqual([
      'Money that moved in',
      '− money that moved out',
    ]);
    expect(tree.collapsed).toBe(false);
  });

  test('tells older flows by their sum', () => {
    const tree = flowTree('net', 'in − out', { shown: [flow], others: { count: 5, amount: d('2') } });
    expect([text(tree.value), tree.holds, tree.collapsed]).toEqual(['12', 6, true]);
  });
});

describe('what was seen', () => {
  test('of the peak: when, at which equity, in which units', () => {
    const curve = {
      ...EMPTY_CURVE,
      peak: { equity: d('110'), units: d('100') },
      peakAt: 1_000_000,
      units: d('50'),
    };
    const node = peakTree(curve, d('55'));
    expect(line(node)).toEqual(['peak_equity', 'observation', '55']);
    expect(node.evidence).toEqual({
      ...{
        observed_at: '1970-01-01T00:00:01.000000+00:00',
        equity: d('110'),
        units: d('100'),
        units_now: d('50'),
      },
    });
    expect(peakTree(EMPTY_CURVE, null).evidence).toMatchObject({
      observed_at: null,
      equity: null,
      units: null,
    });
  });

  test('of a day: equity now less equity then less what moved', () => {
    const value = (name: string, of: string) =>
      leaf({ name, formula: '', operation: 'fact', value: d(of), evidence: {} });
    const curve = { ...EMPTY_CURVE, day: '2026-02-15', dayStartEquity: d('100') };
    const node = equityChangeTree(curve, value('equity', '130'), value('flows', '25'));
    expect(line(node).slice(0, 3)).toEqual(['equity_change_today', 'difference', '5']);
    expect(node.children.map(({ sign }) => sign)).toEqual([1, -1, -1]);
  });
});

describe('what is held', () => {
  const trade: HeldTrade = {
    ...{ tradeId: 't', openedVersion: 7, openedAt: 1_000_000, quantity: d('2'), entryFrom: 'open' },
    ...{ entryPrice: d('100'), cost: d('200'), notional: d('230'), unrealized: d('30') },
  };
  const long: HeldSide = {
    ...{ symbol: 'BTCUSDT', side: 'LONG', notional: d('230'), unrealized: d('30'), trades: [trade] },
    mark: { price: d('115'), at: 3_000_000, source: 'market.tick' },
  };
  const short: HeldSide = {
    ...{ ...long, side: 'SHORT', notional: d('115'), unrealized: d('5') },
    trades: [
      {
        ...trade,
        quantity: d('1'),
        entryPrice: d('120'),
        cost: d('120'),
        notional: d('115'),
        unrealized: d('5'),
      },
    ],
  };
  const originOf = (version: number | null) => (version === 7 ? ORIGIN : null);

  test('is valued trade by trade, with the mark, its source and its time', () => {
    const node = unrealizedOf(long, originOf);
    expect(line(node)).toEqual(['unrealized_pnl:BTCUSDT:LONG', 'sum', '30', [['t', 'product', '30']]]);
    expect(node.children[0]!.evidence).toEqual({
      ...{ version: 7, kind: 'trade.closed', event_id: 'e7', source: 'execution' },
      ...{ received_at: '1970-01-01T00:00:02.000000+00:00', occurred_at: '1970-01-01T00:00:01.000000+00:00' },
      ...{ trade_id: 't', symbol: 'BTCUSDT', side: 'LONG', quantity: d('2'), entry_price: d('100') },
      ...{ entry_from: 'open', cost_basis: d('200'), mark_price: d('115'), mark_source: 'market.tick' },
      mark_at: '1970-01-01T00:00:03.000000+00:00',
    });
    expect(line(unrealizedOf(short, originOf)).slice(1)).toEqual(['sum', '5', [['t', 'product', '5']]]);
    expect(line(notionalOf(long, originOf))).toEqual([
      'exposure:BTCUSDT:LONG',
      'sum',
      '230',
      [['t', 'product', '230']],
    ]);
  });

  test('at an average that no decimal holds splits off what was rounded', () => {
    const averaged = { ...trade, entryPrice: d('100.333333333333333333'), quantity: d('3'), cost: d('301') };
    const side = { ...long, trades: [{ ...averaged, unrealized: d('44') }], unrealized: d('44') };
    // 3 × (115 − 100.333333333333333333) = 44.000000000000000001
    expect(line(unrealizedOf(side, originOf).children[0]!)).toEqual([
      ...['t', 'sum', '44'],
      [
        ['t', 'product', '44.000000000000000001'],
        ['rounding', 'rounding', '-0.000000000000000001'],
      ],
    ]);
  });

  test('without a mark is worth its cost and has gained nothing', () => {
    const side = {
      ...{ ...long, mark: null, notional: d('200'), unrealized: d('0') },
      trades: [{ ...trade, notional: d('200'), unrealized: d('0') }],
    };
    const [part] = unrealizedOf(side, originOf).children;
    expect([line(part!), part!.formula]).toEqual([['t', 'product', '0'], expect.stringContaining('no mark')]);
    expect(part!.evidence).toMatchObject({ mark_price: null, mark_source: 'entry', mark_at: null });
    const [worth] = notionalOf(side, originOf).children;
    expect([line(worth!), worth!.formula]).toEqual([
      ['t', 'product', '200'],
      expect.stringContaining('no mark'),
    ]);
  });

  test('without any price is not known, and adds nothing', () => {
    const blind = { ...trade, entryPrice: null, entryFrom: null, cost: null, openedVersion: null };
    const side = {
      ...{ ...long, mark: null, notional: null, unrealized: null },
      trades: [{ ...blind, notional: null, unrealized: null }],
    };
    const [part] = unrealizedOf(side, originOf).children;
    expect([line(part!), part!.formula]).toEqual([
      ['t', 'product', null],
      expect.stringContaining('No entry price'),
    ]);
    expect(line(notionalOf(side, originOf))).toEqual([
      'exposure:BTCUSDT:LONG',
      'sum',
      null,
      [['t', 'product', null]],
    ]);
    expect(part!.evidence).toMatchObject({ version: null, kind: null });
    const marked = { ...long, unrealized: null, trades: [{ ...blind, unrealized: null }] };
    expect(line(unrealizedOf(marked, originOf).children[0]!)).toEqual(['t', 'product', null]);
    expect(line(notionalOf(marked, originOf).children[0]!)).toEqual(['t', 'product', '230']);
  });

  const position: ShownPosition = {
    ...{ symbol: 'BTCUSDT', side: 'LONG', size: d('1'), currentPrice: d('115'), priceSource: 'market.tick' },
    exposure: d('115'),
  };

  test('as a position of one side is that side', () => {
    expect(line(positionNotional(position, [long], originOf)).slice(0, 3)).toEqual([
      ...['exposure:BTCUSDT:LONG', 'sum', '230'],
    ]);
  });

  test('as a netted position is the one side less the other', () => {
    const node = positionNotional(position, [long, short], originOf);
    expect(line(node).slice(0, 3)).toEqual(['exposure:BTCUSDT:LONG', 'difference', '115']);
    expect(node.children.map(({ sign }) => sign)).toEqual([1, -1]);
    const reversed = positionNotional({ ...position, side: 'SHORT' }, [long, short], originOf);
    expect(reversed.children.map(({ sign }) => sign)).toEqual([-1, 1]);
  });

  test('as a netted position without a mark is its net size at its entry price', () => {
    const unmarked: ShownPosition = {
      ...position,
      currentPrice: d('100'),
      priceSource: 'entry',
      exposure: d('100'),
    };
    const node = positionNotional(
      unmarked,
      [
        { ...long, mark: null },
        { ...short, mark: null },
      ],
      originOf,
    );
    expect(line(node)).toEqual(['exposure:BTCUSDT:LONG', 'product', '100']);
    expect(node.evidence).toMatchObject({ quantity: d('1'), entry_price: d('100') });
  });
});
