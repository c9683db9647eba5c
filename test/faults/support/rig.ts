import type { Redis } from 'ioredis';
import { eventually } from '../../support/eventually.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { Load, type LoadOptions } from './load.js';
import { startPostgres, type PrivatePostgres } from './postgres.js';
import { FaultProxy } from './proxy.js';
import { Publications } from './publications.js';
import { startReplica, type Replica } from './replica.js';

/** How long the service may take to be itself again once a dependency is back. */
export const RECOVERY_LIMIT_MS = 10_000;

/** How long a process that was just started may take, what waited for it included. */
export const START_LIMIT_MS = 30_000;

export interface RigOptions {
  readonly env?: Record<string, string | undefined>;
  readonly redisArgs?: readonly string[];
  /** Where Postgres keeps its data; a temporary folder unless given. */
  readonly postgresDirectory?: string;
}

/** A Postgres and a Redis of its own, a proxy before each, and the processes of the service that reach them through the proxies. */
export class Rig {
  readonly loads: Load[] = [];
  readonly replicas = new Map<string, Replica>();
  readonly publications: Publications;
  private probes = 0;

  private constructor(
    readonly postgres: PrivatePostgres,
    readonly redisServer: TestRedis,
    readonly toPostgres: FaultProxy,
    readonly toRedis: FaultProxy,
    /** Straight to the server: what tests send and see does not pass through the faults. */
    readonly redis: Redis,
    private readonly options: RigOptions,
  ) {
    this.publications = new Publications(redisServer.client());
    this.publications.start();
  }

  static async start(options: RigOptions = {}): Promise<Rig> {
    const [postgres, server] = await Promise.all([
      startPostgres(options.postgresDirectory),
      startRedis({ appendonly: true, ...(options.redisArgs && { args: options.redisArgs }) }),
    ]);
    const toPostgres = await FaultProxy.start(Number(new URL(postgres.url).port));
    const toRedis = await FaultProxy.start(server.port);
    return new Rig(postgres, server, toPostgres, toRedis, server.client(), options);
  }

  /** The process that answers; the first that lives. */
  get service(): Replica {
    const found = [...this.replicas.values()].find((replica) => replica.lives());
    if (!found) throw new Error('no process lives');
    return found;
  }

  /** Starts a process without waiting for it; another one of the same name must have ended. */
  async launch(name = 'a', env: Record<string, string | undefined> = {}): Promise<Replica> {
    const replica = await startReplica({
      name,
      databaseUrl: this.addressOf('portfolio'),
      redisUrl: `redis://127.0.0.1:${this.toRedis.port}`,
      env: { ...this.options.env, ...env },
    });
    this.replicas.set(name, replica);
    return replica;
  }

  /** A database of the server, through the proxy. */
  addressOf(name: string): string {
    const url = new URL(this.postgres.url);
    url.port = String(this.toPostgres.port);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Starts a process and returns when it is ready. */
  async start(name = 'a', env: Record<string, string | undefined> = {}): Promise<Replica> {
    const replica = await this.launch(name, env);
    await replica.ready();
    return replica;
  }

  /** The process that answers, started when none does. */
  async running(): Promise<Replica> {
    const living = [...this.replicas.values()].find((replica) => replica.lives());
    return living ?? this.start();
  }

  /** Stops every process cleanly. */
  async quiet(): Promise<void> {
    for (const replica of this.replicas.values()) if (replica.lives()) await replica.stop();
  }

  load(account: string, options: LoadOptions): Load {
    const load = new Load(account, options);
    this.loads.push(load);
    return load;
  }

  /**
   * Milliseconds from `since` (when what was away came back) until the service is ready and a fact sent now shows in its answer. Throws when that
   * takes too long.
   */
  async recovered(since: number, limitMs = RECOVERY_LIMIT_MS): Promise<number> {
    const load =
      this.loads.find(({ account }) => account === 'probe') ?? this.load('probe', { seed: 1, trades: 0 });
    const event_id = `probe-${(this.probes += 1)}`;
    const at = Date.now() - 1_000;
    const timestamp = new Date(at).toISOString();
    const fact = { kind: 'flow', type: 'DEPOSIT', amount: '1', at } as const;
    await load.tell(
      this.redis,
      'account.cash_flow',
      { event_id, type: 'DEPOSIT', amount: '1', timestamp },
      fact,
    );
    await this.service.ready(limitMs - (Date.now() - since));
    await eventually(() => this.showsCash('probe', this.probes), {
      timeoutMs: limitMs - (Date.now() - since),
      everyMs: 20,
    });
    return Date.now() - since;
  }

  private async showsCash(account: string, least: number): Promise<void> {
    const answer = await this.service.get(`/api/portfolio/snapshot?account=${account}`);
    if (answer.status !== 200 || Number(answer.json()['cash_balance']) < least)
      throw new Error(`the probe does not show: ${answer.text}`);
  }

  /** Stops everything; what still runs must end cleanly. */
  async stop(): Promise<void> {
    this.toPostgres.heal();
    this.toRedis.heal();
    try {
      for (const replica of this.replicas.values()) {
        if (!replica.lives()) continue;
        replica.thaw();
        await replica.stop();
      }
    } finally {
      await this.discard();
    }
  }

  /** Ends everything by force, as after an experiment that failed. */
  async discard(): Promise<void> {
    this.redisServer.thaw();
    for (const replica of this.replicas.values()) await replica.kill9();
    await this.publications.stop();
    await this.toPostgres.stop();
    await this.toRedis.stop();
    await this.redisServer.stop();
    await this.postgres.stop();
  }
}
