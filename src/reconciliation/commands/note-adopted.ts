import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { LedgerEntry, PositionReconciled, WalletReconciled } from '../../ledger/facts.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';
import type { FollowedBreak } from '../domain/break.js';
import { openBreaks, writeBreaks } from '../reconciliation-tables.js';

/** Ends the breaks that a statement of the exchange settled, with the fact that did it. */
export class NoteAdopted extends Command<void> {
  constructor(readonly entry: LedgerEntry<WalletReconciled | PositionReconciled>) {
    super();
  }
}

@CommandHandler(NoteAdopted)
export class NoteAdoptedHandler implements ICommandHandler<NoteAdopted> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute({ entry: { fact, version } }: NoteAdopted): Promise<void> {
    const { tx } = this.unitOfWork.current();
    const settled = (await openBreaks(tx, fact.accountId)).filter((open) => isSettledBy(open, fact));
    const ended = settled.map((open): FollowedBreak => ({
      ...open,
      closedAt: fact.occurredAt,
      ended: 'adopted',
      version,
    }));
    await writeBreaks(tx, fact.accountId, ended);
  }
}

function isSettledBy({ kind, symbol, side }: FollowedBreak, fact: WalletReconciled | PositionReconciled) {
  if (fact.kind === 'account.reconciliation') return kind === 'wallet';
  if (symbol !== fact.symbol) return false;
  return (side === 'LONG' ? fact.longQuantity : fact.shortQuantity) !== null;
}
