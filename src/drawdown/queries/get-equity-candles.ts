import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import type { Calendar } from '../../shared/periods.js';
import { windowsBefore } from '../candle-windows.js';
import { CurveProjection } from '../curve-projection.js';
import type { Resolution } from '../domain/candle-window.js';
import { windowAt } from '../domain/candle-window.js';
import type { EquityCandle } from '../domain/equity-candle.js';
import { mergeCandles } from '../domain/equity-candle.js';

/** Which windows: those that have a part at or after `from` and before `to`, whole; null = without that end. */
export interface CandlesAsked {
  readonly accountId: string;
  readonly resolution: Resolution;
  readonly from: number | null;
  readonly to: number | null;
  /** How many at most on this page. */
  readonly limit: number;
}

export interface CandlesPage {
  /** The newest first; `minute` is where the window begins. Where nothing was seen there is none. */
  readonly candles: readonly EquityCandle[];
  /** Pass it as `to` for the windows before; null = there are none. */
  readonly next: number | null;
  readonly version: number;
  readonly now: number;
}

/** The path of an account's equity and index in windows, the running one included. Throws UnknownAccountError. */
export class GetEquityCandles extends Query<CandlesPage> {
  constructor(readonly asked: CandlesAsked) {
    super();
  }
}

@QueryHandler(GetEquityCandles)
export class GetEquityCandlesHandler implements IQueryHandler<GetEquityCandles> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly database: Database,
    private readonly curves: CurveProjection,
    @Inject(CALENDAR) private readonly calendar: Calendar,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ asked }: GetEquityCandles): Promise<CandlesPage> {
    const account = this.accounts.read(asked.accountId);
    const now = this.accounts.now();
    const recent = [...account.of(this.curves).recent().values()].sort((a, b) => a.minute - b.minute);
    const to = Math.min(asked.to ?? Infinity, now + 1);
    const zone = { name: this.config.TIMEZONE, calendar: this.calendar };
    // One more than asked for: it tells whether there is a next page.
    const stored = await windowsBefore(this.database, { ...asked, to, limit: asked.limit + 1 }, zone);
    const windows = this.withRecent({ ...asked, to }, stored, recent);
    const candles = windows.slice(0, asked.limit);
    const next = windows.length > asked.limit ? candles.at(-1)!.minute : null;
    return { candles, next, version: account.version, now };
  }

  /** Joins what may only be in memory yet, minute by minute, into the windows. */
  private withRecent(
    { resolution, from, to, limit }: CandlesAsked & { readonly to: number },
    stored: readonly EquityCandle[],
    recent: readonly EquityCandle[],
  ): EquityCandle[] {
    const windows = new Map(stored.map((candle) => [candle.minute, candle]));
    // A full page may have left out what lies before it.
    const oldest = stored.length > limit ? stored.at(-1)!.minute : -Infinity;
    for (const candle of recent) {
      const window = windowAt(this.calendar, resolution, candle.minute);
      if (window.from < oldest || window.from >= to || window.to <= (from ?? -Infinity)) continue;
      const known = windows.get(window.from);
      windows.set(window.from, { ...(known ? mergeCandles(candle, known) : candle), minute: window.from });
    }
    return [...windows.values()].sort((a, b) => b.minute - a.minute);
  }
}
