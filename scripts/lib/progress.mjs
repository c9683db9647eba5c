const WIDTH = 30;
const PLAIN_EVERY_MS = 5000;
const TTY_EVERY_MS = 100;

/** Shows how far a file has come: a bar on a terminal, elsewhere a plain line every few seconds. */
export class Progress {
  #startedAt = Date.now();
  #shownAt = this.#startedAt;

  constructor(stream = process.stderr) {
    this.stream = stream;
  }

  show(share, count) {
    const now = Date.now();
    if (now - this.#shownAt < (this.stream.isTTY ? TTY_EVERY_MS : PLAIN_EVERY_MS)) return;
    this.#shownAt = now;
    this.#write(share, count, now);
  }

  #write(share, count, now) {
    const done = Math.min(1, share);
    const rate = Math.round((count * 1000) / Math.max(1, now - this.#startedAt));
    const line = `${Math.floor(done * 100)} %  ${count} messages  ${rate}/s`;
    const filled = Math.round(done * WIDTH);
    const bar = `[${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}]`;
    this.stream.write(this.stream.isTTY ? `\r${bar} ${line}\x1b[K` : `${line}\n`);
  }

  /** Leaves the last state on the screen and the cursor on a line of its own. */
  finish(count) {
    if (!this.stream.isTTY) return;
    this.#write(1, count, Date.now());
    this.stream.write('\n');
  }
}
