import type { Redis } from 'ioredis';
import { streamOf } from '../../support/streams.js';

const EVENTS = ['snapshot', 'pnl', 'drawdown', 'exposure'].map((name) => `portfolio.${name}_updated`);
const READ_MS = 50;

interface Told {
  readonly event_id: string;
  readonly account_id: string;
  readonly version: number;
  readonly previous_version: number;
}

/**
 * A consumer that reads what the service publishes, all the time and from the beginning, and starts over when the streams were lost: what
 * Redis forgot was seen before or is published again.
 */
export class Publications {
  private readonly after = new Map(EVENTS.map((type) => [type, '0-0']));
  private readonly told = new Map<string, Told[]>();
  private timer: NodeJS.Timeout | null = null;
  private reading: Promise<void> = Promise.resolve();
  /** Times that an event came which had come before. */
  repeats = 0;
  private readonly seen = new Set<string>();

  constructor(private readonly redis: Redis) {}

  start(): void {
    this.timer = setInterval(() => void this.catchUp(), READ_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.reading;
  }

  /** Reads what is there by now; a Redis that is away is asked again later. */
  catchUp(): Promise<void> {
    this.reading = this.reading.then(() => this.readAll()).catch(() => undefined);
    return this.reading;
  }

  /** What is wrong with what was told of an account: every step of its version once, in order, from 0 to `version`. */
  faultsOf(account: string, version: number): string[] {
    return EVENTS.flatMap((type) => {
      const told = this.told.get(`${type} ${account}`) ?? [];
      const gap = told.find((one, index) => one.previous_version !== (told[index - 1]?.version ?? 0));
      if (gap)
        return [
          `${type} of ${account}: a step from ${gap.previous_version} to ${gap.version} at ${told.indexOf(gap)}`,
        ];
      const last = told.at(-1)?.version ?? 0;
      return last === version ? [] : [`${type} of ${account} was told up to ${last} and not ${version}`];
    });
  }

  private async readAll(): Promise<void> {
    for (const type of EVENTS) {
      const entries = await this.redis.xrange(streamOf(type), `(${this.after.get(type)!}`, '+');
      for (const [id, fields] of entries) {
        this.take(type, JSON.parse(fields[fields.indexOf('payload') + 1]!) as Told);
        this.after.set(type, id);
      }
    }
  }

  private take(type: string, told: Told): void {
    if (told.version === told.previous_version) return;
    const name = `${type} ${told.account_id}`;
    if (this.seen.has(told.event_id)) return void (this.repeats += 1);
    this.seen.add(told.event_id);
    const steps = this.told.get(name) ?? [];
    steps.push(told);
    this.told.set(name, steps);
  }
}
