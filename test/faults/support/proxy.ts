import { connect, createServer, type Server, type Socket } from 'node:net';

/** What the proxy does to a connection. `swallow` = half-open: everything is accepted, nothing passes in either direction. */
type Mode = 'pass' | 'refuse' | 'swallow';

/** Waits for these bytes on their way to the server, lets them through, and loses what the server says to them. */
interface Loss {
  readonly pattern: Buffer;
  left: number;
  /** How many replies were lost so far. */
  lost: number;
  /** Whether somebody ends the connection afterwards. */
  readonly cuts: boolean;
}

/** `deaf`: what the server says is lost; `dead`: nothing passes in either direction. */
interface Pair {
  deaf: boolean;
  dead: boolean;
}

/** How long the server has for what it was told before the connection whose reply is lost is cut. */
const LOST_AFTER_MS = 150;

/** A TCP proxy on the loopback interface that can do to a connection what networks do. */
export class FaultProxy {
  private mode: Mode = 'pass';
  private delayMs = 0;
  private loss: Loss | null = null;
  private readonly open = new Set<Socket>();
  private readonly pairs = new Set<Pair>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly targetPort: number,
  ) {}

  static start(targetPort: number): Promise<FaultProxy> {
    const server = createServer();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        const proxy = new FaultProxy(server, port, targetPort);
        server.on('connection', (client) => proxy.join(client));
        resolve(proxy);
      });
    });
  }

  /** Undoes every fault. What stalled goes on stalling: a network that comes back does not bring old connections back. */
  heal(): void {
    const wasSwallowing = this.mode === 'swallow';
    [this.mode, this.delayMs, this.loss] = ['pass', 0, null];
    if (wasSwallowing) this.dropAll();
  }

  /** Lets new connections through and leaves those that are there dead: nobody ever tells their ends. */
  forget(): void {
    this.mode = 'pass';
    for (const pair of this.pairs) pair.dead = true;
  }

  /** Ends every connection at once and lets no new one in. */
  cut(): void {
    this.mode = 'refuse';
    this.dropAll();
  }

  /** Ends every connection at once; new ones come through. */
  dropAll(): void {
    for (const socket of this.open) socket.destroy();
  }

  /** Nothing passes any more, and nobody is told. */
  halfOpen(): void {
    this.mode = 'swallow';
  }

  /** Everything the server says takes this much longer. */
  slow(ms: number): void {
    this.delayMs = ms;
  }

  /** The next `times` replies to what has `pattern` in it are lost, and their connections with them. */
  loseReply(pattern: string, times = 1): { readonly lost: () => number } {
    return this.lose(pattern, times, true);
  }

  /** The same, but nobody ever tells the ends: from then on nothing passes on that connection in either direction. */
  deaden(pattern: string, times = 1): { readonly lost: () => number } {
    return this.lose(pattern, times, false);
  }

  /** Connections on which nothing passes any more and that nobody has given up yet. */
  get dead(): number {
    return [...this.pairs].filter((pair) => pair.dead).length;
  }

  private lose(pattern: string, times: number, cuts: boolean): { readonly lost: () => number } {
    const loss = { pattern: Buffer.from(pattern), left: times, lost: 0, cuts };
    this.loss = loss;
    return { lost: () => loss.lost };
  }

  async stop(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    if (this.mode === 'refuse') return void client.destroy();
    const upstream = connect(this.targetPort, '127.0.0.1');
    const pair: Pair = { deaf: false, dead: false };
    this.pairs.add(pair);
    for (const socket of [client, upstream]) {
      this.open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.open.delete(socket);
        this.pairs.delete(pair);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk: Buffer) => {
      if (this.mode === 'swallow' || pair.dead) return;
      if (this.loses(chunk)) {
        pair.deaf = true;
        if (this.loss!.cuts) setTimeout(() => client.destroy(), LOST_AFTER_MS);
      }
      upstream.write(chunk);
      if (pair.deaf && !this.loss?.cuts) pair.dead = true;
    });
    upstream.on('data', (chunk: Buffer) => {
      if (this.mode === 'swallow' || pair.deaf || pair.dead) return;
      if (this.delayMs === 0) client.write(chunk);
      else setTimeout(() => client.writable && client.write(chunk), this.delayMs);
    });
  }

  private loses(chunk: Buffer): boolean {
    const { loss } = this;
    if (!loss || loss.left === 0 || !chunk.includes(loss.pattern)) return false;
    loss.left -= 1;
    loss.lost += 1;
    return true;
  }
}
