import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { EmergencyStopTripped } from '../../ledger/facts.js';
import type { Acceptance } from '../../ledger/unit.js';
import { UnitOfWork } from '../../ledger/unit-of-work.js';

/** Records that the emergency stop tripped. As any accepted fact it makes the account publish its drawdown and exposure at once. */
export class RecordEmergencyStop extends Command<Acceptance> {
  constructor(readonly event: EmergencyStopTripped) {
    super();
  }
}

@CommandHandler(RecordEmergencyStop)
export class RecordEmergencyStopHandler implements ICommandHandler<RecordEmergencyStop> {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  execute({ event }: RecordEmergencyStop): Promise<Acceptance> {
    return this.unitOfWork.current().accept(event);
  }
}
