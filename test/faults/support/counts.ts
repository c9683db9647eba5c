import { metricsOf, type MetricLine } from '../../support/metrics.js';
import { eventually } from '../../support/eventually.js';
import type { Trial } from './experiment.js';
import type { Load } from './load.js';
import type { Rig } from './rig.js';
import { inFull } from './settings.js';

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

/** Runs `work` on a service that lives through it, and holds what it counted against what was sent and what was kept. */
export async function counted(
  { rig }: Trial,
  loads: readonly Load[],
  work: () => Promise<void>,
): Promise<void> {
  await rig.running();
  const before = await countedOf(rig);
  const sentBefore = loads.reduce((sum, load) => sum + load.sent, 0);
  await work();
  const sent = loads.reduce((sum, load) => sum + load.sent, 0) - sentBefore;
  await eventually(
    async () => {
      const after = await countedOf(rig);
      const since = (name: keyof Counts): number => after[name] - before[name];
      // What was sent = applied + duplicate + set aside; nothing is lost and nothing is counted twice.
      expect({ told: since('messages'), ledger: since('ledger') }).toEqual({
        told: sent,
        ledger: sent - since('duplicates') - since('refused'),
      });
      expect(since('quarantine')).toBe(since('refused') + since('differing'));
    },
    { timeoutMs: inFull(20_000, 300_000) },
  );
}
