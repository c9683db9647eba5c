import type { OrderExecuted } from '../../ledger/facts.js';
import { MICROS_PER_MS } from '../../shared/periods.js';
import { FillTurns } from './fill-turns.js';
import type { BinanceRest, HistoryWindow } from './rest.js';
import { Trouble } from './trouble.js';
import { fillsOfHistory } from './wire/fills.js';
import type { Income } from './wire/income.js';
import { incomeOf } from './wire/income.js';

/** The most rows that the exchange gives at once. */
const LIMIT = 1000;
/** What the exchange counts for a page of each. */
const WEIGHTS = { income: 30, userTrades: 5 } as const;

/** All that happened to the account in a window. */
export interface Happened {
  readonly income: readonly Income[];
  readonly fills: readonly OrderExecuted[];
}

/** What the exchange remembers of the account, whole: in pages, whatever falls on their edges. */
export class History {
  /** What the last reading cost, as far as it came. */
  weight = 0;
  private readonly turns = new FillTurns();

  constructor(
    private readonly rest: BinanceRest,
    private readonly accountId: string,
  ) {}

  /**
   * Income of a window, and the fills of every symbol that it mentions (each fill that cost or earned anything is in it), and in turn those of
   * the symbols that are held, also from before the window if their last turn was before it. The window must be no longer than a day.
   */
  async read(window: HistoryWindow, held: Iterable<string>): Promise<Happened> {
    this.weight = 0;
    const income = await this.income(window);
    const mentioned = income.flatMap(({ symbol }) => (symbol === null ? [] : [symbol]));
    const fills: OrderExecuted[] = [];
    for (const [symbol, asked] of this.turns.next(window, held, mentioned))
      fills.push(...(await this.fills(asked, symbol)));
    return { income, fills };
  }

  /** What was read last is in the ledger. */
  taken(held: ReadonlySet<string>): void {
    this.turns.taken(held);
  }

  /** Page by page in a window that does not move, so that any number of rows in one millisecond is read. */
  private async income(window: HistoryWindow): Promise<Income[]> {
    const rows = new Map<string, Income>();
    for (let page = 1; ; page += 1) {
      const before = rows.size;
      const read = await this.rest.income(window, page, LIMIT, incomeOf);
      this.weight += WEIGHTS.income;
      for (const row of read)
        rows.set(`${row.id}:${row.type}:${row.symbol ?? ''}:${row.asset}:${row.atMs}`, row);
      if (read.length < LIMIT) return [...rows.values()];
      // A server that does not know pages would give the first one for ever.
      if (rows.size === before)
        throw new Trouble('bad_answer', `income: page ${page} repeats the one before`);
    }
  }

  /** A full answer says that there is more, and not at which end: it is halved until every answer is whole. */
  private async fills(window: HistoryWindow, symbol: string): Promise<OrderExecuted[]> {
    const read = await this.page(window, symbol);
    if (read.length < LIMIT) return read;
    const { startTime, endTime } = window;
    if (startTime === endTime) return [...read, ...(await this.fillsAfter(read, symbol, endTime))];
    const middle = Math.floor((startTime + endTime) / 2);
    return [
      ...(await this.fills({ startTime, endTime: middle }, symbol)),
      ...(await this.fills({ startTime: middle + 1, endTime }, symbol)),
    ];
  }

  /** More fills in one millisecond than fit an answer: from the last id on, as long as they are of that time. */
  private async fillsAfter(
    read: readonly OrderExecuted[],
    symbol: string,
    endTime: number,
  ): Promise<OrderExecuted[]> {
    const last = read.map(({ executionId }) => BigInt(executionId!)).reduce((a, b) => (a > b ? a : b));
    const more = await this.page({ fromId: String(last + 1n) }, symbol);
    const within = more.filter(({ occurredAt }) => occurredAt <= endTime * MICROS_PER_MS);
    if (within.length < LIMIT) return within;
    return [...within, ...(await this.fillsAfter(within, symbol, endTime))];
  }

  private async page(
    from: HistoryWindow | { readonly fromId: string },
    symbol: string,
  ): Promise<OrderExecuted[]> {
    const read = await this.rest.userTrades(from, symbol, LIMIT, (json) =>
      fillsOfHistory(json, this.accountId),
    );
    this.weight += WEIGHTS.userTrades;
    return read;
  }
}
