import { plainArray, textArray } from '../database/arrays.js';
import { WORTH_A_COPY, copyField } from '../database/copy-text.js';
import type { Transaction } from '../database/database.js';
import { isoOf, microsOf } from '../shared/periods.js';
import { Turns, mapInTurns } from '../shared/turns.js';
import { decodeFact, encodeFact } from './fact-codec.js';
import type { LedgerEntry } from './facts.js';

/** Where a fact stands in the ledger. */
export interface Place {
  readonly accountId: string;
  readonly version: number;
}

/** A key of an account and the version that holds it. */
export interface ClaimedKey extends Place {
  readonly key: string;
}

interface LedgerRow {
  version: string;
  role: LedgerEntry['role'];
  received_at: string;
  fact: string;
}

const COLUMNS = `version::text, role, to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS received_at, fact`;

function entryOf(row: LedgerRow): LedgerEntry {
  return {
    version: Number(row.version),
    role: row.role,
    receivedAt: microsOf(row.received_at),
    fact: decodeFact(row.fact),
  };
}

/** Which of these keys are taken already, and by which version. */
export async function findKeys(tx: Transaction, accountIds: string[], keys: string[]): Promise<ClaimedKey[]> {
  if (keys.length === 0) return [];
  const rows = await tx.query<{ account_id: string; key: string; version: string }>({
    name: 'ledger-find-keys',
    text: `SELECT k.account_id, k.key, k.version::text FROM unnest($1::text[], $2::text[]) AS asked(account_id, key)
           JOIN ledger_keys k ON k.account_id = asked.account_id AND k.key = asked.key`,
    values: [textArray(accountIds), textArray(keys)],
  });
  return rows.map((row) => ({ accountId: row.account_id, key: row.key, version: Number(row.version) }));
}

export async function findEntry(tx: Transaction, accountId: string, version: number): Promise<LedgerEntry> {
  const rows = await tx.query<LedgerRow>(
    `SELECT ${COLUMNS} FROM ledger WHERE account_id = $1 AND version = $2`,
    [accountId, version],
  );
  if (!rows[0]) throw new Error(`ledger of ${accountId} has no version ${version} although a key names it`);
  return entryOf(rows[0]);
}

/** The entries at these places, each named once. Throws when one of them is not there. */
export async function findEntries(tx: Transaction, places: readonly Place[]): Promise<LedgerEntry[]> {
  if (places.length === 0) return [];
  const rows = await tx.query<LedgerRow>({
    name: 'ledger-find-entries',
    text: `SELECT ${COLUMNS} FROM unnest($1::text[], $2::bigint[]) AS asked(account_id, version)
           JOIN ledger USING (account_id, version)`,
    values: [
      textArray(places.map(({ accountId }) => accountId)),
      plainArray(places.map(({ version }) => version)),
    ],
  });
  if (rows.length < places.length)
    throw new Error(`the ledger lacks ${places.length - rows.length} versions although keys name them`);
  return rows.map(entryOf);
}

/** What supplemented the facts that hold these keys, oldest first, each with the place of its key among those asked for. */
export async function findSupplements(
  tx: Transaction,
  holders: readonly { readonly accountId: string; readonly key: string }[],
): Promise<{ readonly of: number; readonly entry: LedgerEntry }[]> {
  if (holders.length === 0) return [];
  // Laterally, so that each holder is one look into the index of keys, however many keys the account has.
  const rows = await tx.query<LedgerRow & { asked: string }>({
    name: 'ledger-find-supplements',
    text: `SELECT asked.place::text AS asked, ${COLUMNS}
           FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS asked(account_id, least, most, place),
             LATERAL (SELECT k.version FROM ledger_keys k
                      WHERE k.account_id = asked.account_id AND k.key >= asked.least AND k.key < asked.most OFFSET 0) AS claimed
             JOIN ledger USING (version) WHERE ledger.account_id = asked.account_id AND role = 'supplement' ORDER BY ledger.version`,
    values: [
      textArray(holders.map(({ accountId }) => accountId)),
      textArray(holders.map(({ key }) => `${key}:supplement:`)),
      textArray(holders.map(({ key }) => `${key}:supplement;`)),
    ],
  });
  return rows.map((row) => ({ of: Number(row.asked) - 1, entry: entryOf(row) }));
}

/** Every fact of a symbol up to a version, in the order the account accepted them. */
export async function entriesOfSymbol(
  tx: Transaction,
  accountId: string,
  symbol: string,
  upTo: number,
): Promise<LedgerEntry[]> {
  const rows = await tx.query<LedgerRow>(
    `SELECT ${COLUMNS} FROM ledger WHERE account_id = $1 AND symbol = $2 AND version <= $3 ORDER BY ledger.version`,
    [accountId, symbol, upTo],
  );
  return mapInTurns(rows, entryOf);
}

/** The same of several symbols; one without facts has none. */
export async function entriesBySymbol(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  symbols: readonly string[],
  upTo: number,
): Promise<Map<string, LedgerEntry[]>> {
  const rows = await tx.query<LedgerRow & { symbol: string }>(
    `SELECT ${COLUMNS}, symbol FROM ledger WHERE account_id = $1 AND symbol = ANY($2) AND version <= $3 ORDER BY ledger.version`,
    [accountId, symbols, upTo],
  );
  const found = new Map<string, LedgerEntry[]>();
  const turns = new Turns();
  for (const row of rows) {
    const entries = found.get(row.symbol);
    if (entries) entries.push(entryOf(row));
    else found.set(row.symbol, [entryOf(row)]);
    if (turns.isOver) await turns.next();
  }
  return found;
}

/** Every fact that is of no symbol, up to a version, in the order the account accepted them. */
export async function entriesOfNoSymbol(
  tx: Pick<Transaction, 'query'>,
  accountId: string,
  upTo: number,
): Promise<LedgerEntry[]> {
  const rows = await tx.query<LedgerRow>(
    `SELECT ${COLUMNS} FROM ledger WHERE account_id = $1 AND symbol IS NULL AND version <= $2 ORDER BY ledger.version`,
    [accountId, upTo],
  );
  return mapInTurns(rows, entryOf);
}

/** The executions that name this trade or whose order it is, up to a version. */
export async function executionsOf(
  tx: Transaction,
  accountId: string,
  reference: string,
  upTo: number,
): Promise<LedgerEntry[]> {
  const rows = await tx.query<LedgerRow>(
    `SELECT ${COLUMNS} FROM ledger
     WHERE account_id = $1 AND kind = 'order.executed' AND version <= $3
       AND (trade_ref = $2 OR order_ref = $2) ORDER BY ledger.version`,
    [accountId, reference, upTo],
  );
  return rows.map(entryOf);
}

/** A slice of an account's ledger in version order, for replaying it. */
export async function entriesAfter(
  tx: Transaction,
  accountId: string,
  after: number,
  limit: number,
): Promise<LedgerEntry[]> {
  const rows = await tx.query<LedgerRow>(
    `SELECT ${COLUMNS} FROM ledger WHERE account_id = $1 AND version > $2 ORDER BY ledger.version LIMIT $3`,
    [accountId, after, limit],
  );
  return rows.map(entryOf);
}

const ENTRY_COLUMNS =
  'account_id, version, kind, role, symbol, occurred_at, received_at, event_id, source, trade_ref, order_ref, fact';

function lineOf({ version, role, receivedAt, fact }: LedgerEntry): string {
  const symbol = 'symbol' in fact ? fact.symbol : null;
  const [trade, order] = fact.kind === 'order.executed' ? [fact.tradeId, fact.orderId] : [null, null];
  const head = `${copyField(fact.accountId)}\t${version}\t${fact.kind}\t${role}\t${copyField(symbol)}`;
  const times = `${isoOf(fact.occurredAt)}\t${isoOf(receivedAt)}`;
  const names = `${copyField(fact.eventId)}\t${copyField(fact.source)}\t${copyField(trade)}\t${copyField(order)}`;
  return `${head}\t${times}\t${names}\t${copyField(encodeFact(fact))}\n`;
}

/** Appends facts. The primary key refuses a version twice: two writers of one account can never both succeed. */
export async function appendEntries(tx: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  if (entries.length >= WORTH_A_COPY) {
    await tx.append(`ledger (${ENTRY_COLUMNS})`, entries.map(lineOf).join(''));
    return;
  }
  const facts = entries.map((entry) => entry.fact);
  await tx.send({
    name: 'ledger-append',
    text: `INSERT INTO ledger (${ENTRY_COLUMNS})
           SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[],
                                $7::timestamptz[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])`,
    values: [
      textArray(facts.map((fact) => fact.accountId)),
      plainArray(entries.map((entry) => entry.version)),
      textArray(facts.map((fact) => fact.kind)),
      textArray(entries.map((entry) => entry.role)),
      textArray(facts.map((fact) => ('symbol' in fact ? fact.symbol : null))),
      plainArray(facts.map((fact) => isoOf(fact.occurredAt))),
      plainArray(entries.map((entry) => isoOf(entry.receivedAt))),
      textArray(facts.map((fact) => fact.eventId)),
      textArray(facts.map((fact) => fact.source)),
      textArray(facts.map((fact) => (fact.kind === 'order.executed' ? fact.tradeId : null))),
      textArray(facts.map((fact) => (fact.kind === 'order.executed' ? fact.orderId : null))),
      textArray(facts.map(encodeFact)),
    ],
  });
}

/** Takes keys for ever. A key that is taken after all (it cannot be, under the account's lock) fails the transaction. */
export async function claimKeys(tx: Transaction, claims: readonly ClaimedKey[]): Promise<void> {
  if (claims.length === 0) return;
  if (claims.length >= WORTH_A_COPY) {
    const lines = claims.map(
      ({ accountId, key, version }) => `${copyField(accountId)}\t${copyField(key)}\t${version}\n`,
    );
    await tx.append('ledger_keys (account_id, key, version)', lines.join(''));
    return;
  }
  await tx.send({
    name: 'ledger-claim',
    text: `INSERT INTO ledger_keys (account_id, key, version) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])`,
    values: [
      textArray(claims.map((claim) => claim.accountId)),
      textArray(claims.map((claim) => claim.key)),
      plainArray(claims.map((claim) => claim.version)),
    ],
  });
}
