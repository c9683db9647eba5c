import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Account } from '../ledger/account.js';
import { addToOutbox } from '../ledger/outbox.js';
import type { OutboxEvent, StoredOutboxEvent } from '../ledger/outbox.js';
import { OutboxHandover } from '../ledger/outbox-handover.js';
import type { Unit } from '../ledger/unit.js';
import { UnitOfWork } from '../ledger/unit-of-work.js';
import type { ValueTotals } from '../positions/domain/valuation.js';
import { PositionsProjection } from '../positions/positions-projection.js';
import { jsonText } from '../shared/json-text.js';
import type { PortfolioEvent } from './outbound-events.js';
import { portfolioEvents } from './outbound-events.js';
import { PortfolioStates } from './portfolio-state.js';

/** Which stretch of an account's versions an event speaks for. */
export interface EventVersions {
  readonly version: number;
  /** The version of the event set before; equal to `version` when nothing durable changed in between. */
  readonly previousVersion: number;
}

/** An event with its identity inside its payload: sent again it is the same text. */
export function sealEvent(
  accountId: string,
  { type, body }: PortfolioEvent,
  { version, previousVersion }: EventVersions,
): OutboxEvent {
  const eventId = randomUUID();
  const payload = jsonText({ ...body, event_id: eventId, version, previous_version: previousVersion });
  return { accountId, version, type, eventId, payload };
}

/** Puts one set of portfolio events a changed account and batch into the outbox, in the transaction that changed it. */
@Injectable()
export class OutboxComposer {
  private readonly told = new WeakMap<Account, ValueTotals>();

  constructor(
    unitOfWork: UnitOfWork,
    private readonly states: PortfolioStates,
    private readonly positions: PositionsProjection,
    private readonly handover: OutboxHandover,
  ) {
    unitOfWork.onBeforeCommit((unit, before) => this.compose(unit, before));
  }

  private async compose(unit: Unit, before: ReadonlyMap<string, number>): Promise<void> {
    if (unit.replayed) return;
    const previousVersion = (account: Account) => before.get(account.accountId) ?? 0;
    const changed = [...unit.changed];
    const events = changed.flatMap((account) => this.eventsOf(unit, account, previousVersion(account)));
    const steps = new Map(
      changed.map((account) => {
        const { accountId, version } = account;
        const events: StoredOutboxEvent[] = [];
        return [accountId, { accountId, version, previousVersion: previousVersion(account), events }];
      }),
    );
    await addToOutbox(unit.tx, events, (stored) => {
      for (const event of stored) steps.get(event.accountId)!.events.push(event);
    });
    unit.onCommitted.push(() => steps.forEach((step) => this.handover.committed(step)));
  }

  private eventsOf(unit: Unit, account: Account, previousVersion: number): OutboxEvent[] {
    const { accountId, version } = account;
    this.told.set(account, account.of(this.positions).totals);
    const announced = unit.announced.filter((one) => one.accountId === accountId);
    const events = [
      ...announced.map(({ event }) => ({ ...event, body: { account_id: accountId, ...event.body } })),
      ...portfolioEvents(this.states.of(account, unit.now)),
    ];
    return events.map((event) => sealEvent(accountId, event, { version, previousVersion }));
  }

  /** The value sums that the outbox told for this state of an account; undefined when this process did not commit it. */
  totalsTold(account: Account): ValueTotals | undefined {
    return this.told.get(account);
  }
}
