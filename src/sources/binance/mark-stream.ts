import type { MarkObserved } from '../../ledger/facts.js';
import { LiveSocket } from './live-socket.js';
import type { ServerClock } from './server-clock.js';
import type { BinanceSettings } from './settings.js';
import { streamAddress } from './settings.js';
import { bodyOf, objectOf } from './wire/reading.js';
import { marksOfStream } from './wire/marks.js';

const STREAM = '!markPrice@arr@1s';

/** The mark prices of every symbol, once a second. */
export class MarkStream {
  private readonly socket: LiveSocket;

  constructor(
    settings: BinanceSettings,
    private readonly clock: ServerClock,
    private readonly seen: (marks: readonly MarkObserved[]) => void,
    private readonly owner: { lost(reason: string): void; unreadable(error: unknown): void },
  ) {
    this.socket = new LiveSocket(
      {
        address: () => Promise.resolve(streamAddress(settings.wsUrl, 'market', STREAM)),
        opened: () => undefined,
        text: (text) => this.take(text),
        lost: (reason) => this.owner.lost(reason),
      },
      settings,
    );
  }

  start(): void {
    this.socket.start();
  }

  stop(): Promise<void> {
    return this.socket.stop();
  }

  private take(text: string): void {
    try {
      const json = bodyOf(text);
      const body = json instanceof Map ? objectOf(json, 'the message').get('data') : json;
      // Anything but a list is an answer about the connection, not a price.
      if (Array.isArray(body)) this.seen(marksOfStream(body, this.clock.aheadMs));
    } catch (error) {
      this.owner.unreadable(error);
    }
  }
}
