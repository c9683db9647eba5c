import { adoptionOf } from '../../../src/reconciliation/domain/adoption.js';
import { isRipe } from '../../../src/reconciliation/domain/follow-breaks.js';
import { ourSides } from '../../../src/reconciliation/domain/holdings.js';
import { severityOf } from '../../../src/reconciliation/domain/severity.js';
import { d, opened, text } from '../positions/facts.js';
import { ledger } from '../positions/ledger.js';
import { followed, ours, report, reported, theirs } from '../reconciliation/support.js';

const SECOND = 1_000_000;

it('a break is as old as it was seen, whenever that began', () => {
  const seen = { openedAt: 5 * SECOND, reports: 3 };
  expect(isRipe(followed({ ...seen, lastSeenAt: 14 * SECOND }), 10)).toBe(false);
  expect(isRipe(followed({ ...seen, lastSeenAt: 15 * SECOND }), 10)).toBe(true);
});

it('with no equity left a break that cannot be sized is critical, too', () => {
  expect(severityOf({ money: null }, d(0))).toBe('critical');
});

it('what we hold short is told beside what we hold long', () => {
  const { book } = ledger([
    opened({ id: 'A', at: 1, qty: 2, price: 100 }),
    opened({ id: 'B', at: 2, qty: 3, price: 110, side: 'SHORT' }),
  ]);
  const { LONG, SHORT } = ourSides(book);
  expect([LONG, SHORT].map(({ quantity, entryPrice }) => [text(quantity), text(entryPrice)])).toEqual([
    ['2', '100'],
    ['3', '110'],
  ]);
});

it('where both sides differ long enough, one statement adopts both', () => {
  const ripe = followed({ reports: 2, lastSeenAt: 10 * SECOND });
  const compared = {
    symbol: 'BTCUSDT',
    ours: { LONG: ours(1, 100), SHORT: ours(1, 100) },
    theirs: { LONG: theirs(2, 101), SHORT: theirs(3, 99) },
    isSpokenFor: true,
    breaks: [ripe, { ...ripe, side: 'SHORT' as const }],
  };
  const told = report([reported('BTCUSDT', 'LONG', 2), reported('BTCUSDT', 'SHORT', 3)]);
  expect(adoptionOf(compared, told, { graceSec: 10, opening: false })).toMatchObject({
    ...{ longQuantity: d(2), longEntryPrice: d(101), shortQuantity: d(3), shortEntryPrice: d(99) },
  });
});
