import type { Watched } from '../../../src/integrity/domain/integrity-state.js';
import { integrityState, isBeingWatched } from '../../../src/integrity/domain/integrity-state.js';

const SECOND = 1_000_000;
const NOW = 10_000 * SECOND;
const seen: Watched = { version: 5, differences: 0, verifiedAt: NOW - SECOND, seenAt: NOW, intervalSec: 30 };

describe('the state of integrity', () => {
  test.each([
    ['verified', null, seen],
    ['verifying', null, { ...seen, verifiedAt: null }],
    ['differs', null, { ...seen, differences: 1 }],
    ['differs', null, { ...seen, differences: 1, seenAt: null }],
    ['unknown', 'no_facts', { ...seen, version: 0 }],
    ['unknown', 'not_running', { ...seen, seenAt: null }],
    ['verified', null, { ...seen, seenAt: NOW - 90 * SECOND }],
    ['unknown', 'not_running', { ...seen, seenAt: NOW - 91 * SECOND }],
    ['verified', null, { ...seen, seenAt: NOW - 60 * SECOND, intervalSec: 1 }],
    ['unknown', 'not_running', { ...seen, seenAt: NOW - 61 * SECOND, intervalSec: 1 }],
  ] as const)('is %s (%s) of %j', (state, reason, watched) => {
    expect(integrityState(watched, NOW)).toEqual({ state, reason });
  });
});

test('what nobody was ever at work on is not watched, at whatever time', () => {
  expect([isBeingWatched(null, 30, 0), isBeingWatched(0, 30, 0)]).toEqual([false, true]);
});
