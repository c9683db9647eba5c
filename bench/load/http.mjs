import { connect } from 'node:net';

/**
 * A load of HTTP: keeps asking on some connections, the next question when the last byte of the answer is there. In a process of its own,
 * and leaner than the well-known tools: at small answers those cost more than the server that they measure.
 */
const HEAD_END = '\r\n\r\n';

class Connection {
  #socket;
  #request;
  #left = 0;
  #sentAt = 0;
  #report;

  constructor({ port, path }, report) {
    this.#request = Buffer.from(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    this.#report = report;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.on('connect', () => this.#ask());
    this.#socket.on('data', (chunk) => this.#take(chunk));
    this.#socket.on('error', fail);
    this.#socket.on('close', () => this.closing || fail(new Error('the server closed a connection')));
  }

  close() {
    this.closing = true;
    this.#socket.destroy();
  }

  #ask() {
    this.#sentAt = performance.now();
    this.#socket.write(this.#request);
  }

  #take(chunk) {
    if (this.#left === 0) this.#left = lengthOf(chunk);
    this.#left -= chunk.length;
    if (this.#left > 0) return;
    this.#report(performance.now() - this.#sentAt);
    if (!this.closing) this.#ask();
  }
}

/** Head and body together, as the head says. The head comes whole, in the first bytes. */
function lengthOf(chunk) {
  const end = chunk.indexOf(HEAD_END);
  const head = chunk.latin1Slice(0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(head);
  if (!head.startsWith('HTTP/1.1 200') || !length)
    fail(new Error(`unexpected answer: ${head.slice(0, 300)}`));
  return end + HEAD_END.length + Number(length[1]);
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

process.on('message', ({ port, path, connections, ms }) => {
  const latencies = [];
  const open = Array.from(
    { length: connections },
    () => new Connection({ port, path }, (latency) => latencies.push(latency)),
  );
  const since = performance.now();
  setTimeout(() => {
    for (const connection of open) connection.close();
    const sorted = Float64Array.from(latencies).sort();
    const at = (share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
    const perSecond = (latencies.length * 1000) / (performance.now() - since);
    process.send({ perSecond, p50: at(0.5), p99: at(0.99) });
  }, ms);
});
