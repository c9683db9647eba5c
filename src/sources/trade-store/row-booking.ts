import { Inject, Injectable } from '@nestjs/common';
import { FactFlow } from '../../flow/fact-flow.js';
import type { TradeClosed, TradeOpened } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import { relate } from '../../ledger/identity.js';
import { findEntry } from '../../ledger/ledger-store.js';
import type { Acceptance, Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import type { Calendar } from '../../shared/periods.js';
import type { Settled, TradeRow } from './read-row.js';
import { settled } from './read-row.js';
import { RowSorting } from './row-sorting.js';
import { objectionOf, outcomeOf, takenWhole } from './row-result.js';
import type { RowResult } from './row-result.js';
import type { Found } from './source.js';
import { notTold } from './stray-ends.js';
import { closedByOthers } from './told-already.js';

/** What a store tells of a trade while it is open, and changes: the stop that it trails now is no other opening. */
const TOLD_OF_NOW: ReadonlySet<string> = new Set(['stopLoss', 'takeProfit', 'leverage', 'category', 'model']);

/** A row on its way through a unit of work. */
interface Underway {
  readonly trade: TradeRow;
  readonly acceptances: Acceptance[];
}

/** Books rows of a trade store inside a unit of work. */
@Injectable()
export class RowBooking {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly flow: FactFlow,
    private readonly positions: PositionsProjection,
    private readonly sorting: RowSorting,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  /** What becomes of each row; with `defers` rows for which a symbol would have to be folded anew are left. */
  async book(
    unit: Unit,
    rows: readonly TradeRow[],
    accountId: string,
    defers: boolean,
  ): Promise<{ settled: Settled[]; deferred: TradeRow[] }> {
    const { alone, others, entangled } = await this.sorting.sort(unit, accountId, rows);
    unit.inHindsight = true;
    if (alone.length > 0) await this.flow.takeLoneTrades(accountId, alone);
    const taken = alone.map((one) => ({ row: one.row, result: takenWhole(one) }));
    const now = defers ? others : [...others, ...entangled];
    return {
      settled: [...taken, ...(await this.apply(unit, now, accountId, alone.length > 0))],
      deferred: defers ? [...entangled] : [],
    };
  }

  /**
   * Opens first, then closes: a close that came by another way before its open is joined with it in between, and its trade then needs no
   * second close.
   */
  private async apply(
    unit: Unit,
    rows: readonly TradeRow[],
    accountId: string,
    hasPast: boolean,
  ): Promise<Settled[]> {
    const outcomes = new Map<Found, Settled>();
    const underway: Underway[] = [];
    for (const one of rows)
      await this.orRefuse(one, outcomes, async () => {
        // A closed trade whose close is refused would stand open.
        if (one.closed) unit.refuseAhead(one.closed);
        underway.push({ trade: one, acceptances: [await this.open(unit, one.opened)] });
      });
    const isPast = hasPast || underway.some(({ trade }) => this.isPast(unit, trade.opened));
    await this.restate(unit, accountId, isPast);
    const early = await this.closeStrays(unit, underway, outcomes, isPast);
    const rest = underway.filter((one) => !early.has(one));
    const told = await closedByOthers(unit.tx, accountId, closesOf(rest));
    for (const one of rest) {
      const { closed } = one.trade;
      const end = closed && told.get(closed.tradeId!);
      await this.close(one, outcomes, () =>
        end ? unit.recognise(closed, end.version) : this.fold(unit, closed!),
      );
    }
    unit.inHindsight = isPast;
    await this.flow.restate(unit);
    for (const one of underway)
      if (!outcomes.has(one.trade.row))
        outcomes.set(one.trade.row, { row: one.trade.row, result: resultOf(one) });
    return rows.map(({ row }) => outcomes.get(row)!);
  }

  /**
   * A close without a name takes the oldest trade that is open at its time, and all of a batch are open until their closes are folded: those
   * that ended at quite another time are folded first, so that it is left to the one it tells of.
   */
  private async closeStrays(
    unit: Unit,
    underway: readonly Underway[],
    outcomes: Map<Found, Settled>,
    isPast: boolean,
  ): Promise<ReadonlySet<Underway>> {
    const [first] = underway;
    if (!first) return new Set();
    const { accountId } = first.trade.opened;
    const opened = closesOf(underway.filter(({ acceptances }) => acceptances[0]!.outcome === 'accepted'));
    const strays = notTold(opened, await closedByOthers(unit.tx, accountId, opened));
    const early = new Set(underway.filter(({ trade: { closed } }) => closed && strays.has(closed)));
    for (const one of early) await this.close(one, outcomes, () => this.fold(unit, one.trade.closed!));
    if (early.size > 0) await this.restate(unit, accountId, isPast);
    return early;
  }

  private close(
    { trade, acceptances }: Underway,
    outcomes: Map<Found, Settled>,
    work: () => Promise<Acceptance>,
  ): Promise<void> {
    if (!trade.closed) return Promise.resolve();
    return this.orRefuse(trade, outcomes, async () => void acceptances.push(await work()));
  }

  /** Writes what is staged when something had to be folded anew, so that the database can say which trades are closed. */
  private async restate(unit: Unit, accountId: string, isPast: boolean): Promise<void> {
    unit.inHindsight = isPast;
    const isWaiting = unit.changed.size > 0 && unit.account(accountId).of(this.positions).toRestate.size > 0;
    if (!isWaiting) return;
    await this.flow.restate(unit);
    await this.unitOfWork.writeStaged(unit);
  }

  private async open(unit: Unit, fact: TradeOpened): Promise<Acceptance> {
    const before = unit.account(fact.accountId).version;
    const acceptance = await this.fold(unit, fact);
    if (acceptance.outcome !== 'conflict' || acceptance.firstVersion > before) return acceptance;
    const { firstVersion } = acceptance;
    const first = await findEntry(unit.tx, fact.accountId, firstVersion);
    const { contradicted } = relate(first.fact, fact);
    const isSameOpening = contradicted.every((field) => TOLD_OF_NOW.has(field));
    return isSameOpening ? { outcome: 'duplicate', differs: false, firstVersion } : acceptance;
  }

  private fold(unit: Unit, fact: TradeOpened | TradeClosed): Promise<Acceptance> {
    unit.inHindsight = this.isPast(unit, fact);
    return this.flow.apply(fact);
  }

  /** What happened on a day that is over was neither earned nor lost today. */
  private isPast(unit: Unit, { occurredAt }: TradeOpened | TradeClosed): boolean {
    return this.calendar.dayOf(occurredAt) < this.calendar.dayOf(unit.now);
  }

  /** A refusal comes before anything is staged, so the rest of the batch goes on. */
  private async orRefuse(
    { row }: TradeRow,
    outcomes: Map<Found, Settled>,
    work: () => Promise<void>,
  ): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      outcomes.set(row, settled(row, 'refused', error.code, error.message));
    }
  }
}

function closesOf(rows: readonly Underway[]): TradeClosed[] {
  return rows.flatMap(({ trade: { closed } }) => closed ?? []);
}

function resultOf({ trade: { row, remarks }, acceptances }: Underway): RowResult {
  return { key: row.key, outcome: outcomeOf(acceptances), ...objectionOf(acceptances), remarks };
}
