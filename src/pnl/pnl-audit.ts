import { Inject, Injectable } from '@nestjs/common';
import type { AccountPart, Auditor, SymbolPart } from '../ledger/audit.js';
import { Auditors } from '../ledger/audit.js';
import type { Micros } from '../ledger/facts.js';
import type { Booking } from '../positions/domain/changes.js';
import { TradeChanges } from '../positions/domain/changes.js';
import type { Trade } from '../positions/domain/trade.js';
import { PositionsAudit } from '../positions/queries/positions-audit.js';
import { BOOKINGS, TRADES } from '../positions/positions-tables.js';
import type { AuditedTable } from '../shared/row-pairs.js';
import { pairRows } from '../shared/row-pairs.js';
import type { Calendar } from '../shared/periods.js';
import type { Work } from '../shared/turns.js';
import { inTurns } from '../shared/turns.js';
import { CALENDAR } from './calendar.provider.js';
import type { FlowRow } from './domain/cash-flow.js';
import type { RealizedPart } from './domain/joined-sums.js';
import { joinParts } from './domain/joined-sums.js';
import type { Money, Move, Stretch } from './domain/money-facts.js';
import { adopted, isSplitBy, moneyOf, settled, stretchesOf } from './domain/money-facts.js';
import { PnlState } from './pnl-state.js';
import { DAYS, FLOWS, TOTALS } from './pnl-tables.js';

const NAME = 'pnl';
/** So many trades and bookings are counted in one go. */
const AT_ONCE = 100;
const OF_VERSIONS = 'account_id = $1 AND version = ANY($2)';
const keyOfFlow = ({ version }: FlowRow) => String(version);
const keyOfBooking = ({ version, tradeId }: Booking) => `${version}/${tradeId}`;

/** What the account as a whole needs of a symbol. */
interface Carried {
  readonly part: RealizedPart;
  readonly moves: readonly Stretch[];
}

/** Holds sums, days and flows against what trades and facts about money come to. */
@Injectable()
export class PnlAudit implements Auditor {
  readonly tables = [TOTALS.name, DAYS.name, FLOWS.name];

  constructor(
    auditors: Auditors,
    _positionsFirst: PositionsAudit,
    @Inject(CALENDAR) private readonly calendar: Calendar,
  ) {
    auditors.register(this);
  }

  symbols(): Promise<string[]> {
    return Promise.resolve([]);
  }

  async ofSymbol(part: SymbolPart): Promise<AuditedTable[]> {
    const { tx, accountId, entries, expected, carried, adoptedAt } = part;
    const money = moneyOf(entries);
    const trades = (expected.get(TRADES.name) ?? []) as readonly Trade[];
    const bookings = (expected.get(BOOKINGS.name) ?? []) as readonly Booking[];
    const carry: Carried = {
      part: await this.partOf(trades, bookings, money),
      moves: await inTurns(stretchesOf(movesOf(bookings, money), adoptedAt)),
    };
    carried.set(NAME, carry);
    // Few symbols have facts about money; of those that have none, `ofAccount` sees what flows there are.
    const told = entries
      .filter(({ fact }) => fact.kind === 'account.cash_flow')
      .map(({ version }) => version);
    const flows = told.length === 0 ? [] : await FLOWS.select(tx, OF_VERSIONS, [accountId, told]);
    const booked = { table: BOOKINGS, keyOf: keyOfBooking, rows: money.bookings, condition: `trade_id = ''` };
    return [flowTable(flows, money), await part.compare(booked)];
  }

  isOutdatedBy(carried: ReadonlyMap<string, unknown>, adoptedAt: readonly Micros[]): boolean {
    const symbol = carried.get(NAME) as Carried | undefined;
    return symbol?.moves.some((stretch) => isSplitBy(stretch, adoptedAt)) ?? false;
  }

  async ofAccount(part: AccountPart): Promise<AuditedTable[]> {
    const { tx, accountId, entries } = part;
    const symbols = part.carriedBy(NAME) as readonly Carried[];
    const money = settled(moneyOf(entries), symbols.map(({ moves }) => moves).flat());
    const flows = await FLOWS.select(
      tx,
      `account_id = $1 AND NOT EXISTS (SELECT FROM ledger l WHERE l.account_id = $1
         AND l.version = cash_flows.version AND l.symbol IS NOT NULL AND l.kind = 'account.cash_flow')`,
      [accountId],
    );
    const booked = await BOOKINGS.select(tx, 'account_id = $1 AND symbol IS NULL', [accountId]);
    const parts = [...symbols.map((symbol) => symbol.part), await this.partOf([], [], money)];
    const ofNoTrade = pairRows(BOOKINGS.name, keyOfBooking, booked, money.bookings);
    return [flowTable(flows, money), ofNoTrade, ...(await this.sums(part, joinParts(parts), money))];
  }

  private async sums(
    { tx, accountId, version }: AccountPart,
    { sums, bestTrade, worstTrade, days }: RealizedPart,
    money: Money,
  ): Promise<AuditedTable[]> {
    const totals = version === 0 ? [] : [{ ...sums, bestTrade, worstTrade, ...adopted(money) }];
    const dayRows = [...days].map(([day, pnl]) => ({ day, ...pnl }));
    const owned = 'account_id = $1';
    return [
      pairRows(TOTALS.name, () => accountId, await TOTALS.select(tx, owned, [accountId]), totals),
      pairRows(DAYS.name, ({ day }) => day, await DAYS.select(tx, owned, [accountId]), dayRows),
    ];
  }

  /** What all of it realized, counted as it is when it happens. */
  private async partOf(
    trades: readonly Trade[],
    bookings: readonly Booking[],
    money: Money,
  ): Promise<RealizedPart> {
    const state = new PnlState(this.calendar);
    await inTurns(counting(state, trades, bookings));
    for (const { flow, known } of money.flows) state.addFlow(flow, known);
    for (const booking of money.bookings) state.addBooking(booking);
    const { sums, bestTrade, worstTrade, days } = state;
    return { sums, bestTrade, worstTrade, days };
  }
}

/** All that moved the wallet, in no order. */
function* movesOf(bookings: readonly Booking[], money: Money): Iterable<Move> {
  for (const { occurredAt: at, amount } of bookings) if (amount) yield { at, amount };
  yield* money.moves;
}

/** Counts them, to be left now and then. */
function* counting(state: PnlState, trades: readonly Trade[], bookings: readonly Booking[]): Work<void> {
  for (let start = 0; start < Math.max(trades.length, bookings.length); start += AT_ONCE) {
    const changes = new TradeChanges();
    for (const trade of trades.slice(start, start + AT_ONCE)) changes.trades.replace(null, trade);
    for (const booking of bookings.slice(start, start + AT_ONCE)) changes.bookings.replace(null, booking);
    state.addTradeChanges(changes);
    yield;
  }
}

function flowTable(flows: readonly FlowRow[], money: Money): AuditedTable {
  const expected = money.flows.map(({ flow }) => flow);
  return pairRows(FLOWS.name, keyOfFlow, flows, expected);
}
