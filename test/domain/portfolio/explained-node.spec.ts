import fc from 'fast-check';
import {
  chosen,
  collapsed,
  contribution,
  leaf,
  minus,
  rounded,
  shownAs,
  total,
  type ExplainedNode,
} from '../../../src/portfolio/domain/explain/node.js';
import { pruned } from '../../../src/portfolio/domain/explain/prune.js';
import { Decimal } from '../../../src/shared/decimal.js';
import { d, text } from '../positions/facts.js';

const one = (name: string, value: string | null): ExplainedNode =>
  leaf({ name, formula: 'told', operation: 'fact', value: value === null ? null : d(value), evidence: {} });

/** Names, signs and values, as nested lists. */
const lines = (node: ExplainedNode): unknown =>
  node.children.length === 0
    ? [node.name, node.sign, text(node.value)]
    : [node.name, node.sign, text(node.value), node.children.map(lines)];

const leafSum = (node: ExplainedNode): Decimal =>
  node.children.length === 0
    ? contribution({ ...node, sign: 1 })
    : Decimal.sum(
        node.children.map((child) => (child.sign === 1 ? leafSum(child) : leafSum(child).negated())),
      );

describe('a node', () => {
  test('is the sum of its children', () => {
    const node = total('all', 'a + b', [one('a', '1.5'), one('b', '-0.5')]);
    expect([node.operation, text(node.value), node.holds]).toEqual(['sum', '1', 2]);
  });

  test('is their difference where one is taken away', () => {
    const node = total('all', 'a − b', [one('a', '1.5'), minus(one('b', '2'))]);
    expect([node.operation, text(node.value), node.holds]).toEqual(['difference', '-0.5', 2]);
    expect(lines(node)).toEqual([
      'all',
      1,
      '-0.5',
      [
        ['a', 1, '1.5'],
        ['b', -1, '2'],
      ],
    ]);
  });

  test('counts nothing for what is not known', () => {
    expect(text(total('all', '', [one('a', '1'), one('b', null), minus(one('c', null))]).value)).toBe('1');
  });

  test('is zero without children', () => expect(text(total('none', '', []).value)).toBe('0'));

  test('that was chosen is the only child of what it was chosen for', () => {
    const node = chosen('best', 'largest', 'maximum', total('t', '', [one('a', '3'), one('b', '-1')]));
    expect([node.operation, text(node.value), node.holds]).toEqual(['maximum', '2', 2]);
    expect(chosen('best', 'largest', 'minimum', one('t', null)).value).toBeNull();
  });

  test('that is collapsed tells its sum and its count', () => {
    expect(collapsed('day', '', d('5'), 9)).toMatchObject({ holds: 9, collapsed: true, children: [] });
    expect(collapsed('day', '', d('0'), 0)).toMatchObject({ holds: 0, collapsed: false });
  });
});

describe('a node shown elsewhere', () => {
  const node = total('all', 'a', [one('a', '1')]);

  test('is itself where the values agree', () => expect(lines(shownAs(node, d('1.0')))).toEqual(lines(node)));

  test('has what nothing accounts for as a part of its own, and keeps its sign', () => {
    const shown = shownAs(minus(node), d('1.2'));
    expect(lines(shown)).toEqual([
      'all',
      -1,
      '1.2',
      [
        ['all', 1, '1', [['a', 1, '1']]],
        ['unexplained', 1, '0.2'],
      ],
    ]);
    expect([shown.children[1]!.operation, shown.holds]).toEqual(['unexplained', 2]);
    expect(lines(shownAs(one('a', null), d('1')))).toEqual([
      'a',
      1,
      '1',
      [
        ['a', 1, null],
        ['unexplained', 1, '1'],
      ],
    ]);
  });

  test('keeps its parts when it is not known', () => {
    expect(lines(shownAs(node, null))).toEqual(['all', 1, null, [['a', 1, '1']]]);
  });
});

describe('a leaf by its evidence', () => {
  const of = { name: 'x', formula: 'told', operation: 'product', evidence: {} } as const;

  test('is a leaf where both agree', () => {
    expect(lines(rounded({ ...of, value: d('2') }, d('2'), d('1')))).toEqual(['x', 1, '2']);
  });

  // A price that was divided is wrong by half a unit at 18 places, so 3 of them by no more than a unit and a half.
  test.each([
    ['0.000000000000000004', 'rounding'],
    ['-0.000000000000000004', 'rounding'],
    ['0.0000000000000000041', 'unexplained'],
    ['-0.1', 'unexplained'],
  ])('splits off a difference of %s as %s', (difference, name) => {
    for (const quantity of ['3', '-3']) {
      const node = rounded({ ...of, value: d('2').plus(d(difference)) }, d('2'), d(quantity));
      expect(lines(node)).toEqual([
        'x',
        1,
        text(node.value),
        [
          ['x', 1, '2'],
          [name, 1, difference],
        ],
      ]);
      expect(node.children.map(({ operation }) => operation)).toEqual(['product', name]);
      expect(text(node.value)).toBe(text(d('2').plus(d(difference))));
    }
  });
});

describe('a pruned tree', () => {
  const tree = total('root', '', [
    total('a', '', [one('a1', '1'), one('a2', '2'), one('a3', '4')]),
    minus(total('b', '', [one('b1', '8'), minus(one('b2', '16'))])),
    one('c', '32'),
  ]);

  test('without depth is the root alone, and knows how much it holds', () => {
    expect(pruned(tree, { depth: 0, limit: 9 })).toMatchObject({ holds: 6, collapsed: true, children: [] });
    expect(pruned(one('a', '1'), { depth: 0, limit: 9 })).toMatchObject({ holds: 1, collapsed: false });
  });

  test('is as it was where all of it fits', () => expect(pruned(tree, { depth: 2, limit: 3 })).toEqual(tree));

  test('tells the children beyond the limit as one', () => {
    expect(lines(pruned(tree, { depth: 1, limit: 1 }))).toEqual([
      'root',
      1,
      '47',
      [
        ['a', 1, '7'],
        // −(8 − 16) + 32
        ['others', 1, '40'],
      ],
    ]);
    expect(pruned(tree, { depth: 1, limit: 1 }).children[1]).toMatchObject({ holds: 3, collapsed: true });
    expect(pruned(tree, { depth: 1, limit: 1 }).collapsed).toBe(true);
  });

  test('has leaves that sum exactly to its root, however it is pruned', () => {
    const values = fc.option(fc.integer({ min: -99_999, max: 99_999 }).map((units) => d(`${units / 100}`)));
    const { node } = fc.letrec<{ node: ExplainedNode; leaf: ExplainedNode; sum: ExplainedNode }>((tie) => ({
      leaf: values.map((value) => leaf({ name: 'l', formula: '', operation: 'fact', value, evidence: {} })),
      sum: fc.array(fc.tuple(tie('node'), fc.boolean()), { minLength: 1, maxLength: 4 }).map((parts) =>
        total(
          's',
          '',
          parts.map(([part, taken]) => (taken ? minus(part) : { ...part, sign: 1 })),
        ),
      ),
      node: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('sum')),
    }));
    const extent = fc.record({ depth: fc.nat(5), limit: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(node, extent, (whole, shown) => {
        const cut = pruned(whole, shown);
        expect(text(leafSum(cut))).toBe(text(whole.value) ?? '0');
        expect(cut.holds).toBe(whole.holds);
      }),
    );
  });
});
