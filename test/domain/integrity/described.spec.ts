import { differencesBetween } from '../../../src/integrity/domain/described.js';

describe('two states in lines', () => {
  test('differ where a line is another, is not there, or is there too many', () => {
    const held = new Map([
      ['same', '1'],
      ['changed', '2'],
      ['surplus', '3'],
    ]);
    const database = new Map([
      ['same', '1'],
      ['changed', '0'],
      ['missing', '4'],
    ]);
    expect(differencesBetween(held, database)).toEqual([
      { table: 'book', key: 'changed', kind: 'changed', stored: { value: '2' }, expected: { value: '0' } },
      { table: 'book', key: 'missing', kind: 'missing', stored: null, expected: { value: '4' } },
      { table: 'book', key: 'surplus', kind: 'surplus', stored: { value: '3' }, expected: null },
    ]);
  });
});
