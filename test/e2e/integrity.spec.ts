import { eventually } from '../support/eventually.js';
import { dayOf } from '../support/generate.js';
import { Random } from '../support/generate-random.js';
import { A_MINUTE, rebuild, tellDay, told, verified, warningsOf } from '../support/integrity.js';
import { time } from '../support/oddities.js';
import { sendMessages, shuffledWithRepeats, tellFrom } from '../support/send-facts.js';
import { startService } from '../support/service.js';
import { startStack, type Stack } from '../support/stack.js';
import { settled } from '../support/streams.js';

/** Changes that touch one row each, by what they do to it: the table, and the statement. */
const BY_HAND: Readonly<Record<'changed' | 'missing' | 'surplus', readonly (readonly [string, string])[]>> = {
  changed: [
    [
      'bookings',
      `UPDATE bookings SET amount = amount + 0.000000000000000001 WHERE account_id = 'main' AND trade_id = 'over'`,
    ],
    [
      'cash_flows',
      `UPDATE cash_flows SET occurred_at = occurred_at + interval '1 microsecond' WHERE account_id = 'main' AND version = (SELECT min(version) FROM cash_flows WHERE account_id = 'main')`,
    ],
    [
      'discrepancies',
      `UPDATE discrepancies SET size = size + 1 WHERE account_id = 'main' AND trade_id = 'over' AND kind = 'over_close'`,
    ],
    [
      'pnl_days',
      `UPDATE pnl_days SET realized = realized + 0.000000000000000001 WHERE account_id = 'main' AND day = (SELECT max(day) FROM pnl_days WHERE account_id = 'main')`,
    ],
    ['pnl_totals', `UPDATE pnl_totals SET realized = realized + 5 WHERE account_id = 'main'`],
    [
      'positions',
      `UPDATE positions SET quantity = quantity * 2 WHERE account_id = 'main' AND symbol = 'FIXUSDT'`,
    ],
    [
      'symbol_books',
      `UPDATE symbol_books SET last_at = last_at + interval '1 second' WHERE account_id = 'main' AND symbol = 'FIXUSDT'`,
    ],
    [
      'trades',
      `UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE account_id = 'main' AND trade_id = 'old'`,
    ],
    [
      'unmatched_closes',
      `UPDATE unmatched_closes SET side = 'SHORT' WHERE account_id = 'main' AND symbol = 'PARKUSDT'`,
    ],
  ],
  missing: [
    [
      'bookings',
      `DELETE FROM bookings WHERE account_id = 'main' AND kind = 'funding' AND symbol = 'BTCUSDT' AND amount = -3.5`,
    ],
    [
      'cash_flows',
      `DELETE FROM cash_flows WHERE account_id = 'main' AND version = (SELECT min(version) FROM cash_flows WHERE account_id = 'main')`,
    ],
    [
      'discrepancies',
      `DELETE FROM discrepancies WHERE account_id = 'main' AND trade_id = 'over' AND kind = 'over_close'`,
    ],
    [
      'pnl_days',
      `DELETE FROM pnl_days WHERE account_id = 'main' AND day = (SELECT max(day) FROM pnl_days WHERE account_id = 'main')`,
    ],
    ['pnl_totals', `DELETE FROM pnl_totals WHERE account_id = 'main'`],
    ['positions', `DELETE FROM positions WHERE account_id = 'main' AND symbol = 'FIXUSDT'`],
    ['symbol_books', `DELETE FROM symbol_books WHERE account_id = 'main' AND symbol = 'FIXUSDT'`],
    ['trades', `DELETE FROM trades WHERE account_id = 'main' AND trade_id = 'old'`],
    ['unmatched_closes', `DELETE FROM unmatched_closes WHERE account_id = 'main' AND symbol = 'PARKUSDT'`],
  ],
  surplus: [
    [
      'bookings',
      `INSERT INTO bookings (account_id, version, trade_id, kind, symbol, occurred_at, quantity_derived) VALUES ('main', 77777, '', 'fee', 'NEWUSDT', now(), false)`,
    ],
    ['cash_flows', `INSERT INTO cash_flows VALUES ('main', 999999, 'DEPOSIT', 5, now())`],
    [
      'discrepancies',
      `INSERT INTO discrepancies (account_id, version, trade_id, kind, occurred_at) VALUES ('main', 1, 'x', 'over_close', now())`,
    ],
    ['pnl_days', `INSERT INTO pnl_days VALUES ('main', '2001-01-01', 1, 0, 0)`],
    ['positions', `INSERT INTO positions VALUES ('main', 'GHOSTUSDT', 'LONG', 1, 1, 1)`],
    ['symbol_books', `INSERT INTO symbol_books VALUES ('main', 'GHOSTUSDT', now())`],
    [
      'trades',
      `INSERT INTO trades SELECT account_id, 'ghost', symbol, side, status, quantity, remaining, cost_basis, entry_price, entry_from, exit_price, opened_at, opened_version, closed_at, leverage, stop_loss, take_profit, fee, fee_attributed, category, model, close_reason, realized_pnl, reported_pnl, pnl_unknown, exit_notional, last_close_at, last_close_key, closes FROM trades WHERE account_id = 'main' AND trade_id = 'old'`,
    ],
    [
      'unmatched_closes',
      `INSERT INTO unmatched_closes VALUES ('main', 77777, 'GHOSTUSDT', NULL, NULL, now(), now(), false)`,
    ],
  ],
};

describe('integrity', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startStack({ env: { PORTFOLIO_INTEGRITY_SEC: '1' } });
    await tellDay(stack);
  }, 120_000);
  afterAll(() => stack.stop());

  test('an account as it came to be is verified at its version, and covers every table that a rebuild fills', async () => {
    const found = await verified(stack.service);
    expect(found.uncovered_tables).toEqual([]);
    expect(found.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(found.age_sec).toBeLessThan(30);
    expect((await verified(stack.service, 'second')).digest).not.toBe(found.digest);
    expect(await warningsOf(stack.service)).not.toContainEqual(expect.stringMatching(/^integrity/));
  });

  test.each(['changed', 'missing', 'surplus'] as const)(
    'rows %s by hand in every table are found, told, and gone after a rebuild',
    async (kind) => {
      const before = await verified(stack.service);
      for (const [, sql] of BY_HAND[kind]) await stack.database.query(sql);
      const expected = BY_HAND[kind].map(([table]) => [table, kind]);
      try {
        await eventually(
          async () => {
            const found = await told(stack.service);
            expect(found.state).toBe('differs');
            expect(found.differences.map((one) => [one.table, one.kind]).sort()).toEqual(expected);
            expect(await warningsOf(stack.service)).toContain(`integrity_differs:${expected.length}`);
          },
          { timeoutMs: A_MINUTE },
        );
        for (const [table] of BY_HAND[kind])
          expect(stack.service.logs()).toMatch(new RegExp(`"error".*${table} [^ ]+ ${kind}: stored`));
      } finally {
        expect((await rebuild(stack)).code).toBe(2);
      }
      const after = await verified(stack.service);
      expect(after.digest).toBe(before.digest);
      expect((await told(stack.service, 'second')).state).toBe('verified');
    },
    150_000,
  );

  test('what is changed under the name of the service, which no trigger notes, is found by the round', async () => {
    await verified(stack.service);
    await stack.database.query(
      `SET application_name = 'portfolio_intelligence';
       UPDATE trades SET realized_pnl = realized_pnl + 1 WHERE account_id = 'main' AND trade_id = 'old'`,
    );
    await eventually(
      async () => {
        expect(await stack.database.query('SELECT * FROM integrity_foreign_writes')).toEqual([]);
        const [found] = (await told(stack.service)).differences;
        expect(found).toMatchObject({
          table: 'trades',
          key: 'OLDUSDT/old',
          kind: 'changed',
          symbol: 'OLDUSDT',
        });
        expect(Object.keys(found!.stored!)).toEqual(['realized_pnl']);
      },
      { timeoutMs: A_MINUTE },
    );
    expect((await rebuild(stack)).code).toBe(2);
    await verified(stack.service);
  }, 150_000);

  test('a fact that is taken out of the ledger is no matter for a rebuild, and is told', async () => {
    const [fact] = await stack.database.query(
      `DELETE FROM ledger_keys WHERE account_id = 'second' AND version = 3 RETURNING *`,
    );
    await eventually(async () =>
      expect((await told(stack.service, 'second')).differences).toMatchObject([
        { table: 'ledger_keys', key: '3', kind: 'missing', symbol: null },
      ]),
    );
    await stack.database.query('INSERT INTO ledger_keys VALUES ($1, $2, $3)', Object.values(fact!));
    await verified(stack.service, 'second');
  }, 150_000);

  test('after a restart, and on another replica, the same rows have the same digest', async () => {
    const before = await verified(stack.service);
    await stack.service.kill9();
    const again = await stack.startAgain();
    const other = await startService({
      databaseUrl: stack.database.url,
      redisUrl: stack.server.url,
      env: { PORTFOLIO_REPLICA: 'other', PORTFOLIO_INTEGRITY_SEC: '1' },
    });
    try {
      for (const service of [again, other]) {
        const found = await verified(service);
        expect(found.digest).toBe(before.digest);
        expect(found.verified_at! >= before.verified_at!).toBe(true);
      }
    } finally {
      await other.stop();
    }
  }, 150_000);
});

describe('the memory of a replica', () => {
  test('that was loaded from a wrong row differs once the row is right, until the replica is restarted', async () => {
    const stack = await startStack({ env: { PORTFOLIO_INTEGRITY_SEC: '1' } });
    try {
      await tellFrom(stack.redis, 'account.cash_flow', {
        type: 'DEPOSIT',
        amount: '100',
        timestamp: time(1),
      });
      await settled(stack.service, stack.redis);
      await verified(stack.service);
      await stack.database.query('UPDATE pnl_totals SET realized = realized + 5');
      await stack.service.stop();
      await stack.startAgain();
      await stack.database.query('UPDATE pnl_totals SET realized = realized - 5');
      await eventually(async () => {
        const { state, differences } = await told(stack.service);
        expect(state).toBe('differs');
        expect(differences).toMatchObject([
          {
            table: 'book',
            key: 'realized',
            kind: 'changed',
            stored: { value: '5' },
            expected: { value: '0' },
          },
        ]);
      });
      expect(stack.service.logs()).toContain('memory of this replica differs');
      await stack.service.stop();
      await verified(await stack.startAgain());
    } finally {
      await stack.stop();
    }
  }, 150_000);
});

describe('integrity while facts come', () => {
  test('two replicas that share a day of trades and restatements never hear of a difference', async () => {
    const stack = await startStack({ env: { PORTFOLIO_INTEGRITY_SEC: '1', PORTFOLIO_BATCH_SIZE: '20' } });
    const other = await startService({
      databaseUrl: stack.database.url,
      redisUrl: stack.server.url,
      env: { PORTFOLIO_REPLICA: 'other', PORTFOLIO_INTEGRITY_SEC: '1', PORTFOLIO_BATCH_SIZE: '20' },
    });
    try {
      const states = new Set<string>();
      let version: number | null = null;
      for (let seed = 1; seed <= 6; seed += 1) {
        const random = new Random(seed);
        const day = dayOf({ seed, trades: 60, end: Date.now() - 120_000, durationMs: 20 * 3_600_000 });
        await sendMessages(stack.redis, shuffledWithRepeats(day, random), random);
        // The rounds go on between the facts, on both.
        const before = version;
        for (const service of [stack.service, other])
          await eventually(async () => {
            const found = await told(service);
            states.add(found.state);
            expect(found.verified_version).not.toBe(before);
            version = found.verified_version;
          });
      }
      await settled(stack.service, stack.redis);
      await verified(stack.service);
      await verified(other);
      expect([...states].filter((state) => state === 'differs')).toEqual([]);
      expect(stack.service.logs() + other.logs()).not.toMatch(
        /the ledger says|is verified now|memory of this replica/,
      );
    } finally {
      await other.stop();
      await stack.stop();
    }
  }, 240_000);
});
