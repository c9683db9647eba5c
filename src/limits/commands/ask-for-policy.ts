import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { UnitOfWork } from '../../ledger/unit-of-work.js';

/**
 * Has policy read anew, because somebody said that it changed. Counted with the batch that said so: one replica hears of it, and it is
 * another that asks the sources.
 */
export class AskForPolicy extends Command<void> {}

@CommandHandler(AskForPolicy)
export class AskForPolicyHandler implements ICommandHandler<AskForPolicy> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(): Promise<void> {
    await this.unitOfWork.current().tx.query('UPDATE policy_refresh SET asked = asked + 1');
  }
}
