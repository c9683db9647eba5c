import type { Transaction } from '../database/database.js';
import type { Table } from '../database/table.js';
import type { ExpectedRows } from '../ledger/audit.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import { pairing } from '../shared/row-pairs.js';
import type { Work } from '../shared/turns.js';
import { inTurns, mapInTurns } from '../shared/turns.js';

/**
 * Stored rows of the symbols that one look is at. Each table is read once for all of them, as one text a row: rows that are as they should be
 * have the same texts, and only where some differ are the rows themselves read and paired.
 */
export class SymbolRows {
  private readonly read = new Map<string, Promise<Map<string, string[]>>>();

  constructor(
    private readonly tx: Pick<Transaction, 'query'>,
    private readonly accountId: string,
    private readonly symbols: readonly string[],
  ) {}

  async compare<Row extends object>(symbol: string, expected: ExpectedRows<Row>): Promise<AuditedTable> {
    const { table, rows, keyOf, condition = 'true' } = expected;
    const stored = (await this.textsOf(table, condition)).get(symbol) ?? [];
    const texts = await mapInTurns(rows, (row) => table.textOf(row));
    if (await inTurns(areSame(stored, texts))) return { table: table.name, rows: [], equal: texts };
    const found = await table.select(this.tx, `account_id = $1 AND symbol = $2 AND ${condition}`, [
      this.accountId,
      symbol,
    ]);
    // The same value may be stored in other digits than we write.
    const canonical = await mapInTurns(found, (row) => table.textOf(row));
    if (await inTurns(areSame(canonical, texts))) return { table: table.name, rows: [], equal: texts };
    return inTurns(pairing(table.name, keyOf, found, rows));
  }

  private textsOf(
    table: Pick<Table<object>, 'name' | 'texts'>,
    condition: string,
  ): Promise<Map<string, string[]>> {
    const name = `${table.name} ${condition}`;
    let texts = this.read.get(name);
    if (!texts) {
      const ofSymbols = `account_id = $1 AND symbol = ANY($2) AND ${condition}`;
      const values = [this.accountId, this.symbols];
      this.read.set(name, (texts = table.texts(this.tx, { by: 'symbol', condition: ofSymbols, values })));
    }
    return texts;
  }
}

/** No two rows of a table say the same, because each says its key. */
function* areSame(stored: readonly string[], expected: readonly string[]): Work<boolean> {
  if (stored.length !== expected.length) return false;
  const texts = new Set<string>();
  for (const text of stored) {
    texts.add(text);
    yield;
  }
  for (const text of expected) {
    if (!texts.has(text)) return false;
    yield;
  }
  return true;
}
