import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { HoldingsReport, PositionReconciled } from '../../ledger/facts.js';
import type { Unit } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import { WalletAt } from '../../pnl/queries/wallet-at.js';
import { HeldAt } from '../../positions/queries/held-at.js';
import type { ComparedSymbol } from '../domain/adoption.js';
import { adoptionOf } from '../domain/adoption.js';
import type { Break, FollowedBreak } from '../domain/break.js';
import { followBreaks } from '../domain/follow-breaks.js';
import type { Sides, TheirSide } from '../domain/holdings.js';
import { ourSides, theirSides } from '../domain/holdings.js';
import { positionBreaks, silentBreaks } from '../domain/position-breaks.js';
import { refuseAhead } from './refuse-ahead.js';
import { noteReports, openBreaks, reportsOf, writeBreaks } from '../reconciliation-tables.js';

/**
 * Compares what the exchange holds with what we held at that time, follows the breaks, and returns the statements to adopt
 * (`PORTFOLIO_RECONCILE=adopt`), one a symbol. A report older than the newest one compared says nothing new.
 */
export class CompareHoldings extends Command<readonly PositionReconciled[]> {
  constructor(readonly report: HoldingsReport) {
    super();
  }
}

/** A symbol before its breaks are followed. */
type Compared = Omit<ComparedSymbol, 'breaks'> & {
  readonly found: readonly Break[];
  readonly isNew: boolean;
};

@CommandHandler(CompareHoldings)
export class CompareHoldingsHandler implements ICommandHandler<CompareHoldings> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly held: HeldAt,
    private readonly wallet: WalletAt,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async execute({ report }: CompareHoldings): Promise<readonly PositionReconciled[]> {
    const unit = this.unitOfWork.current();
    const { accountId, occurredAt, complete, positions } = report;
    refuseAhead(unit, occurredAt);
    const before = await reportsOf(unit.tx, accountId);
    if (before.holdingsAt !== null && occurredAt < before.holdingsAt) return [];
    await this.unitOfWork.writeStaged(unit);
    const compared = await this.compareAll(unit, report);
    const breaks = await this.follow(unit, report, compared);
    await noteReports(unit.tx, accountId, {
      holdingsAt: occurredAt,
      holdingsSource: report.source,
      holdingsReceivedAt: unit.now,
      holdingsPositions: positions.filter(({ side }) => side !== 'FLAT').length,
      holdingsComplete: complete,
      ...(complete && { completeReceivedAt: unit.now }),
    });
    return this.config.RECONCILE === 'adopt' ? this.adoptions(unit, report, compared, breaks) : [];
  }

  private async compareAll(unit: Unit, report: HoldingsReport): Promise<Compared[]> {
    const { accountId, occurredAt, complete } = report;
    const told = report.positions.map(({ symbol }) => symbol);
    const ours = complete ? this.held.symbols(unit, accountId).map(({ symbol }) => symbol) : [];
    const compared: Compared[] = [];
    for (const symbol of [...new Set([...told, ...ours])].sort()) {
      const now = this.held.bookOf(unit, accountId, symbol);
      const then = await this.held.bookAt(unit, accountId, symbol, occurredAt);
      const sides = { ours: ourSides(then), theirs: theirSides(report, symbol, this.held.netsPositions) };
      const found = positionBreaks(symbol, sides.ours, sides.theirs, this.held.markOf(symbol));
      // What was stated for this moment or a later one stands.
      const isNew = !now || now.isAfterLevels(occurredAt);
      compared.push({
        symbol,
        ...sides,
        isSpokenFor: now !== undefined && now.lastAt !== null,
        found,
        isNew,
      });
    }
    return compared;
  }

  private async follow(
    unit: Unit,
    { accountId, occurredAt, complete, silent = [] }: HoldingsReport,
    compared: readonly Compared[],
  ): Promise<FollowedBreak[]> {
    const theirs = new Map<string, Sides<TheirSide | null>>(compared.map((one) => [one.symbol, one.theirs]));
    const wallet = await this.wallet.of(unit, accountId, occurredAt);
    const followed = followBreaks(await openBreaks(unit.tx, accountId), {
      at: occurredAt,
      found: [
        ...compared.flatMap(({ found }) => found),
        ...silent.flatMap((one) => this.silent(unit, accountId, one)),
      ],
      judges: ({ kind, symbol, side }) =>
        kind !== 'wallet' &&
        (complete || silent.includes(symbol) || (side !== '' && Boolean(theirs.get(symbol)?.[side]))),
      equity: wallet.plus(this.held.unrealized(unit, accountId)),
    });
    await writeBreaks(unit.tx, accountId, followed);
    return followed.filter(({ closedAt }) => closedAt === null);
  }

  private silent(unit: Unit, accountId: string, symbol: string): Break[] {
    const ours = ourSides(this.held.bookOf(unit, accountId, symbol));
    return silentBreaks(symbol, ours, this.held.markOf(symbol));
  }

  private adoptions(
    unit: Unit,
    report: HoldingsReport,
    compared: readonly Compared[],
    breaks: readonly FollowedBreak[],
  ): PositionReconciled[] {
    const opening = this.held.symbols(unit, report.accountId).every(isUntold);
    const rule = { graceSec: this.config.RECONCILE_GRACE_SEC, opening };
    return compared.flatMap(({ found: _found, isNew, ...one }) => {
      const own = breaks.filter(({ symbol }) => symbol === one.symbol);
      const fact = isNew ? adoptionOf({ ...one, breaks: own }, report, rule) : null;
      return fact ? [fact] : [];
    });
  }
}

/** Nobody told of it, and neither did the exchange. */
function isUntold({ lastAt, lastLevelAt }: { lastAt: number | null; lastLevelAt: number | null }): boolean {
  return lastAt === null && lastLevelAt === null;
}
