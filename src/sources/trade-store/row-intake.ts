import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { FactFlow } from '../../flow/fact-flow.js';
import type { TradeClosed, TradeOpened } from '../../ledger/facts.js';
import { Refusal } from '../../ledger/facts.js';
import { relate } from '../../ledger/identity.js';
import { findEntry } from '../../ledger/ledger-store.js';
import type { Acceptance, Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { CALENDAR } from '../../pnl/calendar.provider.js';
import { PositionsProjection } from '../../positions/positions-projection.js';
import { isTransient, messageOf } from '../../shared/errors.js';
import type { Calendar } from '../../shared/periods.js';
import { keepSetAside } from './keep-set-aside.js';
import type { Settled, TradeRow } from './read-row.js';
import { readRow, settled } from './read-row.js';
import type { Telling } from './row-facts.js';
import type { RowResult } from './row-result.js';
import { objectionOf, outcomeOf } from './row-result.js';
import type { Found } from './source.js';
import { notTold } from './stray-ends.js';
import { closedByOthers, knownWordForWord } from './told-already.js';

/** Undoes a batch whose outcome is all that was asked for. */
class DryRun extends Error {
  constructor(readonly settled: readonly Settled[]) {
    super('dry run');
  }
}

/** What a store tells of a trade while it is open, and changes: the stop that it trails now is no other opening. */
const TOLD_OF_NOW: ReadonlySet<string> = new Set(['stopLoss', 'takeProfit', 'leverage', 'category', 'model']);

/** A row on its way through a unit of work. */
interface Underway {
  readonly trade: TradeRow;
  readonly acceptances: Acceptance[];
}

/** Takes rows of a trade store in by the way of all facts: claimed, applied and committed a batch at a time. */
@Injectable()
export class RowIntake {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly flow: FactFlow,
    private readonly positions: PositionsProjection,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {}

  /**
   * What becomes of each row, in their order, once all is committed (with `dryRun`: what would). A batch that fails for a reason that will
   * not pass is taken apart, row by row. Throws only what is transient: then the same rows may simply come again.
   */
  async take(rows: readonly Found[], telling: Telling, dryRun: boolean): Promise<RowResult[]> {
    const read = rows.map((row) => readRow(row, telling));
    const trades = read.filter((one): one is TradeRow => !('result' in one));
    const facts = trades.flatMap(factsIn);
    const known = await knownWordForWord(this.database, telling.accountId, facts);
    const fresh = new Set(trades.filter((trade) => !factsIn(trade).every((fact) => known.has(fact))));
    const results = new Map<Found, RowResult>();
    for (const trade of trades)
      if (!fresh.has(trade)) results.set(trade.row, resultOf({ trade, acceptances: [] }));
    const refused = read.filter((one): one is Settled => 'result' in one);
    for (const { row, result } of refused) results.set(row, result);
    const open = [...fresh, ...refused.filter(({ result }) => result.outcome === 'refused')];
    for (const { row, result } of await this.batch(open, telling, dryRun)) results.set(row, result);
    return rows.map((row) => results.get(row)!);
  }

  private async batch(
    rows: readonly (TradeRow | Settled)[],
    telling: Telling,
    dryRun: boolean,
  ): Promise<readonly Settled[]> {
    if (rows.length === 0) return [];
    try {
      return await this.commit(rows, telling, dryRun);
    } catch (error) {
      if (error instanceof DryRun) return error.settled;
      if (isTransient(error)) throw error;
      const [only, ...others] = rows;
      if (only && others.length === 0) return this.giveUpOn(only, error, telling, dryRun);
      const apart: Settled[] = [];
      for (const row of rows) apart.push(...(await this.batch([row], telling, dryRun)));
      return apart;
    }
  }

  /** A row that cannot even be set aside is told in the summary, and the rows behind it go on. */
  private giveUpOn(
    row: TradeRow | Settled,
    error: unknown,
    telling: Telling,
    dryRun: boolean,
  ): Promise<readonly Settled[]> {
    const given = settled(row.row, 'refused', 'internal_error', messageOf(error));
    return 'result' in row ? Promise.resolve([given]) : this.batch([given], telling, dryRun);
  }

  private commit(
    rows: readonly (TradeRow | Settled)[],
    telling: Telling,
    dryRun: boolean,
  ): Promise<readonly Settled[]> {
    const facts = rows.flatMap((one) => ('result' in one ? [] : factsIn(one)));
    return this.unitOfWork.run({ facts }, async (unit) => {
      const outcomes = await this.apply(unit, rows, telling.accountId);
      await keepSetAside(unit, outcomes, telling);
      if (dryRun) throw new DryRun(outcomes);
      return outcomes;
    });
  }

  /**
   * Opens first, then closes: a close that came by another way before its open is joined with it in between, and its trade then needs no
   * second close.
   */
  private async apply(
    unit: Unit,
    rows: readonly (TradeRow | Settled)[],
    accountId: string,
  ): Promise<Settled[]> {
    const outcomes = new Map<Found, Settled>();
    const underway: Underway[] = [];
    for (const one of rows) {
      if ('result' in one) outcomes.set(one.row, one);
      else
        await this.orRefuse(one, outcomes, async () => {
          // A closed trade whose close is refused would stand open.
          if (one.closed) unit.refuseAhead(one.closed);
          underway.push({ trade: one, acceptances: [await this.open(unit, one.opened)] });
        });
    }
    const isPast = underway.some(({ trade }) => this.isPast(unit, trade.opened));
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

function factsIn({ opened, closed }: TradeRow): (TradeOpened | TradeClosed)[] {
  return closed ? [opened, closed] : [opened];
}

function resultOf({ trade: { row, remarks }, acceptances }: Underway): RowResult {
  return { key: row.key, outcome: outcomeOf(acceptances), ...objectionOf(acceptances), remarks };
}
