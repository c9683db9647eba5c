import { foldTrades } from '../../../src/positions/domain/fold-trades.js';
import type { Arrival } from './arrivals.js';
import { closed, d, executed, holding, opened } from './facts.js';
import { LiveSymbol } from './live-symbol.js';
import { bookRows, rowsOf, symbolFacts } from './rows.js';

const MARKET = opened({ id: 'A', at: 0, qty: '2', price: null });
const OPEN = opened({ id: 'A', at: 10, qty: '5', price: '100', fee: '1' });

/** Histories in which applying one by one once differed from the fold, and their neighbours; each batch holds one fact. */
const HISTORIES: Record<string, readonly Arrival[]> = {
  'a mark comes after a part was closed at no known price': [
    { fact: MARKET },
    { fact: closed({ id: 'A', at: 1, qty: '1', exit: '10' }) },
    { tick: d(7) },
  ],
  'the same, and the rest is closed on the mark': [
    { fact: MARKET },
    { fact: closed({ at: 1, qty: '1', exit: '10' }) },
    { tick: d(7) },
    { fact: closed({ at: 2, exit: '10' }) },
  ],
  'a close tells the entry price of a trade that paid a fee to open': [
    { fact: { ...MARKET, fee: d('0.1') } },
    { fact: closed({ id: 'A', at: 1, entry: '9', exit: '10' }) },
  ],
  'a close that names no trade tells it to a trade that paid a fee to open': [
    { fact: { ...MARKET, fee: d('0.1') } },
    { fact: closed({ at: 1, entry: '9', exit: '10' }) },
  ],
  'a close that names no trade tells the price that an earlier part needed': [
    { fact: MARKET },
    { fact: closed({ at: 1, qty: '1', exit: '10' }) },
    { fact: closed({ at: 2, qty: '1', entry: '9', exit: '11' }) },
  ],
  'a named close tells the price that an earlier part was valued without': [
    { fact: MARKET },
    { tick: d(7) },
    { fact: closed({ at: 1, qty: '1', exit: '10' }) },
    { fact: closed({ id: 'A', at: 2, qty: '1', entry: '9', exit: '11' }) },
  ],
  'two parts are dated before their open, and their names sort the other way': [
    { fact: OPEN },
    { fact: closed({ id: 'A', at: 5, qty: '1', exit: '101', order: 'z', reason: 'first' }) },
    { fact: closed({ id: 'A', at: 7, qty: '1', exit: '102', order: 'a', reason: 'second' }) },
  ],
  'two parts are dated before their open, and come the wrong way round': [
    { fact: OPEN },
    { fact: closed({ id: 'A', at: 7, qty: '1', exit: '102', order: 'a', reason: 'second' }) },
    { fact: closed({ id: 'A', at: 5, qty: '1', exit: '101', order: 'z', reason: 'first' }) },
  ],
  'two parts are of one microsecond': [
    { fact: OPEN },
    { fact: closed({ id: 'A', at: 12, qty: '1', exit: '102', order: 'z' }) },
    { fact: closed({ id: 'A', at: 12, qty: '1', exit: '101', order: 'a' }) },
  ],
  'an open comes late for a close that names no trade': [
    { fact: opened({ id: 'B', at: 2, qty: '1', price: '9' }) },
    { fact: closed({ at: 3, qty: '1', exit: '10' }) },
    { fact: opened({ id: 'A', at: 1, qty: '1', price: '8' }) },
  ],
  'a named close falls in one microsecond with one that names no trade': [
    { fact: OPEN },
    { fact: closed({ at: 12, qty: '1', exit: '102', order: 'z' }) },
    { fact: closed({ id: 'A', at: 12, exit: '101', order: 'a' }) },
  ],
  'a named close in the microsecond of one without a side leaves only one side open for it': [
    { fact: opened({ id: 'L', at: 10, qty: '1', price: '100' }) },
    { fact: opened({ id: 'A', at: 10, side: 'SHORT', qty: '1', price: '100' }) },
    { fact: closed({ at: 12, side: null, qty: '1', exit: '102', order: 'z' }) },
    { fact: closed({ id: 'A', at: 12, exit: '101', order: 'a' }) },
  ],
  'the parts of an unknown trade come the wrong way round, then its open': [
    { fact: closed({ id: 'A', at: 30, qty: '1', exit: '102', pnl: '3' }) },
    { fact: closed({ id: 'A', at: 20, qty: '2', entry: '99', exit: '101' }) },
    { fact: OPEN },
  ],
  'a part of a closed trade comes late': [
    { fact: OPEN },
    { fact: closed({ id: 'A', at: 30, exit: '102' }) },
    { fact: closed({ id: 'A', at: 20, qty: '2', exit: '101' }) },
  ],
  'an execution tells the price of a trade that was closed without one': [
    { fact: MARKET },
    { fact: closed({ id: 'A', at: 1, exit: '10' }) },
    { fact: executed({ at: 0, order: 'A', price: '8' }) },
  ],
  'an execution comes before the open whose price it tells': [
    { fact: executed({ at: 0, trade: 'A', price: '8' }) },
    { fact: MARKET },
  ],
  'a close that names no trade tells a price that the exchange adopted a holding beside': [
    { fact: MARKET },
    { fact: holding({ at: 0, long: ['4', '99.99'] }) },
    { fact: closed({ at: 9, entry: '7' }) },
  ],
  'a named close tells a price that the exchange adopted a holding beside': [
    { fact: MARKET },
    { fact: holding({ at: 0, long: ['4', '99.99'] }) },
    { fact: closed({ id: 'A', at: 9, entry: '7', exit: '8' }) },
  ],
  'an execution tells a price that the exchange adopted a holding beside': [
    { fact: MARKET },
    { fact: holding({ at: 0, long: ['4', '99.99'] }) },
    { fact: executed({ at: 9, order: 'A', price: '8' }) },
  ],
  'a close tells the price of a trade that was opened after the exchange was heard': [
    { fact: holding({ at: 0, long: ['4', '99.99'] }) },
    { fact: { ...MARKET, occurredAt: 1 } },
    { fact: closed({ id: 'A', at: 9, entry: '7', exit: '8' }) },
  ],
  'a supplement dates the open earlier': [
    { fact: OPEN },
    { fact: closed({ at: 9, qty: '1', exit: '102' }) },
    { fact: { ...OPEN, occurredAt: 8 } },
  ],
};

describe('what facts left one by one is what the fold says, when', () => {
  it.each(Object.entries(HISTORIES))('%s', (_, history) => {
    const symbol = new LiveSymbol();
    for (const arrival of history) {
      if ('fact' in arrival) symbol.take(arrival.fact);
      if ('tick' in arrival) symbol.tick(arrival.tick);
      symbol.endBatch();
    }
    const folded = foldTrades(symbolFacts(symbol.ledger, symbol.standIns));
    expect({ ...rowsOf(symbol.rows), ...bookRows(symbol.book) }).toEqual({
      ...rowsOf(folded.changes),
      ...bookRows(folded.book),
    });
  });
});
