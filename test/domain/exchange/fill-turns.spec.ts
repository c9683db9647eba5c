import { FillTurns } from '../../../src/sources/binance/fill-turns.js';

const DAY = 86_400_000;
const window = (startTime: number, endTime: number) => ({ startTime, endTime });
const held = ['A', 'B', 'C', 'D', 'E'];

describe('the turns of symbols', () => {
  it('come to all that are held, so many at once, each from where it was asked last', () => {
    const turns = new FillTurns(2);
    const asked: string[] = [];
    for (const end of [10, 20, 30]) {
      for (const [symbol, { startTime, endTime }] of turns.next(window(end - 9, end), held, []))
        asked.push(`${symbol} ${startTime}–${endTime}`);
      turns.taken(new Set(held));
    }
    expect(asked).toEqual(['A 1–10', 'B 1–10', 'C 1–20', 'D 1–20', 'A 11–30', 'E 1–30']);
  });

  it('are not waited for by a symbol of which the income tells', () => {
    const turns = new FillTurns(1);
    expect([...turns.next(window(1, 10), held, ['E', 'X'])]).toEqual([
      ['A', window(1, 10)],
      ['E', window(1, 10)],
      ['X', window(1, 10)],
    ]);
  });

  it('look again at all of a window that overlaps the one before', () => {
    const turns = new FillTurns(1);
    turns.next(window(1, 10), ['A'], []);
    turns.taken(new Set(['A']));
    expect([...turns.next(window(5, 20), ['A'], [])]).toEqual([['A', window(5, 20)]]);
  });

  it('are the same again when what was read was not taken', () => {
    const turns = new FillTurns(1);
    turns.next(window(1, 10), ['A', 'B'], []);
    expect([...turns.next(window(11, 20), ['A', 'B'], []).keys()]).toEqual(['A']);
    expect(turns.next(window(11, 20), ['A', 'B'], []).get('A')).toEqual(window(1, 20));
  });

  it('come before the exchange would no longer give all since the last one', () => {
    const turns = new FillTurns(1);
    turns.next(window(0, DAY), held, []);
    turns.taken(new Set(held));
    expect([...turns.next(window(DAY, 5 * DAY - 1), held, []).keys()]).toEqual(['B']);
    expect([...turns.next(window(DAY, 6 * DAY), held, []).keys()]).toEqual(['B', 'C', 'D', 'E']);
  });

  it('end with one after the symbol is held no more', () => {
    const turns = new FillTurns(1);
    turns.next(window(1, 10), ['A', 'B'], []);
    turns.taken(new Set(['A', 'B']));
    expect([...turns.next(window(11, 20), ['A'], [])]).toEqual([['B', window(1, 20)]]);
    turns.taken(new Set(['A']));
    expect([...turns.next(window(21, 30), ['A'], [])]).toEqual([['A', window(11, 30)]]);
    turns.taken(new Set(['A']));
    expect([...turns.next(window(31, 40), ['A'], []).keys()]).toEqual(['A']);
  });
});
