import { closed, opened, text } from './facts.js';
import { booked, doubted, held, ledger } from './ledger.js';

const waiting = (book: ReturnType<typeof ledger>) =>
  [...book.book.unmatched.values()].map(({ version, tradeId, booked: isBooked }) => [
    version,
    tradeId,
    isBooked,
  ]);

describe('a close that finds no open trade', () => {
  it('is booked at once with an exit price and a reported PnL', () => {
    const book = ledger([
      closed({ id: 'A', at: 5, exit: '11', pnl: '3', fee: '0.1', reason: 'tp', leverage: '2', model: 'm' }),
    ]);
    expect(booked(book)).toEqual([[1, 'A', null, '3']]);
    expect(book.bookings[0]).toMatchObject({
      kind: 'close',
      entryPrice: null,
      openingFee: null,
      computed: null,
    });
    expect(waiting(book)).toEqual([[1, 'A', true]]);
    expect([...book.book.unmatched.values()][0]).toMatchObject({
      occurredAt: 5,
      receivedAt: 1_001,
      side: 'LONG',
    });
    const orphan = book.trade('A');
    expect(orphan).toMatchObject({
      status: 'ORPHAN',
      side: 'LONG',
      quantity: null,
      entryFrom: null,
      openedAt: null,
    });
    expect(orphan).toMatchObject({
      closedAt: 5,
      closes: 1,
      lastCloseAt: 5,
      closeReason: 'tp',
      model: 'm',
      fee: null,
    });
    expect([text(orphan.realizedPnl), text(orphan.reportedPnl), text(orphan.exitPrice)]).toEqual([
      '3',
      '3',
      '11',
    ]);
    expect([text(orphan.exitNotional), text(orphan.remaining), text(orphan.leverage)]).toEqual([
      '0',
      '0',
      '2',
    ]);
    expect([book.book.lastAt, book.book.lastUnnamedAt, doubted(book)]).toEqual([5, null, []]);
  });

  it('is booked at once with an exit price, an entry price and a quantity: both signs', () => {
    const row = { id: 'A', at: 5, entry: '10', exit: '11', qty: '3', fee: '0.5' };
    expect(ledger([closed(row)]).realized).toBe('2.5'); // (11 − 10) × 3 − 0.5
    expect(ledger([closed({ ...row, side: 'SHORT' })]).realized).toBe('-3.5'); // (10 − 11) × 3 − 0.5
    const orphan = ledger([closed({ ...row, fee: null })]).trade('A');
    expect([text(orphan.quantity), text(orphan.entryPrice), text(orphan.exitNotional)]).toEqual([
      '3',
      '10',
      '33',
    ]);
    expect([orphan.entryFrom, orphan.reportedPnl, text(orphan.realizedPnl)]).toEqual(['close', null, '3']);
  });

  it('derives its quantity as any close does, and keeps what is computed beside what is reported', () => {
    const book = ledger([closed({ id: 'A', at: 5, entry: '10', exit: '12', pnl: '6' })]);
    expect(booked(book)).toEqual([[1, 'A', '3', '6']]); // |6 ÷ 2|
    expect(text(book.bookings[0]!.computed)).toBe('6');
  });

  it.each([
    ['an exit price', { entry: '10', qty: '3', pnl: '6' }],
    ['anything but its exit', { exit: '10' }],
    ['a quantity', { entry: '10', exit: '11' }],
    ['an entry price', { exit: '11', qty: '3' }],
    ['a side, and no report', { entry: '10', exit: '11', qty: '3', side: null }],
  ])('is parked without %s: it counts nothing and waits', (_, row) => {
    const book = ledger([closed({ id: 'A', at: 5, ...row })]);
    expect([booked(book), waiting(book), book.trade('A')]).toEqual([[], [[1, 'A', false]], undefined]);
    expect([book.book.isEmpty(), book.book.lastAt]).toEqual([false, 5]);
  });

  it('is booked without a side when the PnL is reported', () => {
    const book = ledger([closed({ id: 'A', at: 5, side: null, exit: '11', pnl: '3' })]);
    expect([book.realized, book.trade('A').side]).toEqual(['3', null]);
  });

  it('stands under its own identity when it names no trade', () => {
    const book = ledger([closed({ at: 5, exit: '11', pnl: '3', order: 'o1' })]);
    expect(booked(book)).toEqual([[1, 'closed:BTCUSDT:LONG:order:o1', null, '3']]);
    expect(book.book.lastUnnamedAt).toBe(5);
  });

  it('adds up the parts of one trade in the order of their times', () => {
    const book = ledger([
      closed({ id: 'A', at: 7, entry: '99', exit: '13', qty: '1', reason: null }),
      closed({ id: 'A', at: 5, entry: '10', exit: '12', qty: '3', pnl: '6', reason: 'tp' }),
    ]);
    const orphan = book.trade('A');
    // 3 × 12 + 1 × 13 = 49 over 4; 6 reported, then (13 − 99) × 1 by itself.
    expect([text(orphan.quantity), text(orphan.exitNotional), text(orphan.exitPrice)]).toEqual([
      '4',
      '49',
      '12.25',
    ]);
    expect([text(orphan.realizedPnl), text(orphan.reportedPnl), text(orphan.entryPrice)]).toEqual([
      '-80',
      '6',
      '10',
    ]);
    expect(orphan).toMatchObject({ closedAt: 7, lastCloseAt: 7, closes: 2, closeReason: 'tp' });
  });

  it('learns what its parts tell: a price or a size from the one that has it', () => {
    const sizeless = closed({ id: 'A', at: 1, exit: '12', pnl: '6' });
    const sized = closed({ id: 'A', at: 2, entry: '10', exit: '13', qty: '2' });
    const orphan = ledger([sizeless, sized]).trade('A');
    expect([text(orphan.quantity), text(orphan.exitPrice), text(orphan.entryPrice)]).toEqual([
      '2',
      '13',
      '10',
    ]);
    const reversed = ledger([{ ...sizeless, occurredAt: 3 }, sized]).trade('A');
    expect([text(reversed.quantity), text(reversed.exitPrice), text(reversed.reportedPnl)]).toEqual([
      '2',
      '13',
      '6',
    ]);
  });
});

describe('a close whose open comes later', () => {
  const OPEN = opened({ id: 'A', at: 1, qty: '2', price: '10', fee: '0.1' });

  it('joins it when it was booked: nothing is counted twice', () => {
    const book = ledger([closed({ id: 'A', at: 5, exit: '13', pnl: '5.8' }), OPEN]);
    expect(booked(book)).toEqual([
      [1, 'A', '2', '5.9'],
      [2, 'A', '2', '-0.1'],
    ]); // 5.8 is net of the 0.1
    expect([waiting(book), book.trade('A').status, book.realized]).toEqual([[], 'CLOSED', '5.8']);
    expect([doubted(book), held(book)]).toEqual([[[1, 'pnl_mismatch', '0.1']], ['0', '0', 0]]); // computed 6 − 0.1 = 5.9
  });

  it('joins it when it was parked', () => {
    const book = ledger([closed({ id: 'A', at: 5, exit: '13' }), OPEN]);
    expect([waiting(book), booked(book)]).toEqual([
      [],
      [
        [1, 'A', '2', '6'],
        [2, 'A', '2', '-0.1'],
      ],
    ]);
  });

  it('joins by symbol and side when it names no trade, if the open was there at its time', () => {
    const close = closed({ at: 5, exit: '13', pnl: '6', order: 'o1' });
    // Booked and naming no trade, it waits in its row only: an open it belongs to comes late, and a fold sees both.
    const rowsOf = (book: ReturnType<typeof ledger>) =>
      [...book.changes.unmatched].map(({ after }) => after!.version);
    const joined = ledger([close, OPEN]);
    expect([rowsOf(joined), held(joined)]).toEqual([[], ['0', '0', 0]]);
    const tooLate = ledger([close, { ...OPEN, occurredAt: 6 }]);
    expect([rowsOf(tooLate), held(tooLate)]).toEqual([[1], ['2', '20', 1]]);
    expect(rowsOf(ledger([close, { ...OPEN, side: 'SHORT' }]))).toEqual([1]);
    expect([waiting(joined), waiting(tooLate)]).toEqual([[], []]);
  });
});
