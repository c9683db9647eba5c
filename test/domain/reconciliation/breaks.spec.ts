import { foldTrades } from '../../../src/positions/domain/fold-trades.js';
import type { Break } from '../../../src/reconciliation/domain/break.js';
import { BREAK_KINDS, CAUSES, breakKey, isOfSize } from '../../../src/reconciliation/domain/break.js';
import type { OurSide, TheirSide } from '../../../src/reconciliation/domain/holdings.js';
import { ourSides, theirSides } from '../../../src/reconciliation/domain/holdings.js';
import { positionBreaks, silentBreaks } from '../../../src/reconciliation/domain/position-breaks.js';
import type { Circumstances } from '../../../src/reconciliation/domain/wallet-break.js';
import { walletBreak, walletCause } from '../../../src/reconciliation/domain/wallet-break.js';
import type { Amount } from '../positions/facts.js';
import { d, entryOf, holding, opened, text } from '../positions/facts.js';
import { symbolFacts } from '../positions/rows.js';
import { found, ours, report, reported, theirs } from './support.js';

const NOTHING = theirs();
const line = (one: Break) => [one.kind, one.side, text(one.difference), text(one.money), one.cause];
const long = (own: OurSide, told: TheirSide | null, mark: Amount = null) =>
  positionBreaks(
    'BTCUSDT',
    { LONG: own, SHORT: ours() },
    { LONG: told, SHORT: NOTHING },
    mark === null ? null : d(mark),
  ).map(line);
const short = (own: OurSide, told: TheirSide) =>
  positionBreaks('BTCUSDT', { LONG: ours(), SHORT: own }, { LONG: NOTHING, SHORT: told }, null).map(line);

describe('a position beside the exchange’s', () => {
  test.each<[string, OurSide, TheirSide, Amount, unknown[][]]>([
    // Worth at their mark, else ours, else their entry price, else ours; unsized when there is none.
    [
      'unknown to us',
      ours(),
      theirs(2, 100, 110),
      120,
      [['unknown_position', 'LONG', '2', '220', 'missed_fill']],
    ],
    [
      'gone at theirs',
      ours(2, 100),
      theirs(),
      120,
      [['missing_position', 'LONG', '-2', '240', 'stale_trade']],
    ],
    [
      'gone, no mark',
      ours(2, 100),
      theirs(),
      null,
      [['missing_position', 'LONG', '-2', '200', 'stale_trade']],
    ],
    [
      'smaller at ours',
      ours(1, 90),
      theirs('1.5', 100),
      null,
      [['position', 'LONG', '0.5', '50', 'missed_fill']],
    ],
    ['without any price', ours(1), theirs(2), null, [['position', 'LONG', '1', null, 'missed_fill']]],
    ['of equal size and price', ours(1, 100), theirs(1, 100), null, []],
    ['of no size', ours(), theirs(), null, []],
  ])('%s', (_name, own, told, mark, expected) => {
    expect(long(own, told, mark)).toEqual(expected);
  });

  test('differs in price beyond the digits that the exchange gives, by a cent at least', () => {
    expect(long(ours(10, '100.04'), theirs(10, '100.1'))).toEqual([
      ['entry_price', 'LONG', '0.06', '0.6', 'averaging'],
    ]);
    expect(long(ours(10, '100.06'), theirs(10, '100.1'))).toEqual([]);
    expect(long(ours(10, '100.4'), theirs(10, '100'))).toEqual([]);
    expect(long(ours('0.1', '100.04'), theirs('0.1', '100.1'))).toEqual([]);
    expect(long(ours(1, null), theirs(1, '100.1'))).toEqual([]);
    expect(long(ours(1, 90), theirs(1))).toEqual([]);
    const averaged = ours(1, 90, { averages: true });
    expect(long(averaged, theirs(1, 91))).toEqual([['entry_price', 'LONG', '1', '1', 'missed_fill']]);
  });

  test.each([
    ['1', '1.4'],
    ['0.1', '0.12'],
    ['0.00001', '0.000012'],
    ['20', '20.4'],
  ])('differs from a price that lost only its zeros: theirs %s, ours %s', (told, own) => {
    const [found] = long(ours(100_000, own), theirs(100_000, told));
    expect(found?.slice(0, 2)).toEqual(['entry_price', 'LONG']);
    expect(long(ours(100_000, told), theirs(100_000, told))).toEqual([]);
  });

  test('differs on paper by more than max(0.01, 1 %) at their mark', () => {
    expect(long(ours(2, 100), theirs(2, 100, 110, '20.3'))).toEqual([
      ['unrealized', 'LONG', '0.3', '0.3', 'price'],
    ]);
    expect(long(ours(2, 100), theirs(2, 100, 110, '20.2'))).toEqual([]);
    expect(long(ours(2, 100), theirs(2, 100, '100.1', '0.209'))).toEqual([]);
    expect(long(ours(2, 100), theirs(2, 100, 110))).toEqual([]);
    expect(short(ours(2, 100), theirs(2, 100, 110, 20))).toEqual([
      ['unrealized', 'SHORT', '40', '40', 'price'],
    ]);
  });

  test('of which nothing is said does not differ', () => {
    expect(long(ours(2, 100), null)).toEqual([]);
  });

  test('of an exchange that nets: what is left of our two sides is compared', () => {
    const both = { LONG: ours(3, 100), SHORT: ours(1, 120) };
    const breaks = (told: { LONG: TheirSide | null; SHORT: TheirSide | null }, own = both) =>
      positionBreaks('BTCUSDT', own, told, d(100)).map(({ kind, side }) => [kind, side]);
    expect(breaks({ LONG: theirs(2, 95), SHORT: NOTHING })).toEqual([]);
    expect(breaks({ LONG: NOTHING, SHORT: NOTHING }, { LONG: ours(1, 1), SHORT: ours(1, 1) })).toEqual([]);
    expect(breaks({ LONG: theirs(1, 95), SHORT: NOTHING })).toEqual([
      ['position', 'LONG'],
      ['missing_position', 'SHORT'],
    ]);
    // Two sides are told: it hedges, and each is compared.
    expect(breaks({ LONG: theirs(4, 95), SHORT: theirs(2, 95) })).toHaveLength(2);
    expect(breaks({ LONG: theirs(2, 95), SHORT: null })).toEqual([['position', 'LONG']]);
    expect(breaks({ LONG: null, SHORT: NOTHING })).toEqual([['missing_position', 'SHORT']]);
  });
});

describe('a position of which nobody tells any more', () => {
  test('is missing to an unknown extent, worth what we hold of it at our mark, else at our price', () => {
    const lines = (own: OurSide, mark: Amount) =>
      silentBreaks('BTCUSDT', { LONG: ours(), SHORT: own }, mark === null ? null : d(mark)).map(line);
    expect(lines(ours(2, 100), 110)).toEqual([['missing_position', 'SHORT', null, '220', 'stale_trade']]);
    expect(lines(ours(2, 100), null)).toEqual([['missing_position', 'SHORT', null, '200', 'stale_trade']]);
    expect(lines(ours(2, null), null)).toEqual([['missing_position', 'SHORT', null, null, 'stale_trade']]);
    expect(lines(ours(), 110)).toEqual([]);
  });
});

describe('what is held', () => {
  test('by us: size, average where every price is known, and what of it averages', () => {
    const fold = (facts: Parameters<typeof entryOf>[0][]) =>
      foldTrades(symbolFacts(facts.map((fact, i) => entryOf(fact, i + 1)))).book;
    const lot = opened({ id: 'A', at: 1, qty: 2, price: 100 });
    const { LONG, SHORT } = ourSides(fold([lot, holding({ at: 5, long: ['5', '104'] })]));
    expect([text(LONG.quantity), text(LONG.entryPrice), LONG.averages]).toEqual(['5', '104', true]);
    expect(text(LONG.fixedCost)).toBe('200');
    expect([text(SHORT.quantity), SHORT.entryPrice, SHORT.averages]).toEqual(['0', null, false]);
    const unpriced = ourSides(fold([lot, opened({ id: 'B', at: 2, qty: 1, price: null })])).LONG;
    expect([text(unpriced.quantity), unpriced.entryPrice, unpriced.averages]).toEqual(['3', null, false]);
    expect(text(ourSides(undefined).LONG.quantity)).toBe('0');
  });

  test.each([
    ['complete and there', report([reported('BTCUSDT', 'LONG', 2)]), false, ['2', '0']],
    ['complete and absent', report([reported('ETHUSDT', 'LONG', 2)]), false, ['0', '0']],
    ['incomplete and absent', report([reported('ETHUSDT', 'LONG', 2)], false), true, [null, null]],
    ['incomplete and there', report([reported('BTCUSDT', 'SHORT', 2)], false), false, [null, '2']],
    ['incomplete where positions net', report([reported('BTCUSDT', 'SHORT', 2)], false), true, ['0', '2']],
    ['flat by its own words', report([reported('BTCUSDT', 'FLAT', 0)], false), false, ['0', '0']],
  ])('by them: %s', (_name, told, nets, expected) => {
    const { LONG, SHORT } = theirSides(told, 'BTCUSDT', nets);
    expect([text(LONG?.quantity), text(SHORT?.quantity)]).toEqual(expected);
  });
});

const HOUR = 3_600_000_000;
const KNOWN: Circumstances = {
  ...{ since: 9 * HOUR, until: 10 * HOUR, exposure: d(1000), turnover: d(500), positionsDiffer: false },
};

describe('a wallet beside the exchange’s', () => {
  test('differs by a cent or more', () => {
    expect(walletBreak(d('100'), d('100.009'), KNOWN)).toBeNull();
    expect(walletBreak(d('100'), d('100.009'), KNOWN, d('0'))).toMatchObject({ difference: d('0.009') });
    expect(walletBreak(d('100'), d('100'), KNOWN, d('0'))).toBeNull();
    expect(walletBreak(d('100'), d('99.99'), KNOWN)).toMatchObject({
      ...{ kind: 'wallet', symbol: '', side: '', cause: 'fee' },
      ...{ ours: d('100'), theirs: d('99.99'), difference: d('-0.01'), money: d('0.01') },
    });
  });

  test.each<[string, string, Partial<Circumstances>, string]>([
    ['a position differs, too', '-3.2', { positionsDiffer: true }, 'missed_fill'],
    ['a funding time lies between', '-3.2', { since: 7 * HOUR, until: 8 * HOUR }, 'funding'],
    ['a funding time, but too much', '-10.2', { since: 7 * HOUR, until: 8 * HOUR }, 'unknown'],
    ['no report before', '-3.2', { since: null, until: 8 * HOUR }, 'unknown'],
    ['as small as a fee', '-0.5', {}, 'fee'],
    ['a fee is never received', '0.5', {}, 'unknown'],
    ['a round sum', '250', {}, 'transfer'],
    ['nothing was held or traded', '250.37', { exposure: d(0), turnover: d(0) }, 'transfer'],
    ['nothing was held, but traded', '250.37', { exposure: d(0) }, 'unknown'],
  ])('%s: %s', (_name, difference, known, cause) => {
    expect(walletCause(d(difference), { ...KNOWN, ...known })).toBe(cause);
  });
});

test('a break is named by what it is about, and sizes are told from prices', () => {
  expect(breakKey(found())).toBe('position/BTCUSDT/LONG');
  expect(BREAK_KINDS.filter((kind) => isOfSize({ kind }))).toEqual([
    ...['unknown_position', 'missing_position', 'position'],
  ]);
  expect(CAUSES).toContain('stale_trade');
});
