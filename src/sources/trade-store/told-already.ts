import type { Transaction } from '../../database/database.js';
import { encodeFact } from '../../ledger/fact-codec.js';
import type { TradeClosed, TradeOpened } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';

type Asking = Pick<Transaction, 'query'>;

/** The facts of these that are in the ledger word for word: a store that is read again tells nothing new, and needs no lock for it. */
export async function knownWordForWord<One extends TradeOpened | TradeClosed>(
  tx: Asking,
  accountId: string,
  facts: readonly One[],
): Promise<ReadonlySet<One>> {
  const rows = await tx.query<{ key: string; fact: string }>(
    `SELECT k.key, l.fact FROM ledger_keys k JOIN ledger l USING (account_id, version)
     WHERE k.account_id = $1 AND k.key = ANY($2::text[])`,
    [accountId, facts.map(businessKey)],
  );
  const told = new Map(rows.map(({ key, fact }) => [key, fact]));
  return new Set(facts.filter((fact) => told.get(businessKey(fact)) === encodeFact(fact)));
}

/**
 * Trades of these closes that others closed already, each with the version of the close that ended it. A trade that a store ended before
 * is none of them: its end has a key of its own.
 */
export async function closedByOthers(
  tx: Asking,
  accountId: string,
  closes: readonly TradeClosed[],
): Promise<ReadonlyMap<string, number>> {
  if (closes.length === 0) return new Map();
  const rows = await tx.query<{ trade_id: string; version: string | null }>(
    `SELECT t.trade_id, (SELECT b.version FROM bookings b
         WHERE b.account_id = t.account_id AND b.symbol = t.symbol AND b.trade_id = t.trade_id AND b.kind = 'close'
         ORDER BY b.occurred_at DESC, b.version DESC LIMIT 1)::text AS version
     FROM unnest($2::text[], $3::text[], $4::text[]) AS asked(symbol, trade_id, key)
     JOIN trades t ON t.account_id = $1 AND t.symbol = asked.symbol AND t.trade_id = asked.trade_id AND t.status = 'CLOSED'
     WHERE NOT EXISTS (SELECT FROM ledger_keys k WHERE k.account_id = $1 AND k.key = asked.key)`,
    [
      accountId,
      closes.map(({ symbol }) => symbol),
      closes.map(({ tradeId }) => tradeId),
      closes.map(businessKey),
    ],
  );
  return new Map(rows.flatMap((row) => (row.version ? [[row.trade_id, Number(row.version)] as const] : [])));
}

/** What a row of a store tells has one key: the trade's open, or its end. */
function businessKey(fact: TradeOpened | TradeClosed): string {
  return keysOf(fact)[0]!;
}
