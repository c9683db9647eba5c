import { mergeReading, NO_NOTES, type PolicyReading } from '../../../src/limits/domain/policy-reading.js';
import { useOf } from '../../../src/limits/domain/risk-figures.js';
import { roomInMoney } from '../../../src/limits/domain/room.js';
import { strictest } from '../../../src/limits/domain/strictest.js';
import { ToldLimits } from '../../../src/limits/domain/told-limits.js';
import type { Saying } from '../../../src/limits/domain/told-limit.js';
import { d, figures, saying, told } from '../limits/figures.js';
import { text } from '../positions/facts.js';

const reading = (readAt: number | null, ...sayings: Saying[]): PolicyReading => ({
  ...{ source: 'risk_safety', askedAt: 9, readAt, problem: null, sayings },
  ...{ notes: NO_NOTES, emergencyStop: null },
});

describe('a limit of a symbol that could not be asked for', () => {
  it('keeps what was told of that symbol, and not of another', () => {
    const of = (symbol: string, raw: string | null) => saying('symbol_exposure', raw, { symbol });
    const before = reading(1, of('BTCUSDT', '500'), of('ETHUSDT', '100'));
    const asked = reading(2, of('BTCUSDT', null), of('ETHUSDT', '90'));
    expect(mergeReading(before, asked).sayings.map(({ symbol, raw }) => [symbol, raw])).toEqual([
      ['BTCUSDT', '500'],
      ['ETHUSDT', '90'],
    ]);
  });
});

describe('what is used of a limit of a symbol', () => {
  it('is of all its positions, long and short', () => {
    const positions = ['200', '300', '50'].map((exposure, i) => ({
      ...{ symbol: i < 2 ? 'BTCUSDT' : 'ETHUSDT', exposure: d(exposure), leverage: d('5') },
    }));
    expect(useOf('symbol_exposure', 'BTCUSDT', figures({ positions })).value?.toString()).toBe('500');
  });
});

describe('room in money', () => {
  it('is none for what is counted, or was agreed when it was opened', () => {
    const room = (limit: 'positions' | 'symbol_leverage') =>
      roomInMoney(limit, d('5'), { symbol: null, figures: figures() });
    expect([room('positions'), room('symbol_leverage')]).toEqual([null, null]);
  });
});

describe('a limit that was told long ago', () => {
  it('is too old when it was a limit, and else is what it was', () => {
    const stand = (raw: string) => {
      const all = new ToldLimits([told('leverage', raw, { rawUnit: 'times', readAt: 1 })]);
      const { value, reason } = strictest(all, { limit: 'leverage', symbol: null, oldest: 5 });
      return [text(value), reason];
    };
    expect([stand('3'), stand('-3')]).toEqual([
      [null, 'too_old'],
      [null, 'negative'],
    ]);
  });
});
