import { textArray } from '../../database/arrays.js';
import type { Transaction } from '../../database/database.js';
import { encodeFact } from '../../ledger/fact-codec.js';
import type { Micros, TradeClosed, TradeOpened } from '../../ledger/facts.js';
import { keysOf } from '../../ledger/identity.js';
import { microsOf } from '../../shared/periods.js';

type Asking = Pick<Transaction, 'query'>;

/** The facts of these that are in the ledger word for word. */
async function wordForWord<One extends TradeOpened | TradeClosed>(
  tx: Asking,
  accountId: string,
  facts: readonly One[],
): Promise<ReadonlySet<One>> {
  if (facts.length === 0) return new Set();
  const rows = await tx.query<{ key: string; fact: string }>(
    `SELECT k.key, l.fact FROM ledger_keys k JOIN ledger l USING (account_id, version)
     WHERE k.account_id = $1 AND k.key = ANY($2::text[])`,
    [accountId, textArray(facts.map(businessKey))],
  );
  const told = new Map(rows.map(({ key, fact }) => [key, fact]));
  if (told.size === 0) return new Set();
  return new Set(
    facts.filter((fact) => {
      const text = told.get(businessKey(fact));
      return text !== undefined && text === encodeFact(fact);
    }),
  );
}

/**
 * The trades of these of which all is in the ledger word for word: a store that is read again tells nothing new, and needs no lock for it.
 * The closes are asked for only where the open is there: most stores are either new or known.
 */
export async function knownTrades<Trade extends { opened: TradeOpened; closed: TradeClosed | null }>(
  tx: Asking,
  accountId: string,
  trades: readonly Trade[],
): Promise<ReadonlySet<Trade>> {
  const opens = await wordForWord(
    tx,
    accountId,
    trades.map(({ opened }) => opened),
  );
  const begun = trades.filter(({ opened }) => opens.has(opened));
  const closes = await wordForWord(
    tx,
    accountId,
    begun.flatMap(({ closed }) => closed ?? []),
  );
  return new Set(begun.filter(({ closed }) => closed === null || closes.has(closed)));
}

/** The close that ended a trade, told by somebody else. */
export interface OtherEnd {
  readonly version: number;
  readonly at: Micros;
  /** Whether it names the trade; one that does not was matched by time alone. */
  readonly isNamed: boolean;
}

/**
 * Trades of these closes that others closed already, each with the close that ended it. A trade that a store ended before is none of them:
 * its end has a key of its own.
 */
export async function closedByOthers(
  tx: Asking,
  accountId: string,
  closes: readonly TradeClosed[],
): Promise<ReadonlyMap<string, OtherEnd>> {
  if (closes.length === 0) return new Map();
  const rows = await tx.query<{ trade_id: string; version: string; at: string; named: boolean }>(
    `SELECT t.trade_id, l.version::text, to_char(l.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
            position('"tradeId":' in l.fact) > 0 AS named
     FROM unnest($2::text[], $3::text[], $4::text[]) AS asked(symbol, trade_id, key)
     JOIN trades t ON t.account_id = $1 AND t.symbol = asked.symbol AND t.trade_id = asked.trade_id AND t.status = 'CLOSED'
     JOIN LATERAL (SELECT b.version FROM bookings b
         WHERE b.account_id = t.account_id AND b.symbol = t.symbol AND b.trade_id = t.trade_id AND b.kind = 'close'
         ORDER BY b.occurred_at DESC, b.version DESC LIMIT 1) AS ended ON true
     JOIN ledger l ON l.account_id = $1 AND l.version = ended.version
     WHERE NOT EXISTS (SELECT FROM ledger_keys k WHERE k.account_id = $1 AND k.key = asked.key)`,
    [
      accountId,
      closes.map(({ symbol }) => symbol),
      closes.map(({ tradeId }) => tradeId),
      closes.map(businessKey),
    ],
  );
  return new Map(
    rows.map(({ trade_id, version, at, named }) => [
      trade_id,
      { version: Number(version), at: microsOf(at), isNamed: named },
    ]),
  );
}

/** What a row of a store tells has one key: the trade's open, or its end. */
function businessKey(fact: TradeOpened | TradeClosed): string {
  return keysOf(fact)[0]!;
}
