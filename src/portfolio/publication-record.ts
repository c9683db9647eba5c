import { Injectable } from '@nestjs/common';

/** How often snapshots were published since the process started, and when last (microseconds since the epoch, null = not yet). */
@Injectable()
export class PublicationRecord {
  snapshots = 0;
  lastAt: number | null = null;

  published(now: number): void {
    this.snapshots += 1;
    this.lastAt = now;
  }
}
