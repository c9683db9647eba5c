import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Value } from './json.js';
import { jsonOf } from './json.js';

const MARKS = '!markPrice@arr@1s';

/** How messages of the user stream leave: as they are, every one twice, or (until flushed) the last first. */
export type Delivery = 'normal' | 'twice' | 'reversed' | 'lost';

/** The WebSockets of the exchange: one stream an address, `/private/ws/<key>`, `/market/ws/<name>` or `/ws/<either>`. */
export class Streams {
  delivery: Delivery = 'normal';
  /** Refuses new connections, as a network that is cut does. */
  refusing = false;
  /** Connections of the user stream so far. */
  connections = 0;
  listenKey: string | null = null;
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly user = new Set<WebSocket>();
  private readonly marks = new Set<WebSocket>();
  private readonly frozen = new Set<WebSocket>();
  private held: string[] = [];
  private keys = 0;

  /** A new connection; one that names no stream we know is refused as the exchange does. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const name = /^\/(?:(?:private|market)\/)?ws\/([^?]+)/.exec(request.url ?? '')?.[1];
    const stream =
      name === MARKS || name === encodeURI(MARKS) ? this.marks : name === this.listenKey ? this.user : null;
    if (this.refusing || !stream) return void socket.destroy();
    this.server.handleUpgrade(request, socket, head, (client) => {
      stream.add(client);
      if (stream === this.user) this.connections += 1;
      client.on('close', () => stream.delete(client));
      client.on('error', () => client.terminate());
    });
  }

  /** The active listen key, made when there is none. */
  open(): string {
    return (this.listenKey ??= `listen${(this.keys += 1)}${'k'.repeat(50)}`);
  }

  /** Ends the listen key; the connection stays and is silent from then on, as on the live exchange. */
  expire(now: number): void {
    const listenKey = this.listenKey ?? '';
    this.listenKey = null;
    this.send(this.user, jsonOf({ e: 'listenKeyExpired', E: now, listenKey }));
    this.user.clear();
  }

  tellUser(message: Value): void {
    const text = jsonOf(message);
    if (this.delivery === 'lost') return;
    if (this.delivery === 'reversed') return void this.held.unshift(text);
    this.send(this.user, text);
    if (this.delivery === 'twice') this.send(this.user, text);
  }

  /** Sends what was held back, the last first. */
  flush(): void {
    for (const text of this.held) this.send(this.user, text);
    this.held = [];
  }

  tellMarks(message: Value): void {
    this.send(this.marks, jsonOf(message));
  }

  /** Sends text as it is, to the user stream or that of marks: nothing a real exchange would send. */
  tellRaw(text: string, stream: 'user' | 'marks' = 'user'): void {
    this.send(this[stream], text);
  }

  get connected(): number {
    return this.user.size;
  }

  /** Leaves every connection open and dead: nothing is read, so that not even a ping is answered. */
  freeze(): void {
    for (const client of [...this.user, ...this.marks]) {
      client.pause();
      this.frozen.add(client);
    }
    this.user.clear();
    this.marks.clear();
  }

  /** Forgets the listen key without a word. */
  forgetKey(): void {
    this.listenKey = null;
    this.user.clear();
  }

  cut(): void {
    for (const client of [...this.user, ...this.marks, ...this.frozen]) client.terminate();
  }

  private send(clients: ReadonlySet<WebSocket>, text: string): void {
    for (const client of clients) client.send(text);
  }
}
