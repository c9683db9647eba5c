import { metricsOf, type MetricLine } from '../../support/metrics.js';
import type { Rig } from './rig.js';

/** What became of messages, by what the processes counted and by what the database keeps. Prices do not count. */
export interface Counts {
  readonly messages: number;
  readonly duplicates: number;
  /** Conflicts and what cannot be read. */
  readonly refused: number;
  /** Duplicates that another source told differently: they are kept beside the refused ones. */
  readonly differing: number;
  readonly ledger: number;
  readonly quarantine: number;
}

/** Counted by the processes that live: what one counted that died is gone. */
export async function countedOf(rig: Rig): Promise<Counts> {
  const alive = [...rig.replicas.values()].filter((replica) => replica.lives());
  const lines = (await Promise.all(alive.map(metricsOf)))
    .flat()
    .filter(({ labels }) => labels['event_type'] !== 'market.tick');
  const sum = (metric: string, matches: (labels: MetricLine['labels']) => boolean = () => true): number =>
    lines
      .filter(({ name, labels }) => name === metric && matches(labels))
      .reduce((total, { value }) => total + value, 0);
  const outcomes = (...names: string[]): number =>
    sum('portfolio_messages_total', ({ outcome }) => names.includes(outcome!));
  const [kept] = await rig.postgres.query<{ ledger: number; quarantine: number }>(
    'SELECT (SELECT count(*)::int FROM ledger) AS ledger, (SELECT count(*)::int FROM quarantine) AS quarantine',
  );
  return {
    messages: sum('portfolio_messages_total'),
    duplicates: outcomes('duplicate'),
    refused: outcomes('conflict', 'refused'),
    differing: sum('portfolio_messages_refused_total', ({ code }) => code === 'source_differs'),
    ...kept!,
  };
}
