import { Patience } from '../../../src/ledger/patience.js';

const cancelled = Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });

describe('the patience of units of work', () => {
  test('is what the settings say as long as nothing was cancelled', () => {
    const patience = new Patience(1_000);
    patience.failed(['main'], new Error('Connection terminated'), 999);
    expect(patience.for(['main'])).toBeNull();
  });

  test('doubles with each cancelled statement, for the accounts of the unit alone', () => {
    const patience = new Patience(1_000);
    patience.failed(['main', 'desk'], cancelled, 10);
    patience.failed(['main'], cancelled, 10);
    expect(patience.for(['main'])).toBe(4_000);
    expect(patience.for(['desk'])).toBe(2_000);
    expect(patience.for(['other'])).toBeNull();
    expect(patience.for(['other', 'desk', 'main'])).toBe(4_000);
  });

  test('doubles too when a unit failed that had taken longer than a statement may', () => {
    const patience = new Patience(1_000);
    patience.failed(['main'], new Error('Connection terminated'), 1_000);
    expect(patience.for(['main'])).toBe(2_000);
  });

  test('ends at 64 times, and with the first success', () => {
    const patience = new Patience(1_000);
    for (let time = 0; time < 20; time += 1) patience.failed(['main'], cancelled, 10);
    expect(patience.for(['main'])).toBe(64_000);
    patience.succeeded(['main']);
    expect(patience.for(['main'])).toBeNull();
  });
});
