/** What happened, without any wire form. Numbers are plain decimal texts; times are epoch milliseconds. */
export type LogicalSide = 'LONG' | 'SHORT';

export interface OpenFact {
  readonly kind: 'open';
  readonly tradeId: string;
  readonly symbol: string;
  readonly side: LogicalSide;
  /** null = a market order whose price was not told. */
  readonly entryPrice: string | null;
  readonly quantity: string;
  readonly fee: string | null;
  readonly at: number;
}

export interface CloseFact {
  readonly kind: 'close';
  /** null = not named: the oldest open trades of symbol and side. */
  readonly tradeId: string | null;
  readonly symbol: string;
  readonly side: LogicalSide;
  readonly entryPrice: string | null;
  readonly exitPrice: string | null;
  readonly quantity: string | null;
  /** Net of everything, as the producer says; null = not said. */
  readonly reportedPnl: string | null;
  readonly reportedPct: string | null;
  readonly fee: string | null;
  readonly at: number;
}

export interface FlowFact {
  readonly kind: 'flow';
  readonly type: 'DEPOSIT' | 'WITHDRAWAL' | 'FEE' | 'FUNDING';
  readonly amount: string;
  readonly at: number;
}

export interface MarkFact {
  readonly kind: 'mark';
  readonly symbol: string;
  readonly price: string;
  readonly at: number;
}

export type LogicalFact = OpenFact | CloseFact | FlowFact | MarkFact;
