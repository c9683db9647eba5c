import type { FactFlow } from '../../flow/fact-flow.js';
import type { PriceFlow } from '../../flow/price-flow.js';
import type { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { WalletAt } from '../../pnl/queries/wallet-at.js';
import type { AwaitedMoney } from './awaited-money.js';
import { latestOf, type CatchUp } from './catch-up.js';
import type { Happened } from './history.js';
import type { Movements } from './movements.js';
import type { Look } from './still-parts.js';
import { momentsOf, stillHoldings } from './still-parts.js';
import type { Cursor, Cursors } from './cursors.js';
import type { BinanceRest } from './rest.js';
import type { BinanceSettings } from './settings.js';
import { Trouble } from './trouble.js';
import { balanceReport } from './wire/account.js';
import { holdingsReport } from './wire/holdings.js';
import { marksOfIndex } from './wire/marks.js';

/** An account that moves while it is read is read again, so many times in one go. */
const TRIES = 3;
const CLOCK_MS = 600_000;

/** What a sync needs of the rest of the service. */
export interface SyncParts {
  readonly rest: BinanceRest;
  readonly catchUp: CatchUp;
  readonly cursors: Cursors;
  readonly flow: FactFlow;
  readonly prices: PriceFlow;
  readonly unitOfWork: UnitOfWork;
  readonly awaited: AwaitedMoney;
  /** Symbols that our own book holds. */
  readonly held: () => Iterable<string>;
  /** Told how many positions cannot be taken, because their symbol can have no name with us. */
  readonly unnamed: (count: number) => void;
  readonly movements: Movements;
  readonly wallet: WalletAt;
}

/**
 * How a reading ended. `moving`: the account never stood still while it was read; its facts are taken, and only what did stand still was
 * compared. `awaiting`: a payment is in the wallet and not in history yet.
 */
export type Settled = 'settled' | 'moving' | 'awaiting';

/** Reads the account whole: marks, what happened since, and what is there now. */
export class AccountSync {
  private cursor: Cursor | null = null;
  private heldThere: readonly string[] = [];
  /** Every symbol that was ever seen there: one that is no more is flat, and what differed in it is over. */
  private readonly seenThere = new Set<string>();

  constructor(
    private readonly settings: BinanceSettings,
    private readonly currency: string,
    private readonly parts: SyncParts,
  ) {}

  /** Whether a fact of this time is ours to book; what happened before the beginning is inside the opening report. */
  isOurs(atMs: number): boolean {
    return this.cursor !== null && atMs >= this.cursor.beganMs;
  }

  /** Throws Trouble, and what is transient. */
  async run(): Promise<Settled> {
    const { rest, prices, cursors } = this.parts;
    const { clock } = rest;
    if (clock.isBehind || clock.isVague || clock.isOlderThan(CLOCK_MS)) await rest.measureClock();
    const ahead = clock.aheadMs;
    clock.refuseBehind();
    await prices.share(await rest.premiumIndex((json) => marksOfIndex(json, ahead)));
    // Asked anew each time: a reading that failed on its way through a long hole has kept the steps before that.
    this.cursor = (await cursors.find(this.settings.accountId, this.settings.venue)) ?? this.cursor;
    if (this.cursor === null) await this.refuseOtherVenue();
    for (let tries = 1; ; tries += 1) {
      const look = await this.look();
      const happened = await this.takeSince(look.atMs);
      const quiet = Math.max(latestOf(happened) ?? 0, this.parts.movements.latestMs) < look.atMs;
      if (!quiet && tries < TRIES) continue;
      // Without a beginning there is nothing that could be booked from history: the opening report has to be made at last.
      if (quiet || this.cursor === null) await this.report(look);
      else await this.reportStill(look, happened);
      if (this.parts.awaited.isWaiting()) return 'awaiting';
      return quiet ? 'settled' : 'moving';
    }
  }

  /** Money of the testnet and money of the live exchange in one account would make a loss or a profit of what is neither. */
  private async refuseOtherVenue(): Promise<void> {
    const { accountId, venue } = this.settings;
    const other = await this.parts.cursors.otherVenue(accountId, venue);
    if (other === null) return;
    throw new Trouble(
      'other_venue',
      `account ${accountId} has the history of ${other}: give ${venue} an account of its own (PORTFOLIO_BINANCE_ACCOUNT)`,
    );
  }

  private async look(): Promise<Look> {
    const { rest } = this.parts;
    const { accountId } = this.settings;
    const at = { accountId, atMs: rest.clock.earliest, currency: this.currency };
    const { report: holdings, unnamed } = await rest.positionRisk((json) => holdingsReport(json, at));
    this.parts.unnamed(unnamed);
    const balance = await rest.account((json) => balanceReport(json, holdings.positions.length, at));
    this.heldThere = holdings.positions.map(({ symbol }) => symbol);
    for (const symbol of this.heldThere) this.seenThere.add(symbol);
    return { atMs: at.atMs, balance, holdings };
  }

  /** Takes what happened until now, and returns what of it is not long ago. */
  private async takeSince(atMs: number): Promise<Happened> {
    const { rest, catchUp, awaited } = this.parts;
    const untilMs = rest.clock.latest;
    const symbols = new Set([...this.heldThere, ...this.parts.held()]);
    const began = this.cursor ?? this.lookingBack(atMs);
    const happened = began
      ? await catchUp.upTo(began, untilMs, symbols)
      : await catchUp.look({ startTime: atMs, endTime: Math.max(atMs, untilMs) }, symbols);
    if (began) this.cursor = { beganMs: began.beganMs, coveredMs: untilMs };
    awaited.seen(happened.income);
    return happened;
  }

  /** The first beginning, when the settings ask for some of the past. */
  private lookingBack(atMs: number): Cursor | null {
    const beganMs = atMs - this.settings.lookBackMs;
    return this.settings.lookBackMs > 0 ? { beganMs, coveredMs: beganMs } : null;
  }

  private async report({ atMs, balance, holdings }: Look): Promise<void> {
    const { unitOfWork, flow, cursors, awaited } = this.parts;
    const { accountId, venue } = this.settings;
    const first = this.cursor === null ? { beganMs: atMs, coveredMs: atMs } : null;
    await unitOfWork.run({ facts: [], accountIds: [accountId] }, async (unit) => {
      if (!awaited.isWaiting()) await flow.reconcile(balance);
      await flow.reconcileHoldings(holdings);
      await flow.restate(unit);
      if (first) await cursors.save(unit.tx, accountId, venue, first);
    });
    this.cursor ??= first;
  }

  /**
   * Compares what stood still of an account that is never at rest: the symbols that did, and the wallet when it is ours at one of the moments
   * of the look. A wallet that is at none may hold what history does not show yet: that is left to the next reading.
   */
  private async reportStill(look: Look, happened: Happened): Promise<void> {
    const { unitOfWork, flow, awaited, movements, wallet, held } = this.parts;
    const { accountId } = this.settings;
    const { balance } = look;
    await unitOfWork.run({ facts: [], accountIds: [accountId] }, async (unit) => {
      for (const at of awaited.isWaiting() ? [] : momentsOf(look, happened)) {
        if (!(await wallet.of(unit, accountId, at)).equals(balance.walletBalance)) continue;
        await flow.reconcile({ ...balance, occurredAt: at, positions: null });
        break;
      }
      const known = [...held(), ...this.seenThere];
      await flow.reconcileHoldings(stillHoldings(look, known, happened, movements));
      await flow.restate(unit);
    });
  }
}
