import { marginUsed } from '../../../src/exposure/domain/margin-used.js';
import { d, text } from '../accounting/numbers.js';

const held = (exposure: string | null, leverage: string | null) => ({
  exposure: exposure === null ? null : d(exposure),
  leverage: leverage === null ? null : d(leverage),
});

describe('the margin in use', () => {
  it('is what each position ties up: its notional over its leverage', () => {
    expect(text(marginUsed([held('1000', '10'), held('300', '3')]))).toBe('200');
  });

  it('is nothing when nothing is held', () => expect(text(marginUsed([]))).toBe('0'));

  it.each([
    ['a notional', held(null, '10')],
    ['a leverage', held('300', null)],
    ['a leverage that means something', held('300', '0')],
    ['a positive leverage', held('300', '-1')],
  ])('is not known without %s', (_, position) => {
    expect(marginUsed([held('1000', '10'), position])).toBeNull();
    expect(marginUsed([position, held('1000', '10')])).toBeNull();
  });
});
