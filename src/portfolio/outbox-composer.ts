import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { addToOutbox } from '../ledger/outbox.js';
import type { OutboxEvent } from '../ledger/outbox.js';
import { UnitOfWork } from '../ledger/unit-of-work.js';
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
  constructor(unitOfWork: UnitOfWork, states: PortfolioStates) {
    unitOfWork.onBeforeCommit(async (unit, before) => {
      if (unit.replayed) return;
      const events = [...unit.changed].flatMap((account) => {
        const { accountId, version } = account;
        const versions = { version, previousVersion: before.get(accountId) ?? 0 };
        const announced = unit.announced.filter((one) => one.accountId === accountId);
        const events = [
          ...announced.map(({ event }) => ({ ...event, body: { account_id: accountId, ...event.body } })),
          ...portfolioEvents(states.of(account, unit.now)),
        ];
        return events.map((event) => sealEvent(accountId, event, versions));
      });
      await addToOutbox(unit.tx, events);
    });
  }
}
