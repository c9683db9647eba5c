import type { PolicyReading } from '../../../src/limits/domain/policy-reading.js';
import { mergeReading, NO_NOTES } from '../../../src/limits/domain/policy-reading.js';
import { readingOfText, textOfReading } from '../../../src/limits/reading-text.js';
import { d, saying } from './figures.js';

const STOP = {
  state: 'ARMED',
  canExecute: true,
  tripTime: null,
  tripReason: null,
  metrics: new Map([['daily_drawdown_pct', d('1.10')]]),
  readAt: 100,
};

function reading(more: Partial<PolicyReading> = {}): PolicyReading {
  return {
    source: 'risk_safety',
    askedAt: 100,
    readAt: 100,
    problem: null,
    sayings: [],
    notes: NO_NOTES,
    emergencyStop: null,
    ...more,
  };
}

const at100 = saying('daily_loss', '0.05', { key: 'a', readAt: 100 });
const other = saying('open_loss', '10', { key: 'b', readAt: 100 });
const unread = saying('daily_loss', null, { key: 'a', problem: 'timeout' });

describe('a source that is asked again', () => {
  test('begins with what it tells first', () => {
    const first = reading({ sayings: [at100] });
    expect(mergeReading(null, first)).toBe(first);
  });

  test('keeps what it could not be asked for, with its time, and forgets what it tells no more', () => {
    const before = reading({ sayings: [at100, other], emergencyStop: STOP });
    const found = mergeReading(
      before,
      reading({ askedAt: 200, readAt: 200, problem: 'timeout', sayings: [unread] }),
    );
    expect(found).toMatchObject({ askedAt: 200, readAt: 200, problem: 'timeout', emergencyStop: STOP });
    expect(found.sayings).toEqual([at100]);
  });

  test('keeps everything when nothing was answered, and says so', () => {
    const notes = { ...NO_NOTES, activeMode: 'NORMAL' };
    const before = reading({ sayings: [at100, other], emergencyStop: STOP, notes });
    const found = mergeReading(
      before,
      reading({ askedAt: 200, readAt: null, problem: 'http_404', sayings: [unread] }),
    );
    expect(found).toMatchObject({ readAt: 100, problem: 'http_404', notes, emergencyStop: STOP });
    expect(found.sayings).toEqual([at100, other]);
  });

  test('says what is new', () => {
    const fresh = saying('daily_loss', '0.04', { key: 'a', readAt: 200 });
    const stop = { ...STOP, state: 'TRIPPED' };
    const found = mergeReading(
      reading({ sayings: [at100], emergencyStop: STOP }),
      reading({ readAt: 200, sayings: [fresh], emergencyStop: stop }),
    );
    expect(found).toMatchObject({ sayings: [fresh], emergencyStop: stop });
  });

  test('what was never told stays unknown', () => {
    const found = mergeReading(reading(), reading({ readAt: null, sayings: [unread] }));
    expect(found.sayings).toEqual([unread]);
  });
});

test('a reading is the same after it was written down', () => {
  const whole = reading({ sayings: [at100, unread], emergencyStop: STOP });
  expect(textOfReading(readingOfText(textOfReading(whole)))).toBe(textOfReading(whole));
  expect(
    readingOfText(textOfReading(whole)).emergencyStop?.metrics.get('daily_drawdown_pct')?.toString(),
  ).toBe('1.1');
  expect(readingOfText(textOfReading(reading())).emergencyStop).toBeNull();
});
