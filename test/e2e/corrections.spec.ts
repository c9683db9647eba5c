import type { Payload } from '../support/envelope.js';
import { eventually } from '../support/eventually.js';
import { answersOf, type OracleAnswers } from '../support/oracle.js';
import type { CloseFact, LogicalFact, MarkFact, OpenFact } from '../support/oracle-facts.js';
import { sent, type Sent } from '../support/outbound.js';
import { tellFrom } from '../support/send-facts.js';
import { shownBy, shownFrom } from '../support/shown.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

const MORNING = Date.now() - 5 * 3_600_000;
const SYMBOL = 'BTCUSDT';
const at = (minute: number): number => MORNING + minute * 60_000;

function open(tradeId: string, entryPrice: string | null, rest: Partial<OpenFact> = {}): OpenFact {
  const trade = { symbol: SYMBOL, side: 'LONG', quantity: '2', fee: null, at: at(0) } as const;
  return { kind: 'open', tradeId, entryPrice, ...trade, ...rest };
}

function close(tradeId: string | null, exitPrice: string, rest: Partial<CloseFact> = {}): CloseFact {
  const nothing = { entryPrice: null, quantity: null, reportedPnl: null, reportedPct: null, fee: null };
  const trade = { symbol: SYMBOL, side: 'LONG', at: at(60) } as const;
  return { kind: 'close', tradeId, exitPrice, ...trade, ...nothing, ...rest };
}

const told = (fields: Record<string, string | null>): Payload =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));

/** The fields of an event, as a producer sends it and as a correction carries it. */
function fieldsOf(fact: OpenFact | CloseFact): Payload {
  const { tradeId, symbol, side, entryPrice, quantity, fee } = fact;
  const common = { trade_id: tradeId, symbol, side, entry_price: entryPrice, quantity, fee };
  const time = new Date(fact.at).toISOString();
  if (fact.kind === 'open') return told({ ...common, timestamp: time });
  return told({ ...common, exit_price: fact.exitPrice, realized_pnl: fact.reportedPnl, timestamp: time });
}

const typeOf = (fact: OpenFact | CloseFact): string =>
  fact.kind === 'open' ? 'trade.opened' : 'trade.closed';
const replacedBy = (fact: OpenFact | CloseFact): Payload => ({
  replacement: { event_type: typeOf(fact), ...fieldsOf(fact) },
});
const VOID: Payload = { action: 'void' };

describe('corrections', () => {
  const mark: MarkFact = { kind: 'mark', symbol: SYMBOL, price: '105', at: Date.now() };
  const deposit: LogicalFact = { kind: 'flow', type: 'DEPOSIT', amount: '1000', at: at(-1) };
  let stack: Stack;
  let account = '';
  let accounts = 0;

  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_HEARTBEAT_SEC: '3600' } });
    const time = new Date(mark.at).toISOString();
    await tellFrom(stack.redis, 'market.tick', { symbol: SYMBOL, price: mark.price, timestamp: time });
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    account = `account-${(accounts += 1)}`;
    await tell('account.cash_flow', {
      ...{ event_id: 'start', type: 'DEPOSIT', amount: '1000' },
      timestamp: new Date(at(-1)).toISOString(),
    });
  });

  async function tell(type: string, payload: Payload): Promise<void> {
    await tellFrom(stack.redis, type, { account_id: account, ...payload });
    await settled(stack.service, stack.redis);
  }
  const tellFact = (fact: OpenFact | CloseFact, rest: Payload = {}): Promise<void> =>
    tell(typeOf(fact), { ...fieldsOf(fact), ...rest });
  let corrections = 0;
  const correct = (rest: Payload): Promise<void> =>
    tell('trade.corrected', {
      ...{ event_id: `correction-${(corrections += 1)}`, symbol: SYMBOL },
      ...{ timestamp: new Date(at(200) + corrections).toISOString(), ...rest },
    });
  const expected = (...facts: LogicalFact[]): OracleAnswers => answersOf([deposit, mark, ...facts]);
  const expectAnswers = (...facts: LogicalFact[]): Promise<void> =>
    eventually(async () =>
      expect(await shownBy(stack.service, account)).toEqual(shownFrom(expected(...facts), new Date())),
    );
  const kinds = async (): Promise<unknown[]> => {
    const sql = 'SELECT kind FROM ledger WHERE account_id = $1 ORDER BY version';
    return (await stack.database.query(sql, [account])).map((row) => row['kind'] as unknown);
  };
  const restated = async (): Promise<Sent[]> =>
    (await sent(stack, 'portfolio.restated')).filter(({ payload }) => payload['account_id'] === account);

  const right = open('a', '100', { fee: '0.5' });
  const wrong = open('a', '1000', { fee: '0.5' });
  const won = close('a', '110', { quantity: '0.5' });

  test.each<[string, Payload]>([
    ['its event_id', { corrects: 'wrong-open' }],
    ['our version of it', { corrects_version: '2' }],
    ['its type and trade', { corrects_type: 'trade.opened', trade_id: 'a' }],
  ])('an open is replaced by %s; both stay in the ledger', async (_name, named) => {
    await tellFact(wrong, { event_id: 'wrong-open' });
    await tellFact(won);
    await expectAnswers(wrong, won);
    await correct({ ...named, ...replacedBy(right) });
    await expectAnswers(right, won);
    expect(await kinds()).toEqual(['account.cash_flow', 'trade.opened', 'trade.closed', 'trade.corrected']);
  });

  test.each<[string, Payload]>([
    ['its event_id', { corrects: 'wrong-close' }],
    ['our version of it', { corrects_version: '3' }],
    ['its type, trade and order', { corrects_type: 'trade.closed', trade_id: 'a', order_id: 'O-1' }],
  ])('a close is void by %s, and the trade is open again', async (_name, named) => {
    await tellFact(right);
    await tellFact(close('a', '110'), { event_id: 'wrong-close', order_id: 'O-1' });
    await expectAnswers(right, close('a', '110'));
    await correct({ ...named, ...VOID });
    await expectAnswers(right);
  });

  test('a replacement that moves a close in time and size moves what it realized', async () => {
    const better = close('a', '120', { quantity: '1.5', fee: '0.25', at: at(-24 * 60 * 8) });
    const early = open('a', '100', { at: at(-24 * 60 * 9) });
    await tellFact(early);
    await tellFact(close('a', '110'), { event_id: 'wrong-close' });
    await correct({ corrects: 'wrong-close', ...replacedBy(better) });
    await expectAnswers(early, better);
    const days = await stack.database.query(
      'SELECT day::text, realized::text FROM pnl_days WHERE account_id = $1 AND realized <> 0',
      [account],
    );
    expect(days).toEqual([{ day: new Date(better.at).toISOString().slice(0, 10), realized: '29.75' }]);
  });

  test('a void open leaves its close waiting, and unnamed closes take the other trades', async () => {
    const other = open('b', '90', { at: at(1) });
    const unnamed = close(null, '99', { quantity: '1', at: at(30) });
    for (const fact of [right, other, unnamed, close('a', '110')]) await tellFact(fact);
    await expectAnswers(right, other, unnamed, close('a', '110'));
    await correct({ corrects_type: 'trade.opened', trade_id: 'a', ...VOID });
    await expectAnswers(other, unnamed, close('a', '110'));
    const snapshot = (await stack.service.get(`/api/portfolio/snapshot?account=${account}`)).json();
    expect(snapshot['warnings']).toContain('parked_closes:1');
  });

  test('an open told in two messages is void with both of them', async () => {
    await tellFact(open('a', null), { event_id: 'bare' });
    await tellFact(right, { event_id: 'with-price' });
    await expectAnswers(right);
    await correct({ corrects: 'bare', ...VOID });
    await expectAnswers();
  });

  test('a correction that comes before its fact waits for it', async () => {
    await correct({ corrects: 'wrong-open', ...replacedBy(right) });
    await tellFact(wrong, { event_id: 'wrong-open' });
    await expectAnswers(right);
    await tellFact(won);
    await correct({ corrects_type: 'trade.closed', trade_id: 'a', order_id: 'O-9', ...VOID });
    // Later than everything else: only the correction tells that it does not count.
    await tellFact(close('a', '50', { at: at(70) }), { order_id: 'O-9' });
    await expectAnswers(right, won);
  });

  test('a repeated correction is harmless, and of two the later one counts in either order', async () => {
    const [first, last] = [open('a', '101'), open('a', '102')];
    const [early, late] = [new Date(at(201)).toISOString(), new Date(at(202)).toISOString()];
    await tellFact(wrong, { event_id: 'wrong-open' });
    const later = { event_id: 'later', corrects: 'wrong-open', timestamp: late, ...replacedBy(last) };
    await correct(later);
    await correct({ corrects: 'wrong-open', timestamp: early, ...replacedBy(first) });
    await expectAnswers(last);
    const before = await kinds();
    await correct(later);
    expect(await kinds()).toEqual(before);
    await expectAnswers(last);
  });

  test('two corrections that name one fact differently are of one fact: the later one counts', async () => {
    const first = open('a', '101');
    const [early, late] = [new Date(at(201)).toISOString(), new Date(at(202)).toISOString()];
    await tellFact(wrong, { event_id: 'wrong-open' });
    await correct({ corrects: 'wrong-open', timestamp: early, ...replacedBy(first) });
    await correct({ corrects_type: 'trade.opened', trade_id: 'a', timestamp: late, ...VOID });
    await expectAnswers();
  });

  test('a correction that names nothing is listed, and no more when its fact comes', async () => {
    await tellFact(wrong, { event_id: 'wrong-open' });
    await correct({ corrects: 'right-open', ...VOID });
    const listed = async () => {
      const url = `/api/portfolio/discrepancies?kind=correction_without_fact&account=${account}`;
      return ((await stack.service.get(url)).json()['discrepancies'] as Payload[]).map(
        (one) => one['trade_id'],
      );
    };
    await eventually(async () => expect(await listed()).toEqual(['event:right-open']));
    await tellFact(open('b', '7'), { event_id: 'right-open' });
    await eventually(async () => expect(await listed()).toEqual([]));
  });

  test('a restart and a repeat of the corrected fact change nothing', async () => {
    await tellFact(wrong, { event_id: 'wrong-open' });
    await tellFact(won);
    await correct({ corrects: 'wrong-open', ...VOID });
    await stack.service.stop();
    await stack.startAgain();
    await tellFact(wrong, { event_id: 'wrong-open' });
    await expectAnswers(won);
  });

  test('portfolio.restated says what changed, from what to what, and why', async () => {
    await tellFact(wrong, { event_id: 'wrong-open' });
    await tellFact(won);
    await correct({ event_id: 'why', corrects: 'wrong-open', ...replacedBy(right) });
    await eventually(async () => expect(await restated()).toHaveLength(1));
    const [{ payload }] = (await restated()) as [Sent];
    expect(payload).toMatchObject({
      symbol: SYMBOL,
      cause: [{ kind: 'trade.corrected', why: 'corrected', event_id: 'why', version: 4 }],
      // 110 − 1000 on half a coin, and the opening fee.
      before: { long_quantity: 1.5, long_cost_basis: 1500, realized_pnl: -445.5 },
      after: { long_quantity: 1.5, long_cost_basis: 150, realized_pnl: 4.5 },
    });
  });

  test('what cannot be a correction is refused and changes nothing', async () => {
    await tellFact(right);
    await correct({ corrects_version: '2' });
    await correct({ ...VOID });
    await correct({ corrects_version: '2', replacement: { event_type: 'account.cash_flow', amount: '5' } });
    await correct({ corrects_version: '2', ...replacedBy(open('a', '9', { symbol: 'ETHUSDT' })) });
    await expectAnswers(right);
    const codes = await stack.database.query(
      "SELECT code FROM quarantine WHERE stream LIKE '%corrected' ORDER BY id",
    );
    expect(codes.map(({ code }) => code as unknown)).toEqual([
      ...['replacement_missing', 'corrects_missing', 'replacement_invalid', 'replacement_invalid'],
    ]);
  });
});
