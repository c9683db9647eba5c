import { storeNumber } from '../../../src/sources/trade-store/store-number.js';

describe('a number of a trade store', () => {
  test.each([
    ['42000.0', '42000.0'],
    ['1e-07', '1e-07'],
    ['0.30000000000000004', '0.30000000000000004'],
    ['nan', null],
    ['-inf', null],
    ['None of it', 'None of it'],
  ])('%s is %s', (text, read) => expect(storeNumber(text)).toBe(read));

  test.each([
    // 19 decimals, and 21: a double's noise, rounded half-even at 18.
    ['0.0012345678901234567', '0.001234567890123457'],
    ['1.0842021724855044e-05', '0.000010842021724855'],
    ['-1.0842021724855044e-05', '-0.000010842021724855'],
    ['1e-20', '0'],
  ])('%s is rounded at 18 decimals to %s', (text, read) => expect(storeNumber(text)).toBe(read));

  test('with more digits than a double has is left for the reader to refuse', () => {
    expect(storeNumber('0.1234567890123456789012')).toBe('0.1234567890123456789012');
  });
});
