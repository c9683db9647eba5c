import { messageOf } from '../../shared/errors.js';
import { LiveSocket } from './live-socket.js';
import type { BinanceRest } from './rest.js';
import type { BinanceSettings } from './settings.js';
import { streamAddress } from './settings.js';
import { troubleOf } from './trouble.js';
import { bodyOf } from './wire/reading.js';
import type { UserEvent } from './wire/user-event.js';
import { userEvent } from './wire/user-event.js';

/** What the user stream tells whoever started it. */
export interface UserStreamOwner {
  /** Connected: what happened before has to be asked for. */
  opened(): void;
  lost(reason: string): void;
  told(event: UserEvent): void;
  /** A message that could not be read: what it told has to be asked for. */
  unreadable(reason: string): void;
}

/** The exchange's messages about our own account, live. */
export class UserStream {
  private readonly socket: LiveSocket;
  private keeping: NodeJS.Timeout | null = null;

  constructor(
    private readonly rest: BinanceRest,
    private readonly settings: BinanceSettings,
    private readonly currency: string,
    private readonly owner: UserStreamOwner,
  ) {
    this.socket = new LiveSocket(
      {
        address: async () => streamAddress(settings.wsUrl, 'private', await rest.openListenKey()),
        opened: () => this.opened(),
        text: (text) => this.take(text),
        lost: (reason) => this.lost(reason),
      },
      settings,
    );
  }

  start(): void {
    this.socket.start();
  }

  async stop(): Promise<void> {
    this.keepNoMore();
    await this.socket.stop();
    this.keepNoMore();
  }

  private opened(): void {
    this.keepNoMore();
    this.keeping = setInterval(() => void this.keep(), this.settings.keepAliveMs);
    this.owner.opened();
  }

  private lost(reason: string): void {
    this.keepNoMore();
    this.owner.lost(reason);
  }

  private keepNoMore(): void {
    if (this.keeping) clearInterval(this.keeping);
    this.keeping = null;
  }

  /** A key that is gone needs a new connection. Any other failure is tried again in time: a key lives an hour. */
  private async keep(): Promise<void> {
    try {
      await this.rest.keepListenKey();
    } catch (error) {
      if (troubleOf(error)?.code === '-1125') this.socket.renew();
    }
  }

  private take(text: string): void {
    const event = this.read(text);
    if (!event) return;
    if (event.kind === 'expired') this.socket.renew();
    else this.owner.told(event);
  }

  private read(text: string): UserEvent | null {
    try {
      return userEvent(bodyOf(text), this.settings.accountId, this.currency);
    } catch (error) {
      this.owner.unreadable(messageOf(error));
      return null;
    }
  }
}
