import { assess } from '../../../src/limits/domain/assessment.js';
import type { Announced } from '../../../src/limits/domain/crossing.js';
import { crossingOf } from '../../../src/limits/domain/crossing.js';
import { d, figures, limitsOf, told } from './figures.js';

/** Of a limit of 1000 in one symbol so much is used; null = no price is known. */
function used(amount: string | null, limit: string | null = '1000') {
  const positions = [{ symbol: 'BTCUSDT', exposure: amount === null ? null : d(amount), leverage: null }];
  const limits = limitsOf(limit === null ? [] : [told('symbol_exposure', limit)]);
  return assess('symbol_exposure', 'BTCUSDT', { limits, figures: figures({ positions }) });
}

function counted(positions: number) {
  const one = { symbol: 'X', exposure: d('1'), leverage: null };
  const limits = limitsOf([told('positions', '4')]);
  return assess('positions', null, { limits, figures: figures({ positions: Array(positions).fill(one) }) });
}

/** What is told along a path, and what is announced at its end. */
function along(path: readonly ReturnType<typeof used>[], begin: Announced | null = null) {
  const events: (string | null)[] = [];
  let state = begin;
  for (const assessment of path) {
    const { after, event } = crossingOf(state, assessment);
    events.push(event);
    state = after;
  }
  return { events, state };
}

describe('a limit', () => {
  test('is told at 80 %, when it is broken, and when it is over, once each', () => {
    const path = ['0', '799', '800', '900', '1000', '1001', '2000', '949', '700'].map((amount) =>
      used(amount),
    );
    expect(along(path)).toEqual({
      events: [null, null, 'approaching', null, null, 'breached', null, 'cleared', null],
      state: null,
    });
  });

  test('that jitters around a line is told once', () => {
    const path = ['1001', '999', '1002', '951', '950', '1003'].map((amount) => used(amount));
    expect(along(path)).toEqual({ events: ['breached', null, null, null, null, null], state: 'breached' });
    const near = ['800', '799', '801', '760', '805'].map((amount) => used(amount));
    expect(along(near)).toEqual({ events: ['approaching', null, null, null, null], state: 'approaching' });
  });

  test('that was approached may be again once it was well below', () => {
    const path = ['800', '759', '800'].map((amount) => used(amount));
    expect(along(path).events).toEqual(['approaching', null, 'approaching']);
  });

  test('that is broken at once is not said to be approached', () => {
    expect(along([used('5000')])).toEqual({ events: ['breached'], state: 'breached' });
  });

  test('that is over goes back to being approached without a word', () => {
    expect(along([used('1001'), used('940')])).toEqual({
      events: ['breached', 'cleared'],
      state: 'approaching',
    });
  });

  test('is over when all is sold, also a limit of nothing', () => {
    expect(along([used('5', '0'), used('0', '0')])).toEqual({ events: ['breached', 'cleared'], state: null });
  });

  test('of a count is over as soon as it is kept', () => {
    expect(along([counted(5), counted(4), counted(5)])).toMatchObject({
      events: ['breached', 'cleared', 'breached'],
    });
  });

  test('that becomes unknown stays as it was announced', () => {
    expect(along([used(null), used('500', 'x')], 'breached')).toEqual({
      events: [null, null],
      state: 'breached',
    });
    expect(along([used(null)])).toEqual({ events: [null], state: null });
  });

  test('whose strictest source went away is over when its last value would say so, too', () => {
    const since = (amount: string, readAt: number) => {
      const positions = [{ symbol: 'BTCUSDT', exposure: d(amount), leverage: null }];
      const strict = told('symbol_exposure', '500', { source: 'risk_safety', readAt });
      const limits = limitsOf([told('symbol_exposure', '1000'), strict], 10);
      return assess('symbol_exposure', 'BTCUSDT', { limits, figures: figures({ positions }) });
    };
    expect(along([since('600', 11), since('600', 9), since('600', 11)])).toEqual({
      events: ['breached', null, null],
      state: 'breached',
    });
    expect(along([since('600', 9), since('474', 9)], 'breached').events).toEqual([null, 'cleared']);
    expect(along([since('450', 11), since('450', 9), since('370', 9)])).toEqual({
      events: ['approaching', null, null],
      state: null,
    });
    expect(along([since('450', 11), since('450', 9)]).state).toBe('approaching');
    // What is still known counts on its own, upwards.
    expect(along([since('450', 11), since('1001', 9)]).events).toEqual(['approaching', 'breached']);
  });

  test('is over although a source says what nobody can read', () => {
    const positions = [{ symbol: 'BTCUSDT', exposure: d('100'), leverage: null }];
    const unreadable = told('symbol_exposure', 'much', { source: 'risk_safety' });
    const limits = limitsOf([told('symbol_exposure', '1000'), unreadable]);
    const assessment = assess('symbol_exposure', 'BTCUSDT', { limits, figures: figures({ positions }) });
    expect(along([assessment], 'breached').events).toEqual(['cleared']);
  });

  test('that nobody sets any more is over', () => {
    expect(crossingOf('breached', used('2000', null))).toEqual({
      after: null,
      event: 'cleared',
      reason: 'limit_removed',
    });
    expect(crossingOf('approaching', used('2000', null))).toEqual({ after: null, event: null, reason: null });
    expect(crossingOf(null, used('2000', null))).toEqual({ after: null, event: null, reason: null });
  });
});
