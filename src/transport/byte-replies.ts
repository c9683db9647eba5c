import type { Redis } from 'ioredis';
import { ReplyGathering } from './reply-gathering.js';

type Socket = Redis['stream'];

const CLOSED = 'Connection is closed.';

/** An answer that is waited for. */
interface Question {
  readonly gathering: ReplyGathering;
  readonly resolve: (reply: Buffer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Gives the answers of one connection as they came, in one piece of bytes; the client library would make an object of each of their values.
 * The library goes on to connect, sign in, find the master, and come back after a loss. Its own commands work as ever between
 * our questions, not beside one: while one is open, every byte belongs to its answer.
 */
export class ByteReplies {
  private socket: Socket | null = null;
  private question: Question | null = null;

  constructor(
    private readonly redis: Redis,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Asks, and resolves to the answer. Rejects with what Redis says against it, when the connection is lost, and when no answer has come in
   * time: the connection is cut then, so that a late one is nobody else's. One question at a time.
   */
  async ask(command: readonly (string | number)[]): Promise<Buffer> {
    // It tells why, when there is no connection.
    if (this.redis.status !== 'ready') await this.redis.ping();
    const { stream: socket, status } = this.redis;
    if (status !== 'ready') throw new Error(CLOSED);
    if (socket !== this.socket) this.tap(socket);
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer in ${this.timeoutMs} ms`)),
      this.timeoutMs,
    );
    try {
      return orThrow(await this.exchange(socket, command));
    } finally {
      clearTimeout(timer);
    }
  }

  private exchange(socket: Socket, command: readonly (string | number)[]): Promise<Buffer> {
    if (this.question) throw new Error('one question at a time');
    return new Promise((resolve, reject) => {
      this.question = { gathering: new ReplyGathering(), resolve, reject };
      socket.write(encoded(command));
    });
  }

  /** Stands before the library where bytes arrive: those that answer a question of ours never reach it. */
  private tap(socket: Socket): void {
    this.socket = socket;
    const library = socket.rawListeners('data') as ((bytes: Buffer) => void)[];
    socket.removeAllListeners('data');
    socket.on('data', (bytes: Buffer) => {
      if (this.question && socket === this.socket) this.gather(this.question, bytes);
      else for (const listen of library) listen(bytes);
    });
    socket.once('close', () => {
      if (socket === this.socket) this.settle(({ reject }) => reject(new Error(CLOSED)));
    });
  }

  private gather({ gathering }: Question, bytes: Buffer): void {
    try {
      const reply = gathering.add(bytes);
      if (reply) this.settle(({ resolve }) => resolve(reply));
    } catch (error) {
      this.socket?.destroy(error as Error);
    }
  }

  private settle(by: (question: Question) => void): void {
    const { question } = this;
    this.question = null;
    if (question) by(question);
  }
}

function encoded(command: readonly (string | number)[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(String(part))}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

const ERROR = 45;

/** An answer that is an error is a line that begins with `-`. */
function orThrow(reply: Buffer): Buffer {
  if (reply[0] === ERROR) throw new Error(reply.toString('utf8', 1, reply.length - 2));
  return reply;
}
