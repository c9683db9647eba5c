import { Injectable } from '@nestjs/common';
import { TransientError } from '../shared/errors.js';

/** `starting`: accounts are still being loaded; `running`: answers are whole; `draining`: told to stop, finishing what it has. */
export type Phase = 'starting' | 'running' | 'draining';

/** Asked for an account before the accounts were loaded. */
export class StartingError extends TransientError {
  constructor() {
    super('the service is still loading its accounts');
  }
}

/**
 * Where the process is in its life, and signs of life from whoever publishes. It stands down here because everything above the
 * ledger may have something to tell it.
 */
@Injectable()
export class ServiceState {
  phase: Phase = 'starting';
  /** Snapshots published since the process started, heartbeats included. */
  snapshotUpdates = 0;
  /** Microseconds since the epoch of the last one; null = none yet. */
  lastSnapshotUpdate: number | null = null;

  /** Everything is loaded and served. A process that drains never runs again. */
  started(): void {
    if (this.phase === 'starting') this.phase = 'running';
  }

  drain(): void {
    this.phase = 'draining';
  }

  published(at: number): void {
    this.snapshotUpdates += 1;
    this.lastSnapshotUpdate = at;
  }

  /** Throws StartingError until the accounts are loaded: an answer without them would be wrong, not empty. */
  requireAccounts(): void {
    if (this.phase === 'starting') throw new StartingError();
  }
}
