import type { Socket } from 'node:net';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Logger } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { codeOf } from '../shared/errors.js';
import type { Backends, SessionState } from './backends.js';

const LOOK_MS = 1_000;
/** At so many looks in a row nothing may have come before Postgres is asked. Looks and not time: a process that stood still heard nothing either. */
const SILENT_LOOKS = 3;
/** So often in a row Postgres has to say that it waits for us, where that may be by chance. */
const CERTAIN_FINDINGS = 3;

/** What the driver knows of a connection and does not say in its types. */
interface Wire {
  readonly processID: number;
  /** False while a statement is unanswered. */
  readonly readyForQuery?: boolean;
  readonly connection: { readonly stream: Socket };
}

interface Watched {
  readonly wire: Wire;
  inPool: boolean;
  heard: number;
  silentLooks: number;
  findings: number;
}

/**
 * Finds connections to Postgres that are dead and say nothing: their statements would wait for the driver's limit, which is as long as the
 * longest statement may take. Whether a silence is work or death only Postgres knows, so it is asked over another connection whether the
 * session is at our statement. One that is not is cut, and what waited for it is tried again.
 */
export class ConnectionWatch implements OnApplicationShutdown {
  private readonly logger = new Logger('Database');
  private readonly watched = new Map<PoolClient, Watched>();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly backends: Backends,
  ) {}

  /** Watches the pool's connections from now on; the pool must be there. */
  start(): void {
    if (this.timer) return;
    const { master } = this.dataSource.driver as unknown as { master: Pool };
    master.on('acquire', (client) => this.took(client));
    master.on('release', (_error, client) => this.gaveBack(client));
    master.on('remove', (client) => void this.watched.delete(client));
    this.again();
  }

  /** Cuts every connection: what waits for an answer fails at once. */
  cutAll(): void {
    for (const { wire } of this.watched.values()) cut(wire);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private took(client: PoolClient): void {
    const wire = client as unknown as Wire;
    const known = this.watched.get(client);
    if (known) return void (known.inPool = false);
    this.watched.set(client, { wire, inPool: false, heard: -1, silentLooks: 0, findings: 0 });
  }

  private gaveBack(client: PoolClient): void {
    const known = this.watched.get(client);
    if (known) known.inPool = true;
  }

  private again(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look().finally(() => this.again()), LOOK_MS).unref();
  }

  private async look(): Promise<void> {
    const silent = [...this.watched.values()].filter(staysSilent);
    if (silent.length === 0) return;
    try {
      const states = await this.backends.statesOf(silent.map(({ wire }) => wire.processID));
      const dead = silent.filter((one) => isDead(one, states.get(one.wire.processID) ?? 'unknown'));
      if (dead.length > 0) await this.bury(dead);
    } catch (error) {
      // Away altogether: whoever needs it says so. When it is back it is asked again.
      this.logger.debug(`Postgres cannot be asked about its sessions: ${codeOf(error) ?? 'no answer'}`);
    }
  }

  /** Those that rest in the pool have the same way to Postgres and say nothing either: each would cost its next user the same time. */
  private async bury(dead: readonly Watched[]): Promise<void> {
    const resting = [...this.watched.values()].filter(({ inPool }) => inPool);
    const all = [...new Set([...dead, ...resting])];
    this.logger.warn(
      `${dead.length} connections to Postgres were dead, and are cut with ${resting.length} that rested`,
    );
    for (const { wire } of all) cut(wire);
    await this.backends.end(all.map(({ wire }) => wire.processID));
  }
}

/** Notes one look. Whether a statement has gone unanswered, and nothing was heard at all, for so many looks. */
function staysSilent(one: Watched): boolean {
  const heard = one.wire.connection.stream.bytesRead;
  const isSilent = one.wire.readyForQuery === false && heard === one.heard;
  one.heard = heard;
  if (!isSilent) one.findings = 0;
  one.silentLooks = isSilent ? one.silentLooks + 1 : 0;
  return one.silentLooks >= SILENT_LOOKS;
}

function isDead(one: Watched, state: SessionState): boolean {
  // The answer to the statement may have overtaken the answer about it.
  if (one.wire.connection.stream.bytesRead !== one.heard || one.wire.readyForQuery !== false) return false;
  if (state === 'gone' || state === 'idle') return true;
  one.findings = state === 'waiting' ? one.findings + 1 : 0;
  // Work may take as long as it may: it is asked about again after another such silence.
  if (one.findings === 0) one.silentLooks = 0;
  return one.findings >= CERTAIN_FINDINGS;
}

function cut({ connection }: Wire): void {
  connection.stream.destroy(new Error('connection terminated: nothing was heard on it any more'));
}
