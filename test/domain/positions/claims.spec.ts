import type { TradeClosed } from '../../../src/ledger/facts.js';
import type { CloseRow } from './facts.js';
import { closed, d, opened, text } from './facts.js';
import { booked, doubted, ledger } from './ledger.js';

const OPEN = opened({ id: 'A', at: 10, qty: '2', price: '100', fee: '1' });

/** The end of trade A as a store tells it. */
const ended = (claim: string | null, told: Partial<CloseRow> = {}): TradeClosed => ({
  ...closed({ id: 'A', at: 30, exit: '110', fee: '1', ...told }),
  claimedPnl: claim === null ? null : d(claim),
  whole: true,
});

describe('a claim about what a trade earned', () => {
  it('is kept beside the PnL and never booked, and a difference is listed', () => {
    const book = ledger([OPEN, ended('100')]);
    expect(booked(book)[1]).toEqual([2, 'A', '2', '19']);
    const trade = book.trade('A');
    expect([text(trade.realizedPnl), text(trade.reportedPnl), text(trade.claimedPnl)]).toEqual([
      '18',
      null,
      '100',
    ]);
    // |100 − 18|
    expect(doubted(book)).toEqual([[2, 'claimed_pnl_mismatch', '82']]);
  });

  it('that is within 1 % or a cent is no difference, nor is none', () => {
    for (const claim of ['18.1', '18', null]) expect(doubted(ledger([OPEN, ended(claim)]))).toEqual([]);
  });

  it('is held against all that was realized on the trade, whoever closed the first part', () => {
    const part = closed({ id: 'A', at: 20, qty: '1', exit: '104' });
    // (104 − 100) × 1 + (110 − 100) × 1 − 1 − 1 = 12
    const book = ledger([OPEN, part, ended('12')]);
    expect([text(book.trade('A').realizedPnl), book.trade('A').status]).toEqual(['12', 'CLOSED']);
    expect(doubted(book)).toEqual([]);
  });

  it('says nothing where the PnL is not known', () => {
    const book = ledger([opened({ id: 'A', at: 10, qty: '2', price: null }), ended('5')]);
    expect(doubted(book)).toEqual([[2, 'entry_price_unknown', null]]);
  });
});

describe('the end of a trade', () => {
  it('that was closed already changes nothing and lists nothing', () => {
    const whole = closed({ id: 'A', at: 20, exit: '105' });
    const book = ledger([OPEN, whole, ended('9')]);
    expect([text(book.trade('A').realizedPnl), book.trade('A').closes]).toEqual(['9', 1]);
    expect(doubted(book)).toEqual([]);
  });
});
