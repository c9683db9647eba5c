import { WebSocket } from 'ws';
import { messageOf } from '../../shared/errors.js';
import { BackOff, Pause } from './pause.js';

const HANDSHAKE_MS = 10_000;
const MOST_BYTES = 8_000_000;

/** What a stream is told and asked. */
export interface SocketOwner {
  /** Where to connect; asked anew for every connection. */
  address(): Promise<string>;
  opened(): void;
  text(text: string): void;
  /** It is lost and will be tried again; `reason` names no address. */
  lost(reason: string): void;
}

/** Times of a connection, ms. */
export interface SocketTimes {
  /** How often it says hello when nothing else is said; twice that without a word means that it is dead. */
  readonly pingMs: number;
  readonly retryMs: number;
}

/**
 * A WebSocket that is connected again whenever it is lost, with growing pauses: the exchange ends every one after 24 hours, and a dead line
 * ends none, so that silence is taken for death.
 */
export class LiveSocket {
  private readonly pause = new Pause();
  private readonly backOff: BackOff;
  private socket: WebSocket | null = null;
  private running: Promise<void> = Promise.resolve();
  private stopping = false;

  constructor(
    private readonly owner: SocketOwner,
    private readonly times: SocketTimes,
  ) {
    this.backOff = new BackOff(times.retryMs);
  }

  start(): void {
    this.running = this.run();
  }

  /** Cuts the connection; another one follows. */
  renew(): void {
    this.socket?.terminate();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.pause.end();
    this.socket?.terminate();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const reason = await this.connect().catch(messageOf);
      if (this.stopping) return;
      this.owner.lost(reason);
      await this.pause.rest(this.backOff.next());
    }
  }

  /** Resolves with the reason when the connection has ended. Throws when there is no address. */
  private async connect(): Promise<string> {
    const address = await this.owner.address();
    if (this.stopping) return 'stopped';
    const socket = new WebSocket(address, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MOST_BYTES,
      followRedirects: false,
      perMessageDeflate: false,
    });
    this.socket = socket;
    return this.lifeOf(socket);
  }

  private lifeOf(socket: WebSocket): Promise<string> {
    let reason: string | null = null;
    let [openedAt, heardAt] = [0, Date.now()];
    const heard = () => (heardAt = Date.now());
    const watch = setInterval(() => {
      if (Date.now() - heardAt > 2 * this.times.pingMs) {
        reason = 'silent';
        socket.terminate();
      } else if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, this.times.pingMs);
    socket.on('open', () => {
      openedAt = heard();
      this.owner.opened();
    });
    // The exchange's pings are answered by the library.
    for (const sign of ['ping', 'pong'] as const) socket.on(sign, heard);
    socket.on('message', (bytes: Buffer) => {
      heard();
      this.owner.text(bytes.toString());
    });
    socket.on('error', (error) => (reason ??= reasonOf(error)));
    return new Promise((resolve) => {
      socket.on('close', (code) => {
        clearInterval(watch);
        this.socket = null;
        // One that is accepted and closed at once is no success: only what lived for a while starts the pauses anew.
        if (openedAt > 0 && Date.now() - openedAt > 4 * this.times.retryMs) this.backOff.reset();
        resolve(reason ?? `closed (${code})`);
      });
    });
  }
}

/** The library's words may hold the address, in which a listen key stands. */
function reasonOf(error: Error & { code?: string }): string {
  const status = /Unexpected server response: (\d{3})/.exec(error.message)?.[1];
  return status ? `HTTP ${status}` : (error.code ?? 'failed');
}
