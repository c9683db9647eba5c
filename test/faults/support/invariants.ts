import { resolve } from 'node:path';
import { eventually } from '../../support/eventually.js';
import type { Random } from '../../support/generate-random.js';
import { answersOf } from '../../support/oracle.js';
import { runToEnd } from '../../support/service.js';
import { shownBy, shownFrom } from '../../support/shown.js';
import { allAcknowledged } from '../../support/streams.js';
import type { Load } from './load.js';
import { newPrices } from './market.js';
import type { Rig } from './rig.js';
import { inFull } from './settings.js';

const PATIENCE = { timeoutMs: inFull(40_000, 600_000), everyMs: 50 };
const REBUILD_LIMIT_MS = inFull(60_000, 900_000);

/** Everything that must hold whatever was done to the service. `loads`: the accounts whose every digit is looked at. */
export async function verifyInvariants(rig: Rig, loads: readonly Load[], random: Random): Promise<void> {
  await eventually(() => allAcknowledged(rig.redis), PATIENCE);
  await answersAsTheOracle(rig, loads, random);
  for (const load of loads) await hasEveryFactOnce(rig, load);
  await hasSoundRows(rig);
  await toldEveryStep(rig);
  await rebuildsToTheSame(rig);
}

/** Wallet, positions, realized PnL and what follows from them, to the last digit, by every process that lives. */
async function answersAsTheOracle(rig: Rig, loads: readonly Load[], random: Random): Promise<void> {
  const marks = await newPrices(rig.redis, random);
  const alive = [...rig.replicas.values()].filter((replica) => replica.lives());
  for (const load of loads) {
    const expected = answersOf([...load.facts(), ...marks]);
    for (const replica of alive)
      await eventually(async () => {
        const shown = await shownBy(replica, load.account);
        expect(JSON.stringify(shown)).not.toMatch(/NaN|Infinity/);
        expect(shown).toEqual(shownFrom(expected, new Date()));
      }, PATIENCE);
  }
}

/**
 * Every message that was told is in the ledger once, however often it was sent; what contradicts is in quarantine. A market order's price that came
 * after the order is an entry of its own, and none when it came first.
 */
async function hasEveryFactOnce({ postgres }: Rig, load: Load): Promise<void> {
  const [row] = await postgres.query<Record<'facts' | 'aside', number>>(
    `SELECT (SELECT count(*)::int FROM ledger WHERE account_id = $1) AS facts,
            (SELECT count(*)::int FROM quarantine WHERE account_id = $1) AS aside`,
    [load.account],
  );
  const facts = load.facts();
  const unpriced = facts.filter((fact) => fact.kind === 'open' && fact.entryPrice === null).length;
  expect(row!.facts).toBeLessThanOrEqual(facts.length);
  expect(row!.facts).toBeGreaterThanOrEqual(facts.length - unpriced);
  if (load.aside !== null) expect(row!.aside).toBe(load.aside);
}

/** Things that no row may ever say, of any account. */
const NEVER = {
  'versions with a gap': `SELECT account_id FROM accounts a LEFT JOIN ledger l USING (account_id) GROUP BY a.account_id, a.version
     HAVING count(l.version) <> a.version OR coalesce(min(l.version), 1) <> 1 OR coalesce(max(l.version), 0) <> a.version`,
  'facts without a key': `SELECT account_id, version FROM ledger l WHERE NOT EXISTS
     (SELECT 1 FROM ledger_keys k WHERE k.account_id = l.account_id AND k.version = l.version)`,
  'keys without a fact': `SELECT account_id, key FROM ledger_keys k WHERE NOT EXISTS
     (SELECT 1 FROM ledger l WHERE l.account_id = k.account_id AND l.version = k.version)`,
  'event ids told twice': `SELECT account_id, event_id FROM ledger WHERE event_id IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1`,
  'events born twice': `SELECT account_id, version, event_type FROM outbox WHERE event_type LIKE 'portfolio.%_updated' GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  'negative sizes': `SELECT account_id, symbol FROM positions WHERE quantity < 0 UNION ALL SELECT account_id, symbol FROM trades WHERE remaining < 0`,
} as const;

async function hasSoundRows({ postgres }: Rig): Promise<void> {
  for (const [name, sql] of Object.entries(NEVER))
    expect({ [name]: await postgres.query(sql) }).toEqual({ [name]: [] });
}

/** The outbox is empty, and a consumer was told every step of every account once and in order (repeats have the same id). */
async function toldEveryStep({ postgres, publications }: Rig): Promise<void> {
  await eventually(async () => {
    const waiting = await postgres.query('SELECT id FROM outbox WHERE published_at IS NULL LIMIT 1');
    expect(waiting).toEqual([]);
    await publications.catchUp();
    const accounts = await postgres.query<{ account_id: string; version: number }>(
      'SELECT account_id, version::int FROM accounts',
    );
    expect(accounts.flatMap(({ account_id, version }) => publications.faultsOf(account_id, version))).toEqual(
      [],
    );
  }, PATIENCE);
}

async function rebuildsToTheSame({ postgres }: Rig): Promise<void> {
  const { code, logs } = await runToEnd(
    { PORTFOLIO_DATABASE_URL: postgres.url },
    resolve('dist/rebuild.js'),
    [],
    REBUILD_LIMIT_MS,
  );
  expect(logs).not.toContain('repaired');
  expect(code).toBe(0);
}
