import { TradeChanges } from '../../../src/positions/domain/changes.js';
import { SymbolBook } from '../../../src/positions/domain/symbol-book.js';
import { applyOpen } from '../../../src/positions/domain/open-trade.js';
import { MarkPrices } from '../../../src/positions/mark-prices.js';
import { PositionsState } from '../../../src/positions/positions-state.js';
import { d, entryOf, opened, text } from './facts.js';
import type { OpenRow } from './facts.js';

const SECOND = 1_000_000;
const NOW = 1_000 * SECOND;

function prices(): MarkPrices {
  return new MarkPrices({ MARK_SOURCES: ['mark_price', 'market.tick'], STALE_MARK_SEC: 60 });
}

function put(state: PositionsState, row: OpenRow): void {
  applyOpen(state.edit('BTCUSDT'), entryOf(opened(row), 1), new TradeChanges());
  state.revalue('BTCUSDT');
}

const tick = (marks: MarkPrices, price: string, at = NOW) =>
  marks.offer({ kind: 'mark', symbol: 'BTCUSDT', price: d(price), at, source: 'mark_price' }, NOW);

const totals = ({ totals: { unrealized, long, short } }: PositionsState) =>
  [unrealized, long, short].map(text);

describe('what an account holds', () => {
  const LONG = { id: 'A', at: 1, qty: '2', price: '10' };

  it('is the sum over its symbols, at their last marks', () => {
    const marks = prices();
    const state = new PositionsState(marks);
    put(state, LONG);
    applyOpen(
      state.edit('ETHUSDT'),
      entryOf({ ...opened({ ...LONG, id: 'E', side: 'SHORT' }), symbol: 'ETHUSDT' }, 2),
      new TradeChanges(),
    );
    state.revalue('ETHUSDT');
    expect(totals(state)).toEqual(['0', '20', '20']);
    tick(marks, '12');
    state.revalue('BTCUSDT');
    expect(totals(state)).toEqual(['4', '24', '20']);
    for (const books of [state.symbols(), state.held()]) {
      expect([...books].map(({ symbol }) => symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
    }
  });

  it('knows which closes wait for their open, whatever was asked before', () => {
    const state = new PositionsState(prices());
    put(state, LONG);
    expect(state.parked).toEqual([]);
    const close = {
      symbol: 'BTCUSDT',
      tradeId: 'Z',
      side: null,
      occurredAt: 1,
      receivedAt: 1,
      booked: false,
    };
    state.edit('BTCUSDT').unmatched.set(7, { ...close, version: 7 });
    // What is booked waits no longer.
    state.edit('ETHUSDT').unmatched.set(8, { ...close, version: 8, symbol: 'ETHUSDT', booked: true });
    expect(state.parked.map(({ version }) => version)).toEqual([7]);
    state.replace(new SymbolBook('BTCUSDT'));
    expect(state.parked).toEqual([]);
  });

  it('forgets the value of a symbol that is flat, and of one it never held', () => {
    const state = new PositionsState(prices());
    put(state, LONG);
    const book = state.edit('BTCUSDT');
    book.put({ ...book.open.get('A')!, status: 'CLOSED', remaining: d(0) });
    state.revalue('BTCUSDT');
    state.revalue('ETHUSDT');
    expect([totals(state), [...state.held()]]).toEqual([['0', '0', '0'], []]);
  });

  it('changes in a fork without readers of the committed state noticing', () => {
    const committed = new PositionsState(prices());
    put(committed, LONG);
    committed.discrepancies = 3;
    const fork = committed.fork();
    expect([fork.discrepancies, totals(fork), fork.touched.size]).toEqual([3, ['0', '20', '0'], 0]);
    put(fork, { ...LONG, id: 'B', price: '5' });
    expect([committed.find('BTCUSDT')!.open.size, fork.find('BTCUSDT')!.open.size]).toEqual([1, 2]);
    expect([totals(committed)[1], totals(fork)[1]]).toEqual(['20', '30']);
    expect([fork.edit('BTCUSDT') === fork.edit('BTCUSDT'), [...fork.touched]]).toEqual([true, ['BTCUSDT']]);
  });

  it('collects why a symbol has to be folded anew', () => {
    const state = new PositionsState(prices());
    const entry = entryOf(opened(LONG), 1);
    state.restate('BTCUSDT', 'late', entry);
    state.restate('BTCUSDT', 'along', entry);
    expect([...state.toRestate]).toEqual([
      [
        'BTCUSDT',
        [
          { why: 'late', entry },
          { why: 'along', entry },
        ],
      ],
    ]);
    expect(state.fork().toRestate.size).toBe(0);
  });

  it('catches up with marks that ticked while it was a fork', () => {
    const marks = prices();
    const committed = new PositionsState(marks);
    put(committed, LONG);
    const fork = committed.fork();
    marks.put('DOGEUSDT', { price: d(1), at: 1, source: 'mark_price' });
    tick(marks, '11');
    expect(totals(fork)).toEqual(['0', '20', '0']);
    fork.catchUp(committed);
    expect(totals(fork)).toEqual(['2', '22', '0']);
    fork.catchUp(undefined);
    expect(totals(fork)).toEqual(['2', '22', '0']);
  });
});

describe('a mark that stands in for an entry price', () => {
  const MARKET = { id: 'A', at: 1, qty: '2', price: null };

  it('is remembered to be written down, once', () => {
    const marks = prices();
    const state = new PositionsState(marks);
    state.standIn('BTCUSDT');
    put(state, MARKET);
    state.standIn('BTCUSDT');
    expect(state.newStandIns).toEqual([]);
    tick(marks, '11');
    state.standIn('BTCUSDT');
    tick(marks, '12', NOW + 1);
    state.standIn('BTCUSDT');
    expect(state.newStandIns).toEqual([{ tradeId: 'A', price: d(11), observedAt: NOW }]);
    state.standIn('ETHUSDT');
    state.revalue('BTCUSDT');
    expect(totals(state)).toEqual(['2', '24', '0']); // 2 × (12 − 11)
  });

  it('that was seen while a unit worked on a fork stands in there too, and is written down by it', () => {
    const marks = prices();
    const committed = new PositionsState(marks);
    put(committed, MARKET);
    const fork = committed.fork();
    put(fork, { id: 'B', at: 2, qty: '1', price: '9' });
    fork.edit('ETHUSDT');
    tick(marks, '11');
    committed.standIn('BTCUSDT');
    tick(marks, '12', NOW + 1);
    fork.catchUp(committed);
    expect(fork.newStandIns).toEqual([{ tradeId: 'A', price: d(11), observedAt: NOW }]);
    expect(text(fork.find('BTCUSDT')!.holding('LONG').costBasis)).toBe('31'); // 2 × 11 + 9
    expect(totals(fork)).toEqual(['5', '36', '0']); // 3 × 12 − 31
    const again = [...fork.newStandIns];
    fork.catchUp(fork);
    expect(fork.newStandIns).toEqual(again);
  });

  it('stands in a fork for what opened there', () => {
    const marks = prices();
    const committed = new PositionsState(marks);
    const fork = committed.fork();
    put(fork, MARKET);
    tick(marks, '11');
    fork.catchUp(committed);
    expect([text(fork.find('BTCUSDT')!.holding('LONG').costBasis), totals(fork)]).toEqual([
      '22',
      ['0', '22', '0'],
    ]);
  });
});

describe('the newest price of a symbol', () => {
  it('is not replaced by an older one, nor by one of an unranked source, nor by one dated ahead', () => {
    const marks = prices();
    expect([tick(marks, '1'), tick(marks, '2', NOW - 1)]).toEqual([true, false]);
    const raw = { kind: 'mark', symbol: 'BTCUSDT', price: d(3), at: NOW, source: 'exchange.raw' } as const;
    expect(marks.offer(raw, NOW)).toBe(false);
    expect(() => tick(marks, '4', NOW + 60 * SECOND + 1)).toThrow('60 seconds');
    expect(tick(marks, '5', NOW + 60 * SECOND)).toBe(true);
    expect([...marks.entries()].map(([symbol, { price }]) => [symbol, text(price)])).toEqual([
      ['BTCUSDT', '5'],
    ]);
  });

  it('of a worse source is taken once the better one is stale', () => {
    const marks = prices();
    tick(marks, '1', NOW - 60 * SECOND);
    const other = { kind: 'mark', symbol: 'BTCUSDT', price: d(2), at: NOW, source: 'market.tick' } as const;
    expect([marks.offer(other, NOW), marks.offer(other, NOW + 1)]).toEqual([false, true]);
    expect([[...marks.changedSince(0)], [...marks.changedSince(marks.revision)]]).toEqual([['BTCUSDT'], []]);
  });
});
