import type { Transaction } from '../database/database.js';
import type { Table } from '../database/table.js';

type OfSymbol = { readonly symbol: string | null };

/** Rows of the symbols that one look is at: each table is read once for all of them. */
export class SymbolRows {
  private readonly read = new Map<string, Promise<Map<string, OfSymbol[]>>>();

  constructor(
    private readonly tx: Pick<Transaction, 'query'>,
    private readonly accountId: string,
    private readonly symbols: readonly string[],
  ) {}

  async of<Row extends OfSymbol>(symbol: string, table: Table<Row>, condition = 'true'): Promise<Row[]> {
    const name = `${table.name} ${condition}`;
    let rows = this.read.get(name);
    if (!rows) this.read.set(name, (rows = this.load(table, condition)));
    return ((await rows).get(symbol) ?? []) as Row[];
  }

  private async load(table: Table<OfSymbol>, condition: string): Promise<Map<string, OfSymbol[]>> {
    const rows = await table.select(this.tx, `account_id = $1 AND symbol = ANY($2) AND ${condition}`, [
      this.accountId,
      this.symbols,
    ]);
    const found = new Map<string, OfSymbol[]>();
    for (const row of rows) {
      const symbol = row.symbol!;
      const own = found.get(symbol);
      if (own) own.push(row);
      else found.set(symbol, [row]);
    }
    return found;
  }
}
