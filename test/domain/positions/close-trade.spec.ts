import { closed, opened, text } from './facts.js';
import { booked, doubted, held, ledger } from './ledger.js';

describe('a trade that opens and closes', () => {
  const LONG = opened({ id: 'A', at: 10, qty: '2', price: '100', fee: '0.4', leverage: '5', model: 'm1' });

  it('is held at its entry price, and its opening fee is realized when it opens', () => {
    const book = ledger([LONG]);
    expect(held(book)).toEqual(['2', '200', 1]); // 2 × 100
    expect(booked(book)).toEqual([[1, 'A', '2', '-0.4']]);
    expect(book.bookings[0]).toMatchObject({
      kind: 'opening_fee',
      occurredAt: 10,
      exitPrice: null,
      reported: null,
    });
    expect(text(book.bookings[0]!.computed)).toBe('-0.4');
    expect(book.trade('A')).toMatchObject({ status: 'OPEN', side: 'LONG', entryFrom: 'open', openedAt: 10 });
    expect(book.trade('A')).toMatchObject({ openedVersion: 1, closedAt: null, closes: 0, model: 'm1' });
  });

  it('realizes the price difference of a long minus its closing fee, and carries its whole net result', () => {
    const book = ledger([LONG, closed({ id: 'A', at: 20, exit: '110', fee: '0.5', reason: 'tp' })]);
    // (110 − 100) × 2 − 0.5 = 19.5; the opening fee of 0.4 was booked before, so net = 19.1.
    expect(booked(book)[1]).toEqual([2, 'A', '2', '19.5']);
    const trade = book.trade('A');
    expect([trade.status, text(trade.remaining), text(trade.realizedPnl)]).toEqual(['CLOSED', '0', '19.1']);
    expect(trade).toMatchObject({ closedAt: 20, closeReason: 'tp', closes: 1, lastCloseAt: 20 });
    expect([text(trade.exitPrice), text(trade.exitNotional), text(trade.feeAttributed)]).toEqual([
      '110',
      '220',
      '0.4',
    ]);
    const [, close] = book.bookings;
    expect([text(close!.fee), text(close!.openingFee), text(close!.computed)]).toEqual([
      '0.5',
      '0.4',
      '19.1',
    ]);
    expect(held(book)).toEqual(['0', '0', 0]);
    expect([doubted(book), book.book.isEmpty()]).toEqual([[], true]);
  });

  it('earns on a short when the price falls', () => {
    const book = ledger([
      opened({ id: 'S', at: 1, side: 'SHORT', qty: '3', price: '50' }),
      closed({ id: 'S', at: 2, exit: '48' }),
    ]);
    expect(booked(book)).toEqual([[2, 'S', '3', '6']]); // (50 − 48) × 3
  });

  it('never lets leverage multiply the result', () => {
    const result = (leverage: string | null) =>
      ledger([
        opened({ id: 'A', at: 1, qty: '1', price: '100', leverage }),
        closed({ id: 'A', at: 2, exit: '101' }),
      ]).realized;
    expect([result('125'), result(null)]).toEqual(['1', '1']);
  });

  it('counts the PnL of a part at once and keeps the average of the rest', () => {
    const book = ledger([
      LONG,
      closed({ id: 'A', at: 20, qty: '0.5', exit: '104', fee: '0.1' }),
      closed({ id: 'A', at: 30, qty: '1', exit: '90' }),
    ]);
    // (104 − 100) × 0.5 − 0.1 = 1.9; (90 − 100) × 1 = −10; 0.5 × 100 = 50 is left.
    expect(booked(book).slice(1)).toEqual([
      [2, 'A', '0.5', '1.9'],
      [3, 'A', '1', '-10'],
    ]);
    expect(held(book)).toEqual(['0.5', '50', 1]);
    const trade = book.trade('A');
    expect([trade.status, trade.closedAt, trade.closes]).toEqual(['OPEN', null, 2]);
    // −0.4 + 1.9 − 10; (0.5 × 104 + 1 × 90) ÷ 1.5 = 94.666…; 0.4 × 0.25 + 0.4 × 0.5 = 0.3 of the opening fee.
    expect([text(trade.realizedPnl), text(trade.exitPrice), text(trade.feeAttributed)]).toEqual([
      '-8.5',
      '94.666666666666666667',
      '0.3',
    ]);
  });

  it('gives the last close of thirds what is left of the opening fee, to the digit', () => {
    const third = (at: number) => closed({ id: 'A', at, qty: '1', exit: '100', pnl: '0.5' });
    const book = ledger([
      opened({ id: 'A', at: 1, qty: '3', price: '100', fee: '1' }),
      third(2),
      third(3),
      third(4),
    ]);
    const shares = book.bookings.slice(1).map(({ openingFee }) => text(openingFee));
    expect(shares).toEqual(['0.333333333333333333', '0.333333333333333333', '0.333333333333333334']);
    // Reported 0.5 each is net of everything: 3 × 0.5 in all, the opening fee not booked twice.
    expect([book.realized, text(book.trade('A').realizedPnl)]).toEqual(['1.5', '1.5']);
  });

  it('books a named close dated before its open right after it, in its own period', () => {
    const book = ledger([
      opened({ id: 'A', at: 50, qty: '1', price: '10' }),
      closed({ id: 'A', at: 40, exit: '11' }),
    ]);
    expect(booked(book)).toEqual([[2, 'A', '1', '1']]);
    expect([book.bookings[0]!.occurredAt, book.trade('A').closedAt]).toEqual([40, 40]);
    expect([book.book.lastAt, book.book.lastUnnamedAt]).toEqual([50, null]);
  });

  it('keeps the reason of an earlier close when the last one tells none', () => {
    const book = ledger([
      LONG,
      closed({ id: 'A', at: 2, qty: '1', exit: '1', reason: 'sl' }),
      closed({ id: 'A', at: 30, exit: '1' }),
    ]);
    expect(book.trade('A').closeReason).toBe('sl');
  });

  it('lets the side of the trade win over what a named close calls it', () => {
    const book = ledger([LONG, closed({ id: 'A', at: 20, side: 'SHORT', exit: '110' })]);
    expect(book.trade('A')).toMatchObject({ side: 'LONG', status: 'CLOSED' });
    expect(booked(book)[1]).toEqual([2, 'A', '2', '20']);
  });
});

describe('a close that names no trade', () => {
  const LOTS = [
    opened({ id: 'B', at: 20, qty: '2', price: '110' }),
    opened({ id: 'A', at: 10, qty: '1', price: '100' }),
    opened({ id: 'C', at: 30, qty: '5', price: '120' }),
    opened({ id: 'S', at: 5, side: 'SHORT', qty: '9', price: '100' }),
  ];

  it('takes the open trades of its side oldest first, and splits what was reported pro rata', () => {
    const book = ledger([...LOTS, closed({ at: 40, qty: '4', exit: '130', pnl: '80', fee: '0.8' })]);
    // A gives 1, B 2, C 1 of the 4: 80 × ¼, 80 × ½, the rest; computed 30 − 0.2, 40 − 0.4, 10 − 0.2.
    expect(booked(book)).toEqual([
      [5, 'A', '1', '20'],
      [5, 'B', '2', '40'],
      [5, 'C', '1', '20'],
    ]);
    expect(book.bookings.map(({ computed }) => text(computed))).toEqual(['29.8', '39.6', '9.8']);
    expect(book.bookings.map(({ fee }) => text(fee))).toEqual(['0.2', '0.4', '0.2']);
    expect(doubted(book)).toEqual([
      [5, 'pnl_mismatch', '9.8'],
      [5, 'pnl_mismatch', '0.4'],
      [5, 'pnl_mismatch', '10.2'],
    ]);
    expect([held(book), held(book, 'SHORT')]).toEqual([
      ['4', '480', 1],
      ['9', '900', 1],
    ]);
    expect(book.book.lastUnnamedAt).toBe(40);
  });

  it('closes all that is open when it tells no size', () => {
    const book = ledger([...LOTS, closed({ at: 40, exit: '130' })]);
    expect([held(book), book.realized]).toEqual([['0', '0', 0], '120']); // 30 × 1 + 20 × 2 + 10 × 5
  });

  it('does not take trades that opened after it', () => {
    const book = ledger([...LOTS, closed({ at: 20, qty: '4', exit: '130', pnl: '60' })]);
    // A and B were open: 3 of 4 are closed, and 60 × ¾ = 45 is booked, a third of it for A.
    expect(booked(book)).toEqual([
      [5, 'A', '1', '15'],
      [5, 'B', '2', '30'],
    ]);
    expect(doubted(book)).toContainEqual([5, 'over_close', '1']);
  });

  it('rounds a share of what was reported only once, at the end', () => {
    const book = ledger([...LOTS, closed({ at: 20, qty: '9', exit: '130', pnl: '1000000' })]);
    // A third of it, and a third of that: 111111.1… and not 0.333333333333333333 of anything.
    expect(booked(book)).toEqual([
      [5, 'A', '1', '111111.111111111111111111'],
      [5, 'B', '2', '222222.222222222222222222'],
    ]);
  });

  it('takes the lesser id first of two that opened in one microsecond', () => {
    const twins = [
      opened({ id: 'Z', at: 1, qty: '1', price: '5' }),
      opened({ id: 'Y', at: 1, qty: '1', price: '7' }),
    ];
    expect(booked(ledger([...twins, closed({ at: 2, qty: '1', exit: '8' })]))).toEqual([[3, 'Y', '1', '1']]);
    expect(booked(ledger([...twins.reverse(), closed({ at: 2, qty: '1', exit: '8' })]))).toEqual([
      [3, 'Y', '1', '1'],
    ]);
  });

  it('closes the one side that is open when it tells none, long or short', () => {
    const long = ledger([
      opened({ id: 'A', at: 1, qty: '1', price: '5' }),
      closed({ at: 2, side: null, exit: '6' }),
    ]);
    const short = ledger([
      opened({ id: 'A', at: 1, side: 'SHORT', qty: '1', price: '5' }),
      closed({ at: 2, side: null, exit: '6' }),
    ]);
    expect([long.realized, short.realized]).toEqual(['1', '-1']);
  });

  it('closes neither side when both are open and it does not tell which', () => {
    const book = ledger([...LOTS, closed({ at: 40, side: null, qty: '1', exit: '130', order: 'o' })]);
    expect([booked(book), held(book)[2], held(book, 'SHORT')[2]]).toEqual([[], 3, 1]);
    expect([...book.book.unmatched.values()]).toEqual([
      expect.objectContaining({ version: 5, booked: false, side: null }),
    ]);
  });
});

describe('closing more than is open', () => {
  const OPEN = opened({ id: 'A', at: 1, qty: '3', price: '10' });

  it('closes what is open, books the report pro rata, lists the surplus and does not flip', () => {
    const book = ledger([OPEN, closed({ id: 'A', at: 2, qty: '4', exit: '12', pnl: '8', fee: '0.4' })]);
    // 3 of 4: 8 × 0.75 = 6 booked, fee 0.3, computed (12 − 10) × 3 − 0.3 = 5.7.
    expect(booked(book)).toEqual([[2, 'A', '3', '6']]);
    expect([text(book.bookings[0]!.fee), text(book.bookings[0]!.computed)]).toEqual(['0.3', '5.7']);
    expect(doubted(book)).toEqual([
      [2, 'pnl_mismatch', '0.3'],
      [2, 'over_close', '1'],
    ]);
    expect(book.doubts[1]).toMatchObject({ tradeId: 'A', symbol: 'BTCUSDT', occurredAt: 2, computed: null });
    expect(text(book.doubts[1]!.reported)).toBe('4');
    expect([held(book), held(book, 'SHORT')]).toEqual([
      ['0', '0', 0],
      ['0', '0', 0],
    ]);
  });

  it('lists a close of a trade that is closed already and books nothing', () => {
    const twice = [
      OPEN,
      closed({ id: 'A', at: 2, exit: '12' }),
      closed({ id: 'A', at: 3, qty: '1', exit: '12', pnl: '2' }),
    ];
    const book = ledger(twice);
    expect([booked(book), doubted(book)]).toEqual([[[2, 'A', '3', '6']], [[3, 'over_close', '1']]]);
    const sizeless = ledger([...twice.slice(0, 2), closed({ id: 'A', at: 3, exit: '12' })]);
    expect(doubted(sizeless)).toEqual([[3, 'over_close', '0']]);
  });

  it('lists the surplus of a close that names no trade under no trade', () => {
    const book = ledger([OPEN, closed({ at: 2, qty: '5', exit: '12' })]);
    expect(book.doubts).toEqual([expect.objectContaining({ tradeId: '', kind: 'over_close' })]);
  });
});

describe('reported against computed PnL', () => {
  const reported = (pnl: string | null, exit: string) =>
    ledger([opened({ id: 'A', at: 1, qty: '1', price: '1000' }), closed({ id: 'A', at: 2, exit, pnl })]);

  it.each([
    // Computed 0.5: the tolerance is 0.01. Computed 50: it is 1 % = 0.5. Computed −50 likewise. Computed 1: both are 0.01.
    ['1000.5', '0.51', false],
    ['1000.5', '0.510000000000000001', true],
    ['1000.5', '0.49', false],
    ['1000.5', '0.489999999999999999', true],
    ['1050', '50.5', false],
    ['1050', '50.500000000000000001', true],
    ['950', '-49.5', false],
    ['950', '-49.499999999999999999', true],
    ['1001', '1.01', false],
    ['1001', '1.010000000000000001', true],
    ['1000', '0.01', false],
    ['1000', '-0.010000000000000001', true],
  ])('exit %s, reported %s: mismatch %s', (exit, pnl, isMismatch) => {
    const book = reported(pnl, exit);
    expect(doubted(book).length === 1).toBe(isMismatch);
    expect(book.realized).toBe(pnl);
  });

  it('books what was reported and keeps what was computed beside it', () => {
    const book = reported('7', '1010');
    expect(book.bookings.map((row) => [text(row.reported), text(row.computed), text(row.amount)])).toEqual([
      ['7', '10', '7'],
    ]);
    expect(book.doubts).toEqual([
      expect.objectContaining({ kind: 'pnl_mismatch', tradeId: 'A', version: 2 }),
    ]);
    expect([
      text(book.doubts[0]!.reported),
      text(book.doubts[0]!.computed),
      text(book.doubts[0]!.size),
    ]).toEqual(['7', '10', '3']);
    expect(text(book.trade('A').reportedPnl)).toBe('7');
  });

  it('books the computed PnL when none was reported, and adds up what was', () => {
    expect([reported(null, '1010').realized, reported(null, '1010').trade('A').reportedPnl]).toEqual([
      '10',
      null,
    ]);
    const parts = [
      closed({ id: 'A', at: 2, qty: '0.5', exit: '1002', pnl: '1' }),
      closed({ id: 'A', at: 3, exit: '1004', pnl: '2' }),
    ];
    const book = ledger([opened({ id: 'A', at: 1, qty: '1', price: '1000' }), ...parts]);
    expect([text(book.trade('A').reportedPnl), book.realized]).toEqual(['3', '3']);
  });
});

describe('the size that a close does not tell', () => {
  const OPEN = opened({ id: 'A', at: 1, qty: '10', price: '100' });
  const taken = (row: Parameters<typeof closed>[0]) =>
    text(ledger([OPEN, closed(row)]).bookings[0]!.quantity);

  it('is derived from the reported PnL and the move of the price', () => {
    expect(taken({ id: 'A', at: 2, entry: '100', exit: '104', pnl: '8' })).toBe('2'); // |8 ÷ 4|
    expect(taken({ id: 'A', at: 2, entry: '100', exit: '97', pnl: '10' })).toBe('3.333333333333333333'); // |10 ÷ −3|
  });

  it('is all that is open when one of them is missing or zero', () => {
    expect(taken({ id: 'A', at: 2, entry: '100', exit: '104' })).toBe('10');
    expect(taken({ id: 'A', at: 2, exit: '104', pnl: '8' })).toBe('10');
    expect(taken({ id: 'A', at: 2, entry: '100', pnl: '8' })).toBe('10');
    expect(taken({ id: 'A', at: 2, entry: '104', exit: '104', pnl: '8' })).toBe('10');
    expect(taken({ id: 'A', at: 2, entry: '100', exit: '104', pnl: '0' })).toBe('10');
  });

  it('is all that is open when it comes out as nothing at 18 places', () => {
    expect(taken({ id: 'A', at: 2, entry: '1', exit: '900', pnl: '0.000000000000000001' })).toBe('10');
  });

  it('gives way to a size that is told', () => {
    expect(taken({ id: 'A', at: 2, qty: '4', entry: '100', exit: '104', pnl: '8' })).toBe('4');
  });
});
