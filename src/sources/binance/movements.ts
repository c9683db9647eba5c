/** When the stream last told that the account moved, ms by the exchange's clock; 0 = not yet. */
export class Movements {
  latestMs = 0;
  private readonly bySymbol = new Map<string, number>();

  /** A symbol was traded. */
  filled(symbol: string, atMs: number): void {
    this.bySymbol.set(symbol, Math.max(this.of(symbol), atMs));
    this.paid(atMs);
  }

  /** Money moved. */
  paid(atMs: number): void {
    this.latestMs = Math.max(this.latestMs, atMs);
  }

  /** When this symbol was last traded. */
  of(symbol: string): number {
    return this.bySymbol.get(symbol) ?? 0;
  }
}
