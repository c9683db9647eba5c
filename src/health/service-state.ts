import { Injectable } from '@nestjs/common';

/** `starting`: accounts are still being loaded; `running`: answers are whole; `draining`: told to stop, finishing what it has. */
export type Phase = 'starting' | 'running' | 'draining';

/** Where the process is in its life. */
@Injectable()
export class ServiceState {
  private current: Phase = 'starting';

  get phase(): Phase {
    return this.current;
  }

  /** Accounts are loaded and messages are read. A process that drains never runs again. */
  running(): void {
    if (this.current === 'starting') this.current = 'running';
  }

  draining(): void {
    this.current = 'draining';
  }
}
