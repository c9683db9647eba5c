import { Injectable, Logger } from '@nestjs/common';
import type { Fact, Inbound } from '../ledger/facts.js';
import { Refusal } from '../ledger/facts.js';
import { Metrics } from '../ledger/metrics.js';
import { abridged, netstrings, setAside } from '../ledger/quarantine.js';
import type { Acceptance, Unit } from '../ledger/unit.js';
import { UnitOfWork } from '../ledger/unit-of-work.js';
import { isTransient, messageOf } from '../shared/errors.js';
import { FactFlow } from '../flow/fact-flow.js';
import { decodeEntry } from './wire/decode.js';

/** A message as it came in, by whichever door. */
export interface Delivery {
  readonly eventType: string;
  readonly stream: string;
  /** The entry's id; for a message without one, an id made of its content. */
  readonly entryId: string;
  /** When it came, epoch ms; of a stream's entry the id tells it. */
  readonly arrivedMs?: number;
  readonly fields: readonly string[];
  /** The same, byte for byte. */
  readonly raw: readonly Buffer[];
}

/** What became of a message. `refused` and `conflict` were set aside in the quarantine table. */
export interface Outcome {
  readonly delivery: Delivery;
  readonly result: Acceptance['outcome'] | 'applied' | 'ignored' | 'refused';
  /** Why, for `ignored`, `refused` and `conflict`; a stable code. */
  readonly code?: string;
  readonly message?: string;
}

/** Hands one decoded event to its handler; null = it made no fact (a level, or nothing to do). */
export type Dispatch = (eventType: string, event: Inbound) => Promise<Acceptance | null>;

/** A message and what it says; a Refusal when it can never mean anything. */
export interface Decoded {
  readonly delivery: Delivery;
  readonly event: Inbound | Refusal;
}

/** Reads what messages say; never throws. */
export function decodeAll(deliveries: readonly Delivery[]): Decoded[] {
  return deliveries.map((delivery) => ({ delivery, event: decode(delivery) }));
}

/** The one way in: claim, apply and commit a batch of messages, whatever door they came by. */
@Injectable()
export class Intake {
  private readonly logger = new Logger('Intake');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly flow: FactFlow,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Resolves when everything is committed. Throws only what is transient: then nothing happened (or, after a failed COMMIT, nobody
   * knows) and the same messages may simply come again. A batch that fails for another reason is taken apart, one by one.
   */
  async process(decoded: readonly Decoded[], dispatch: Dispatch): Promise<Outcome[]> {
    const since = performance.now();
    const outcomes = await this.batch(decoded, dispatch);
    this.metrics.commitSeconds.observe((performance.now() - since) / 1000);
    this.metrics.batchSize.observe(decoded.length);
    for (const { delivery, result, code } of outcomes) this.metrics.counted(delivery.eventType, result, code);
    return outcomes;
  }

  private async batch(decoded: readonly Decoded[], dispatch: Dispatch): Promise<Outcome[]> {
    try {
      return await this.commit(decoded, dispatch);
    } catch (error) {
      if (isTransient(error)) throw error;
      if (decoded.length === 1) return this.giveUpOn(decoded[0]!, error, dispatch);
      const outcomes: Outcome[] = [];
      for (const one of decoded) outcomes.push(...(await this.batch([one], dispatch)));
      return outcomes;
    }
  }

  /**
   * A message that fails by itself, for a reason that will not pass, is set aside like one that cannot be read. If even that fails, the
   * dead letter is all that is left of it: it must not stop the messages behind it.
   */
  private giveUpOn({ delivery, event }: Decoded, error: unknown, dispatch: Dispatch): Promise<Outcome[]> {
    const stack = error instanceof Error ? error.stack : undefined;
    this.logger.error(`${delivery.stream} ${delivery.entryId}: ${messageOf(error)}`, stack);
    if (event instanceof Refusal) return Promise.resolve([refused(delivery, event)]);
    return this.batch([{ delivery, event: new Refusal('internal_error', messageOf(error)) }], dispatch);
  }

  private commit(decoded: readonly Decoded[], dispatch: Dispatch): Promise<Outcome[]> {
    const events = decoded.flatMap(({ event }) => (event instanceof Refusal ? [] : [event]));
    const opening = { facts: events.filter(isFact), accountIds: accountsOf(events) };
    return this.unitOfWork.run(opening, async (unit) => {
      const outcomes: Outcome[] = [];
      for (const one of decoded) outcomes.push(await this.handle(one, dispatch));
      await this.flow.restate(unit);
      await keepSetAside(unit, decoded, outcomes);
      await savePositions(unit, decoded);
      return outcomes;
    });
  }

  private async handle({ delivery, event }: Decoded, dispatch: Dispatch): Promise<Outcome> {
    if (event instanceof Refusal) return refused(delivery, event);
    if (event.kind === 'ignored') return { delivery, result: 'ignored', code: event.reason };
    try {
      const acceptance = await dispatch(delivery.eventType, event);
      if (!acceptance) return { delivery, result: 'applied' };
      return { delivery, result: acceptance.outcome, ...remarks(acceptance) };
    } catch (error) {
      // A handler refuses before it stages anything, so the rest of the batch goes on.
      if (error instanceof Refusal) return refused(delivery, error);
      throw error;
    }
  }
}

function decode({ eventType, fields, entryId, arrivedMs: told }: Delivery): Inbound | Refusal {
  try {
    const arrivedMs = told ?? Number(entryId.split('-')[0]);
    return decodeEntry(
      eventType,
      fields,
      Number.isSafeInteger(arrivedMs) ? { fallbackTime: arrivedMs * 1000 } : {},
    );
  } catch (error) {
    // Nothing that a message holds may stop the messages behind it.
    return error instanceof Refusal ? error : new Refusal('internal_error', messageOf(error));
  }
}

export function refused(delivery: Delivery, { code, message }: Refusal): Outcome {
  return { delivery, result: 'refused', code, message };
}

function remarks(acceptance: Acceptance): Pick<Outcome, 'code' | 'message'> {
  if (acceptance.outcome === 'conflict') {
    return { code: 'conflict', message: `contradicts the fact of version ${acceptance.firstVersion}` };
  }
  if (acceptance.outcome === 'duplicate' && acceptance.differs) {
    return {
      code: 'source_differs',
      message: `another source told version ${acceptance.firstVersion} differently`,
    };
  }
  return {};
}

function isFact(event: Inbound): event is Fact {
  return 'eventId' in event;
}

function accountsOf(events: readonly Inbound[]): string[] {
  return events.flatMap((event) =>
    event.kind === 'account.balance' || event.kind === 'position.snapshot' ? [event.accountId] : [],
  );
}

/** What was refused, contradicts a fact, or was told differently by another source is kept with its original bytes. */
async function keepSetAside(
  unit: Unit,
  decoded: readonly Decoded[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const kept = outcomes.flatMap((outcome, i) => {
    if (!outcome.code || outcome.result === 'ignored') return [];
    const { event, delivery } = decoded[i]!;
    const accountId = event instanceof Refusal || !('accountId' in event) ? null : event.accountId;
    const version = /version (\d+)/.exec(outcome.message ?? '')?.[1];
    return [
      {
        accountId,
        code: outcome.code,
        message: outcome.message ?? '',
        stream: delivery.stream,
        entryId: delivery.entryId,
        fields: netstrings(abridged(delivery.raw)),
        firstVersion: outcome.result === 'refused' || !version ? null : Number(version),
        receivedAt: unit.now,
      },
    ];
  });
  await setAside(unit.tx, kept);
}

/** How far each stream was taken: with the facts themselves, so that the two can never disagree. */
async function savePositions(unit: Unit, decoded: readonly Decoded[]): Promise<void> {
  const latest = new Map<string, string>();
  for (const { delivery } of decoded)
    if (/^\d+-\d+$/.test(delivery.entryId)) latest.set(delivery.stream, delivery.entryId);
  if (latest.size === 0) return;
  const streams = [...latest.keys()].sort();
  await unit.tx.send({
    name: 'source-positions',
    text: `INSERT INTO source_positions (stream, entry_id) SELECT * FROM unnest($1::text[], $2::text[])
           ON CONFLICT (stream) DO UPDATE SET entry_id = EXCLUDED.entry_id, updated_at = now()
           WHERE string_to_array(source_positions.entry_id, '-')::numeric[] < string_to_array(EXCLUDED.entry_id, '-')::numeric[]`,
    // In one order everywhere: two replicas must not wait for each other's rows in a circle.
    values: [streams, streams.map((stream) => latest.get(stream)!)],
  });
}
