import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SIZES = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** What the service counts about itself; exposed at /metrics in Prometheus' text form. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly messages = this.counter('portfolio_messages_total', 'Messages by what became of them', [
    'event_type',
    'outcome',
  ]);
  private readonly refusals = this.counter(
    'portfolio_messages_refused_total',
    'Messages set aside, by reason',
    ['event_type', 'code'],
  );
  readonly conflicts = this.counter(
    'portfolio_conflicts_total',
    'Facts that contradict an accepted one of the same source',
    [],
  );
  readonly sourceGaps = this.counter(
    'portfolio_source_gaps_total',
    'Times a stream was found to have lost messages',
    ['stream'],
  );
  readonly turnedAway = this.counter(
    'portfolio_turned_away_total',
    'Requests that were not let in, by reason',
    ['door', 'code'],
  );
  readonly ticks = this.counter('portfolio_ticks_total', 'Prices seen, by what became of them', ['outcome']);
  readonly published = this.counter('portfolio_outbox_published_total', 'Durable events published', []);
  readonly outboxPending = new Gauge({
    name: 'portfolio_outbox_pending',
    help: 'Durable events not published yet',
    registers: [this.registry],
  });
  readonly commitSeconds = new Histogram({
    name: 'portfolio_commit_seconds',
    help: 'Seconds from the first message of a batch to its COMMIT',
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly batchSize = new Histogram({
    name: 'portfolio_batch_size',
    help: 'Messages a transaction',
    buckets: SIZES,
    registers: [this.registry],
  });

  readonly limitSeconds = new Histogram({
    name: 'portfolio_limit_assessment_seconds',
    help: 'Seconds to hold one account against its limits; its count is how often',
    buckets: SECONDS,
    registers: [this.registry],
  });

  /** Counts one message; `code` says why when it was set aside or ignored. */
  counted(eventType: string, outcome: string, code?: string): void {
    this.messages.inc({ event_type: eventType, outcome });
    if (outcome === 'conflict') this.conflicts.inc();
    if (code) this.refusals.inc({ event_type: eventType, code });
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
