import { eventually } from '../support/eventually.js';
import { opened, tick } from '../support/outbound.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

interface Shown {
  readonly symbol: string;
  readonly side: string;
  readonly size: number;
  readonly current_price: number;
  readonly unrealized_pnl: number;
  readonly price_stale: boolean;
  readonly exposure: number;
}

interface Told {
  readonly positions: readonly Shown[];
  readonly total_exposure?: number;
}

/** Positions that did not change are taken from the answer before: whatever can change one has to show. */
describe('positions from one answer to the next', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_STALE_MARK_SEC: '2' } });
    await open('a-long', 'AAAUSDT', {});
    await open('a-short', 'AAAUSDT', { side: 'sell', quantity: '1' });
    await open('b', 'BBBUSDT', {});
    await open('c', 'CCCUSDT', {});
  });
  afterAll(() => stack.stop());

  async function open(tradeId: string, symbol: string, rest: Record<string, string>): Promise<void> {
    await send(stack.redis, 'trade.opened', 'V1', opened(tradeId, symbol, rest));
    await settled(stack.service, stack.redis);
  }

  /** Of the snapshot and of the list of positions, which must not say two things. */
  async function shown(): Promise<string[]> {
    const lines = async (path: string): Promise<string[]> => {
      const { positions, total_exposure: total } = (await stack.service.get(path)).json<Told>();
      if (total !== undefined) expect(total).toBe(positions.reduce((sum, { exposure }) => sum + exposure, 0));
      return positions.map(({ symbol, side, size, current_price, unrealized_pnl, price_stale }) =>
        [symbol.slice(0, 1), side, size, current_price, unrealized_pnl, price_stale ? 'stale' : 'fresh'].join(
          ' ',
        ),
      );
    };
    const list = await lines('/api/portfolio/positions');
    expect(await lines('/api/portfolio/snapshot')).toEqual(list);
    return list;
  }

  const showsIn = (expected: string[]): Promise<void> =>
    eventually(async () => expect(await shown()).toEqual(expected));

  test('show every mark, both sides of its symbol and nothing else', async () => {
    for (const symbol of ['AAAUSDT', 'BBBUSDT', 'CCCUSDT']) await tick(stack, symbol, '101');
    await showsIn([
      'A LONG 2 101 2 fresh',
      'A SHORT 1 101 -1 fresh',
      'B LONG 2 101 2 fresh',
      'C LONG 2 101 2 fresh',
    ]);
    await tick(stack, 'AAAUSDT', '103');
    await tick(stack, 'CCCUSDT', '99');
    await showsIn([
      'A LONG 2 103 6 fresh',
      'A SHORT 1 103 -3 fresh',
      'B LONG 2 101 2 fresh',
      'C LONG 2 99 -2 fresh',
    ]);
  });

  test('grow stale by the clock alone, and one by one fresh again', async () => {
    await showsIn([
      'A LONG 2 103 6 stale',
      'A SHORT 1 103 -3 stale',
      'B LONG 2 101 2 stale',
      'C LONG 2 99 -2 stale',
    ]);
    await tick(stack, 'BBBUSDT', '104');
    await showsIn([
      'A LONG 2 103 6 stale',
      'A SHORT 1 103 -3 stale',
      'B LONG 2 104 8 fresh',
      'C LONG 2 99 -2 stale',
    ]);
    await showsIn([
      'A LONG 2 103 6 stale',
      'A SHORT 1 103 -3 stale',
      'B LONG 2 104 8 stale',
      'C LONG 2 99 -2 stale',
    ]);
  });

  test('follow what is opened and closed among them', async () => {
    await tick(stack, 'AAAUSDT', '105');
    await open('a-more', 'AAAUSDT', { entry_price: '104', quantity: '3' });
    await showsIn([
      'A LONG 5 105 13 fresh',
      'A SHORT 1 105 -5 fresh',
      'B LONG 2 104 8 stale',
      'C LONG 2 99 -2 stale',
    ]);
    const close = { exit_price: '105', realized_pnl: '-5', side: 'sell', quantity: '1' };
    await send(stack.redis, 'trade.closed', 'V1', opened('a-short', 'AAAUSDT', close));
    await open('d', 'BAAUSDT', {});
    await tick(stack, 'BAAUSDT', '100');
    await tick(stack, 'CCCUSDT', '98');
    await eventually(async () =>
      expect((await shown()).map((line) => line.replace(/ \w+$/, ''))).toEqual([
        ...['A LONG 5 105 13', 'B LONG 2 100 0', 'B LONG 2 104 8', 'C LONG 2 98 -4'],
      ]),
    );
  });
});
