import { adoptionOf } from '../../../src/reconciliation/domain/adoption.js';
import type { ComparedSymbol } from '../../../src/reconciliation/domain/adoption.js';
import { followBreaks, isRipe } from '../../../src/reconciliation/domain/follow-breaks.js';
import { reconciliationScore, staleParts } from '../../../src/reconciliation/domain/score.js';
import { severityOf } from '../../../src/reconciliation/domain/severity.js';
import { d, text } from '../positions/facts.js';
import { followed, found, ours, report, reported, theirs } from './support.js';

const SECOND = 1_000_000;
const look = { at: 20 * SECOND, found: [], judges: () => true, equity: d(1000) };

describe('breaks over reports', () => {
  test('a new one opens at the report that shows it', () => {
    expect(followBreaks([], { ...look, found: [found()] })).toEqual([
      followed({ openedAt: 20 * SECOND, lastSeenAt: 20 * SECOND, severity: 'major' }),
    ]);
  });

  test('one that is seen again keeps its age and takes the new size; the same moment is no second report', () => {
    const known = followed({ openedAt: 5 * SECOND, lastSeenAt: 5 * SECOND });
    const more = found({ money: d(50), theirs: d(9) });
    const [again] = followBreaks([known], { ...look, found: [more] });
    expect(again).toEqual(
      followed({ ...more, openedAt: 5 * SECOND, lastSeenAt: 20 * SECOND, reports: 2, severity: 'critical' }),
    );
    const [same] = followBreaks([known], { ...look, at: 5 * SECOND, found: [found()] });
    expect(same).toMatchObject({ reports: 1, lastSeenAt: 5 * SECOND });
    const [older] = followBreaks([known], { ...look, at: 4 * SECOND, found: [found()] });
    expect(older).toMatchObject({ reports: 1, openedAt: 5 * SECOND, lastSeenAt: 5 * SECOND });
  });

  test('one that is gone heals, if the report says anything about it', () => {
    const [btc, eth] = [followed(), followed({ symbol: 'ETHUSDT' })];
    const judges = ({ symbol }: { symbol: string }) => symbol === 'BTCUSDT';
    expect(followBreaks([btc, eth], { ...look, judges })).toEqual([
      { ...btc, closedAt: 20 * SECOND, ended: 'healed' },
    ]);
  });

  test.each([
    [10, 2, true],
    [10, 1, false],
    [9, 3, false],
  ])('after %i s and %i reports: ripe is %s', (seconds, reports, expected) => {
    expect(isRipe(followed({ lastSeenAt: seconds * SECOND, reports }), 10)).toBe(expected);
  });
});

describe('how bad it is', () => {
  test.each([
    ['0.999', 1000, 'minor'],
    ['1', 1000, 'major'],
    ['9.99', 1000, 'major'],
    ['10', 1000, 'critical'],
    ['0.01', 0, 'critical'],
    [null, 1000, 'major'],
  ])('%s of %i is %s', (money, equity, expected) => {
    expect(severityOf({ money: money === null ? null : d(money) }, d(equity))).toBe(expected);
  });

  const scoreOf = (open: { count: number; money: ReturnType<typeof d> | null }, equity: string) =>
    reconciliationScore({ ...open, walletReceivedAt: 9, completeReceivedAt: 9 }, d(equity), 5);

  test('the score is what is left of 100 after the money of open breaks as a share of equity', () => {
    const score = (count: number, money: string | null, equity = '1000') =>
      text(scoreOf({ count, money: money === null ? null : d(money) }, equity).score);
    expect(score(0, '0')).toBe('100');
    expect(score(0, '0', '0')).toBe('100');
    expect(score(2, '250')).toBe('75');
    expect(score(2, '2500')).toBe('0');
    expect(score(1, '1', '-5')).toBe('0');
    expect(scoreOf({ count: 1, money: null }, '1')).toEqual({ score: null, reason: 'break_not_sized' });
    expect(reconciliationScore(null, d(1), 5)).toEqual({ score: null, reason: 'nothing_reported' });
  });

  test.each([
    [null, null, 'wallet_not_compared', []],
    [5, null, 'positions_not_compared', []],
    [null, 5, 'wallet_not_compared', []],
    [4, 5, 'too_old', ['wallet']],
    [5, 4, 'too_old', ['positions']],
    [4, null, 'positions_not_compared', ['wallet']],
    [4, 4, 'too_old', ['wallet', 'positions']],
    [5, 5, null, []],
  ])('a wallet of %s and positions of %s, where 5 is not too old: %s', (wallet, positions, reason, stale) => {
    const compared = { walletReceivedAt: wallet, completeReceivedAt: positions };
    const found = reconciliationScore({ count: 0, money: d('0'), ...compared }, d('1'), 5);
    expect([text(found.score), found.reason]).toEqual([reason === null ? '100' : null, reason]);
    expect(staleParts(compared, 5)).toEqual(stale);
  });
});

describe('what is adopted', () => {
  const RULE = { graceSec: 10, opening: false };
  const young = followed({ kind: 'position' });
  const ripe = { ...young, reports: 2, lastSeenAt: 10 * SECOND };
  const compared = (told: Partial<ComparedSymbol> = {}): ComparedSymbol => ({
    symbol: 'BTCUSDT',
    ours: { LONG: ours(1, 100), SHORT: ours() },
    theirs: { LONG: theirs(2, 101), SHORT: theirs() },
    isSpokenFor: true,
    breaks: [ripe],
    ...told,
  });
  const adopted = (told: Partial<ComparedSymbol> = {}, rule = RULE) =>
    adoptionOf(compared(told), report([reported('BTCUSDT', 'LONG', 2)]), rule);

  test('a difference that lasted, as a statement with both numbers', () => {
    expect(adopted()).toEqual({
      ...{
        kind: 'position.reconciliation',
        accountId: 'main',
        occurredAt: 7,
        eventId: null,
        source: 'exchange',
      },
      ...{ symbol: 'BTCUSDT', longQuantity: d(2), longEntryPrice: d(101), shortQuantity: d(0) },
      ...{ shortEntryPrice: null, leverage: d(20), bookedLong: d(1), bookedShort: d(0), opening: false },
    });
    expect(adopted({}, { ...RULE, opening: true })!.opening).toBe(true);
  });

  test('not a young one, unless only the exchange tells of the symbol', () => {
    expect(adopted({ breaks: [young] })).toBeNull();
    expect(adopted({ breaks: [young], isSpokenFor: false })).not.toBeNull();
  });

  test('not the side whose break is too young, nor one of which nothing is said', () => {
    const shortBreak = followed({ side: 'SHORT' });
    expect(adopted({ breaks: [ripe, shortBreak] })).toMatchObject({ shortQuantity: null });
    const silent = adopted({ theirs: { LONG: theirs(2, 101), SHORT: null } });
    expect(silent).toMatchObject({ shortQuantity: null, shortEntryPrice: null });
    const shortOnly = adopted({
      theirs: { LONG: null, SHORT: theirs(3, 90) },
      breaks: [{ ...ripe, side: 'SHORT' }],
    });
    expect(shortOnly).toMatchObject({ longQuantity: null, longEntryPrice: null, leverage: d(20) });
    const unlevered = { ...theirs(3, 90), leverage: null };
    expect(adopted({ theirs: { LONG: unlevered, SHORT: null } })!.leverage).toBeNull();
  });

  test('nothing that is missing without a price; what is too much needs none', () => {
    expect(adopted({ theirs: { LONG: theirs(2), SHORT: null } })).toBeNull();
    const less = { ...ripe, difference: d(-1) };
    expect(adopted({ theirs: { LONG: theirs('0.5'), SHORT: null }, breaks: [less] })).not.toBeNull();
  });

  test('nothing of which nobody says how much it is', () => {
    const silent = { ...ripe, kind: 'missing_position' as const, theirs: null, difference: null };
    expect(adopted({ breaks: [silent] })).toBeNull();
  });

  test('an entry price where ours averages and the rest leaves it a cost; what is on paper never', () => {
    const price = { ...ripe, kind: 'entry_price' as const, theirs: d(101) };
    const side = (averages: boolean, fixed: number) => ({
      ours: { LONG: ours(2, 100, { averages, fixedCost: d(fixed) }), SHORT: ours() },
      breaks: [price],
    });
    expect(adopted(side(true, 100))).not.toBeNull();
    expect(adopted(side(true, 202))).toBeNull();
    expect(adopted(side(false, 0))).toBeNull();
    expect(adopted({ breaks: [{ ...ripe, kind: 'unrealized' }] })).toBeNull();
  });
});
