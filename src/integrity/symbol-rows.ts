import type { Transaction } from '../database/database.js';
import type { Table } from '../database/table.js';
import type { ExpectedRows } from '../ledger/audit.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import { pairing } from '../shared/row-pairs.js';
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
    if (areSame(stored, texts)) return { table: table.name, rows: [], equal: texts };
    const found = await table.select(this.tx, `account_id = $1 AND symbol = $2 AND ${condition}`, [
      this.accountId,
      symbol,
    ]);
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
function areSame(stored: readonly string[], expected: readonly string[]): boolean {
  if (stored.length !== expected.length) return false;
  const texts = new Set(stored);
  return expected.every((text) => texts.has(text));
}
