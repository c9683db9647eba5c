import { once } from 'node:events';
import { connect } from 'node:net';
import { symbolsFrom, tick } from '../lib/messages.mjs';
import { streamOf } from '../lib/streams.mjs';

/**
 * A steady stream of ticks: so many a second, in bursts, until told to stop. It speaks Redis' protocol itself: at 100 000 ticks a second a
 * client library would need a core of its own, and the service would be measured on what is left.
 */
/** As producers trim it, unless asked otherwise. */
const KEPT = 10_000;
const BURST_MS = 5;
/** More at once would only fill buffers: a Redis that is slower than asked for gets no more than it can take. */
const LARGEST_BURST = 5_000;

const bulk = (text) => `$${text.length}\r\n${text}\r\n`;
const command = (...parts) => `*${parts.length}\r\n${parts.map(bulk).join('')}`;

class Feed {
  #done = 0;
  #since = performance.now();
  #stopped = false;

  constructor({ redisUrl, first, count, perSecond, kept = KEPT }) {
    this.perSecond = perSecond;
    this.commands = symbolsFrom(first, count).map((symbol, step) => template(symbol, step, String(kept)));
    const { hostname, port, password, pathname } = new URL(redisUrl);
    this.socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
    this.socket.write(command('AUTH', password) + command('SELECT', pathname.slice(1)));
    this.running = this.#run();
  }

  async #run() {
    while (!this.#stopped) {
      const due = Math.floor(((performance.now() - this.#since) * this.perSecond) / 1000);
      await this.#burst(Math.min(due - this.#done, LARGEST_BURST));
      if (due - this.#done < LARGEST_BURST) await new Promise((resolve) => setTimeout(resolve, BURST_MS));
    }
  }

  /** Sent and answered: the echo at the end comes when all before it is done. */
  async #burst(size) {
    const micros = Date.now() * 1000;
    let text = '';
    for (let i = 0; i < size; i += 1, this.#done += 1) {
      // Ten digits of seconds and six of their fractions, at one length for ever: the protocol tells lengths first.
      const stamp = String(micros + (i % 1000));
      const fresh = this.commands[this.#done % this.commands.length];
      text += `${fresh.before}${1000 + (this.#done % 9000)}.25${fresh.between}${stamp.slice(0, 10)}.${stamp.slice(10)}${fresh.after}`;
    }
    this.socket.write(text + command('ECHO', 'burst-end'));
    for (let said = ''; !said.includes('burst-end');) {
      const [chunk] = await once(this.socket, 'data');
      said = said.slice(-20) + chunk;
      const refused = /^-.*$/m.exec(chunk);
      if (refused) throw new Error(refused[0]);
    }
  }

  /** Ends it; how many a second there were. */
  async stop() {
    this.#stopped = true;
    await this.running;
    const perSecond = (this.#done * 1000) / (performance.now() - this.#since);
    this.socket.destroy();
    return perSecond;
  }
}

/** The command for one tick of a symbol, cut open where its price and its time stand. */
function template(symbol, step, kept) {
  const { eventType, fields } = tick(symbol, step);
  const payload = { symbol, price: 1000.25, qty: 0.125, is_buyer_maker: step % 2 === 0, timestamp: 1.5 };
  const text = JSON.stringify(payload).replace('1.5}', '1234567890.123456}');
  const whole = fields.map((field, i) => (i === 3 ? text : field));
  const full = command('XADD', streamOf(eventType), 'MAXLEN', '~', kept, '*', ...whole);
  const [before, rest] = full.split('1000.25');
  const [between, after] = rest.split('1234567890.123456');
  return { before, between, after };
}

let feed = null;
process.on('message', async (question) => {
  if (question.perSecond) {
    feed = new Feed(question);
    process.send({});
  } else {
    process.send({ perSecond: await feed.stop() });
  }
});
