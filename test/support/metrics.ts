import type { TestService } from './service.js';

export interface MetricLine {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Every sample of /metrics. */
export async function metricsOf(service: TestService): Promise<MetricLine[]> {
  const { text } = await service.get('/metrics');
  return text.split('\n').flatMap((line) => {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) return [];
    const pairs = [...(match[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(
      (pair) => [pair[1]!, pair[2]!] as const,
    );
    return [{ name: match[1]!, labels: Object.fromEntries(pairs), value: Number(match[3]) }];
  });
}

/** How many messages of an event type were taken, all outcomes together, or one outcome alone. */
export async function messagesCounted(
  service: TestService,
  eventType: string,
  outcome?: string,
): Promise<number> {
  const lines = (await metricsOf(service))
    .filter(({ name, labels }) => name === 'portfolio_messages_total' && labels['event_type'] === eventType)
    .filter(({ labels }) => outcome === undefined || labels['outcome'] === outcome);
  return totalOf(lines);
}

/** How many prices were used or found too old, of whatever stream. */
export async function pricesCounted(service: TestService): Promise<number> {
  const lines = (await metricsOf(service)).filter(({ name }) => name === 'portfolio_ticks_total');
  return totalOf(lines.filter(({ labels }) => labels['outcome'] !== 'refused'));
}

function totalOf(lines: readonly MetricLine[]): number {
  return lines.reduce((sum, { value }) => sum + value, 0);
}
