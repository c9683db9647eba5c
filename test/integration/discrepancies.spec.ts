import { DISCREPANCY_KINDS } from '../../src/positions/domain/discrepancy-kinds.js';
import { eventually } from '../support/eventually.js';
import { fillRichBook } from '../support/rich-book.js';
import { startStack, type Stack } from '../support/stack.js';
import { send, settled } from '../support/streams.js';

type Body = Record<string, unknown>;

interface Page {
  readonly version: number;
  readonly discrepancies: Body[];
  readonly next_cursor: string | null;
}

describe('what does not fit', () => {
  let stack: Stack;

  const page = async (query = ''): Promise<Page> =>
    (await stack.service.get(`/api/portfolio/discrepancies?numbers=string${query}`)).json<Page>();
  const kinds = async (query = ''): Promise<unknown[]> =>
    (await page(query)).discrepancies.map(({ kind }) => kind).sort();
  const warnings = async (): Promise<unknown> =>
    (await stack.service.get('/api/portfolio/snapshot')).json()['warnings'];

  beforeAll(async () => {
    stack = await startStack();
    await fillRichBook(stack);
  }, 60_000);
  afterAll(() => stack.stop());

  test('is listed with what was reported, what was computed, its size and its age', async () => {
    const { discrepancies } = await page('&kind=over_close');
    expect(discrepancies).toEqual([
      {
        ...{
          kind: 'over_close',
          trade_id: 'over',
          symbol: 'SOLUSDT',
          reported: '3',
          computed: null,
          size: '2',
        },
        ...{ age_sec: expect.any(Number), version: expect.any(Number), message: null },
        occurred_at: expect.stringMatching(/\+00:00$/),
        received_at: expect.stringMatching(/\+00:00$/),
      },
    ]);
    expect(discrepancies[0]!['age_sec']).toBeLessThan(60);
    const off = (await page('&kind=pnl_mismatch&symbol=avaxusdt')).discrepancies;
    // (31 − 30) × 1 against a reported 5.
    expect(off).toMatchObject([{ trade_id: 'off', reported: '5', computed: '1', size: '4' }]);
  });

  test('includes messages that contradict an accepted fact, of one source or of two', async () => {
    const [open] = (await page('&kind=conflict')).discrepancies;
    expect(open).toMatchObject({
      ...{ trade_id: 'e1', symbol: 'ETHUSDT', version: expect.any(Number), size: null },
      message: expect.stringContaining('contradicts the fact of version'),
    });
    const payload = {
      ...{ event_id: 'other', trade_id: 'e1', symbol: 'ETHUSDT', side: 'buy', entry_price: '2002' },
      ...{ quantity: '1', timestamp: new Date(Date.now() - 72_000_000).toISOString(), source: 'elsewhere' },
    };
    await send(stack.redis, 'trade.opened', 'V4', payload);
    await eventually(async () => expect(await kinds('&kind=source_differs')).toEqual(['source_differs']));
    expect((await page('&kind=source_differs')).discrepancies).toMatchObject([{ trade_id: 'e1' }]);
  });

  test('comes page by page, each once, the newest first', async () => {
    const seen: Body[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: Page = await page(`&limit=1${cursor && `&cursor=${cursor}`}`);
      expect(next.discrepancies).toHaveLength(1);
      seen.push(...next.discrepancies);
      cursor = next.next_cursor;
    }
    const withoutAge = (list: Body[]) => list.map(({ age_sec: _age, ...rest }) => rest);
    expect(withoutAge(seen)).toEqual(withoutAge((await page()).discrepancies));
    const times = seen.map(({ received_at }) => String(received_at));
    expect(times).toEqual([...times].sort().reverse());
    expect(DISCREPANCY_KINDS).toEqual(expect.arrayContaining(seen.map(({ kind }) => kind)));
  });

  test('counts a parked close after five minutes by the clock alone, and it stays parked', async () => {
    await settled(stack.service, stack.redis);
    expect(await kinds('&kind=close_without_open')).toEqual([]);
    const counted = (await kinds()).filter((kind) => kind !== 'conflict' && kind !== 'source_differs').length;
    expect(await warnings()).toEqual(expect.arrayContaining(['parked_closes:1', `discrepancies:${counted}`]));
    const { version } = await page();
    await stack.service.stop();
    await stack.database.query(
      `UPDATE unmatched_closes SET received_at = received_at - interval '5 minutes'`,
    );
    await stack.startAgain();
    expect(await warnings()).toEqual(
      expect.arrayContaining(['parked_closes:1', `discrepancies:${counted + 1}`]),
    );
    const overdue = await page('&kind=close_without_open');
    expect(overdue).toMatchObject({
      version,
      discrepancies: [{ trade_id: 'never', symbol: 'UNIUSDT', size: '4', reported: null }],
    });
    expect(overdue.discrepancies[0]!['age_sec']).toBeGreaterThanOrEqual(300);
  });

  test.each([
    ['kind=nonsense', 'parameter_malformed'],
    ['limit=0', 'parameter_malformed'],
    ['cursor=junk', 'cursor_malformed'],
    ['account=nobody', 'account_unknown'],
  ])('is not told for %s', async (query, code) => {
    expect((await stack.service.get(`/discrepancies?${query}`)).json()).toMatchObject({ code });
  });
});
