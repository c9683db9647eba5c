import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import { PriceFlow } from '../flow/price-flow.js';
import type { MarkObserved } from '../ledger/facts.js';
import { Refusal } from '../ledger/facts.js';
import { Metrics } from '../ledger/metrics.js';
import { abridged, netstrings, setAside } from '../ledger/quarantine.js';
import { Clock } from '../shared/clock.js';
import { messageOf } from '../shared/errors.js';
import { DeadLetters } from './dead-letters.js';
import type { Outcome } from './intake.js';
import { refused } from './intake.js';
import { streamOf } from './redis.js';
import { decodeEntry } from './wire/decode.js';
import type { EntryBytes } from './wire/entry-bytes.js';
import { textOf } from './wire/json.js';
import { scanTick } from './wire/tick.js';

/** Entries taken at a stretch. In between whatever else waits has its turn: however many prices come, a trade waits for a millisecond or two. */
const AT_A_STRETCH = 256;

/** A batch may bring this many refused prices to the quarantine; a flood of junk beyond that is only counted. */
const MOST_SET_ASIDE = 20;
/** Batches of refused prices that may wait to be kept. */
const MOST_WAITING = 50;

/** Prices on their way from the wire into the book: latest wins, nothing is written for them one by one. */
@Injectable()
export class Levels {
  private readonly logger = new Logger('Levels');
  private keeping: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    private readonly prices: PriceFlow,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly database: Database,
    private readonly deadLetters: DeadLetters,
  ) {}

  /** Applies the entries of one stream in their order. */
  async take(eventType: string, entries: readonly EntryBytes[]): Promise<void> {
    for (let start = 0; start < entries.length; start += AT_A_STRETCH) {
      if (start > 0) await nextTurn();
      await this.takeStretch(eventType, entries.slice(start, start + AT_A_STRETCH));
    }
  }

  private async takeStretch(eventType: string, entries: readonly EntryBytes[]): Promise<void> {
    const marks: MarkObserved[] = [];
    const origins: EntryBytes[] = [];
    const bad: Outcome[] = [];
    for (const entry of entries) {
      const mark = this.read(eventType, entry, bad);
      if (!mark) continue;
      marks.push(mark);
      origins.push(entry);
    }
    const { refused: late } = await this.observe(marks);
    for (const { mark, refusal } of late)
      bad.push(outcomeOf(eventType, origins[marks.indexOf(mark)]!, refusal));
    for (const { result, code } of bad) this.metrics.counted(eventType, result, code);
    this.keepLater(bad.filter(({ result }) => result === 'refused').slice(0, MOST_SET_ASIDE));
  }

  /** Applies prices that came as messages of their own. */
  observe(marks: readonly MarkObserved[]) {
    return this.prices.observe(marks);
  }

  private read(eventType: string, entry: EntryBytes, bad: Outcome[]): MarkObserved | null {
    const tick = eventType === 'market.tick' ? scanTick(entry) : null;
    if (tick) return tick;
    try {
      const fallbackTime = Number(entry.id.split('-')[0]) * 1000;
      const event = decodeEntry(eventType, textsOf(entry.fields), { fallbackTime });
      if (event.kind === 'mark') return event;
      bad.push({
        ...outcomeOf(eventType, entry, null),
        ...(event.kind === 'ignored' ? { code: event.reason } : {}),
      });
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal('internal_error', messageOf(error));
      bad.push(outcomeOf(eventType, entry, refusal));
    }
    return null;
  }

  /** Behind the prices, one batch after another; when the database cannot keep up with the junk, the rest of it is only counted. */
  private keepLater(outcomes: readonly Outcome[]): void {
    if (outcomes.length === 0 || this.waiting >= MOST_WAITING) return;
    this.waiting += 1;
    this.keeping = this.keeping.then(() => this.keep(outcomes)).finally(() => (this.waiting -= 1));
  }

  /** A price that cannot be one is a named refusal, not a gap: kept when the database takes it, and never in the way of the next. */
  private async keep(refusedOnes: readonly Outcome[]): Promise<void> {
    if (refusedOnes.length === 0) return;
    try {
      const isNew = await this.database.transaction((tx) =>
        setAside(
          tx,
          refusedOnes.map(({ delivery, code, message }) => ({
            accountId: null,
            code: code ?? 'refused',
            message: message ?? '',
            stream: delivery.stream,
            entryId: delivery.entryId,
            fields: netstrings(abridged(delivery.raw)),
            firstVersion: null,
            receivedAt: this.clock.now(),
          })),
        ),
      );
      // Every replica reads every price; the one whose row was first sends the dead letter.
      await this.deadLetters.send(refusedOnes.filter(({ delivery }) => isNew.has(delivery.entryId)));
    } catch (error) {
      this.logger.warn(`${refusedOnes.length} refused prices could not be kept: ${messageOf(error)}`);
    }
  }
}

function outcomeOf(eventType: string, entry: EntryBytes, refusal: Refusal | null): Outcome {
  const { id: entryId, fields: raw } = entry;
  const delivery = { eventType, stream: streamOf(eventType), entryId, fields: textsOf(raw), raw };
  return refusal ? refused(delivery, refusal) : { delivery, result: 'ignored' };
}

function textsOf(fields: readonly Buffer[]): string[] {
  return fields.map(textOf);
}
