import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Transaction } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import { Committed } from '../../ledger/committed.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import type { PeriodReturn, Standing } from '../../pnl/domain/returns/period-return.js';
import { periodReturn } from '../../pnl/domain/returns/period-return.js';
import type { PeriodKind, Span } from '../../shared/calendar-periods.js';
import { periodsIn } from '../../shared/calendar-periods.js';
import type { Calendar } from '../../shared/periods.js';
import { MICROS_PER_SECOND } from '../../shared/periods.js';
import { CandleHistory } from '../candle-history.js';
import { CurveProjection } from '../curve-projection.js';
import type { EquityCandle } from '../domain/equity-candle.js';
import type { EquityCurve } from '../domain/equity-curve.js';
import { growthOf } from '../domain/equity-curve.js';

/** `all` and `custom` are one period; the others are calendar periods. Ends are cut to whole minutes; null = without that end. */
export interface ReturnsAsked {
  readonly accountId: string;
  readonly period: PeriodKind | 'all' | 'custom';
  readonly from: number | null;
  readonly to: number | null;
}

/** One period with what it earned; see PeriodReturn. */
export interface ListedReturn extends PeriodReturn, Span {
  /** True when the period is not over: its end is now. */
  readonly running: boolean;
}

export interface Returns {
  /** The newest first. */
  readonly periods: readonly ListedReturn[];
  readonly version: number;
  readonly now: number;
}

/** What an account earned, period by period. Throws UnknownAccountError. */
export class GetReturns extends Query<Returns> {
  constructor(readonly asked: ReturnsAsked) {
    super();
  }
}

interface Present {
  readonly curve: EquityCurve;
  readonly recent: ReadonlyMap<number, EquityCandle>;
  readonly now: number;
}

/** Calendar periods that are told when nobody says from when, and at most. */
const USUAL: Readonly<Record<PeriodKind, number>> = { day: 31, week: 27, month: 25, year: 11 };
export const MAX_PERIODS = 400;
const MINUTE = 60 * MICROS_PER_SECOND;

@QueryHandler(GetReturns)
export class GetReturnsHandler implements IQueryHandler<GetReturns> {
  constructor(
    private readonly accounts: AccountReader,
    private readonly committed: Committed,
    private readonly curves: CurveProjection,
    private readonly history: CandleHistory,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  execute({ asked }: GetReturns): Promise<Returns> {
    return this.committed.read(asked.accountId, async (tx, account) => {
      // Ticks move the curve on: what is there now belongs together.
      const state = account.of(this.curves);
      const present = { curve: state.curve, recent: state.recent(), now: this.accounts.now() };
      const first = await this.history.firstMinute(tx, asked.accountId, present.recent);
      const spans = this.spansOf(asked, first, present.now);
      const periods = await this.returnsOf(tx, asked.accountId, spans, present);
      return { periods, version: account.version, now: present.now };
    });
  }

  private spansOf({ period, from, to }: ReturnsAsked, first: number | null, now: number): Span[] {
    const end = Math.min(to ?? now, now);
    if (first === null) return [];
    if (period === 'custom' || period === 'all') {
      const span = {
        from: wholeMinute(period === 'custom' ? (from ?? first) : first),
        to: period === 'custom' ? end : now,
      };
      return span.from < span.to ? [span] : [];
    }
    const since = from ?? first;
    if (since >= end) return [];
    const most = from === null ? USUAL[period] : MAX_PERIODS;
    const periods = periodsIn(this.calendar, period, { from: since, to: end }, most);
    return periods.filter((span) => span.to > first);
  }

  private async returnsOf(
    tx: Transaction,
    accountId: string,
    spans: readonly Span[],
    { curve, recent, now }: Present,
  ): Promise<ListedReturn[]> {
    const [newest, oldest] = [spans[0], spans.at(-1)];
    if (!newest || !oldest) return [];
    const edges = spans.flatMap((span) => [span.from, wholeMinute(span.to)]);
    const candles = await this.history.lastBefore(tx, accountId, [...new Set(edges)], recent);
    const flows = await this.history.flowsBetween(tx, accountId, oldest.from, newest.to);
    return spans.map((asked) => {
      const running = asked.to >= now;
      const span = { from: asked.from, to: running ? now : wholeMinute(asked.to) };
      const end = running ? standingNow(curve) : standingOf(candles.get(span.to));
      const within = flows.filter(({ at }) => at >= span.from && (running || at < span.to));
      return { ...span, running, ...periodReturn(span, standingOf(candles.get(span.from)), end, within) };
    });
  }
}

const wholeMinute = (at: number) => Math.floor(at / MINUTE) * MINUTE;

function standingOf(candle: EquityCandle | undefined): Standing | null {
  return candle ? { equity: candle.equityClose, growth: candle.growthClose, ruins: candle.ruins } : null;
}

function standingNow(curve: EquityCurve): Standing | null {
  return curve.current ? { equity: curve.equity, growth: growthOf(curve), ruins: curve.ruins } : null;
}
