import { Redis } from 'ioredis';
import pg from 'pg';

/**
 * Read by Node before the built service, in experiments alone: nothing of this is in what is shipped. PORTFOLIO_FAULT names the moment at
 * which the process kills itself and how often it lets that moment pass before (`xack:2`), PORTFOLIO_FAULT_CLOCK_FILE a file whose
 * number of milliseconds the clock is off by.
 */
const [moment, lets = '0'] = (process.env.PORTFOLIO_FAULT ?? '').split(':');
let left = Number(lets);

function die() {
  if (left > 0) return void (left -= 1);
  process.kill(process.pid, 'SIGKILL');
  // The signal is on its way: not one instruction more of the service.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const MOMENTS = {
  /** What is committed is about to be acknowledged. */
  xack: { redis: (name) => name === 'xack' },
  /** Facts are written and not committed. */
  commit: { sql: (text, client) => text.endsWith('COMMIT') && client.wroteFacts, writesBefore: true },
  /** The outbox was sent and is not marked. */
  mark: { sql: (text) => text.startsWith('UPDATE outbox SET published_at = now()') },
  /** The outbox is about to be sent. */
  xadd: { redis: (name) => name === 'xadd' },
};

const { redis, sql, writesBefore } = MOMENTS[moment] ?? {};
if (redis) {
  const { sendCommand } = Redis.prototype;
  Redis.prototype.sendCommand = function (command, stream) {
    if (redis(command.name)) die();
    return sendCommand.call(this, command, stream);
  };
}
if (sql) {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (statement, ...rest) {
    const text = typeof statement === 'string' ? statement : (statement?.text ?? '');
    if (text === 'BEGIN') this.wroteFacts = false;
    if (/INTO ledger |EXECUTE "ledger-append"/.test(text)) this.wroteFacts = true;
    if (sql(text, this)) {
      // Small writes share a message with their COMMIT: they are to be done when the moment comes.
      const writes = writesBefore && left === 0 ? text.slice(0, -'COMMIT'.length) : '';
      if (writes !== '') return query.call(this, writes).then(die);
      die();
    }
    return query.call(this, statement, ...rest);
  };
}

const file = process.env.PORTFOLIO_FAULT_CLOCK_FILE;
if (file) {
  const { readFileSync } = await import('node:fs');
  const realNow = Date.now.bind(Date);
  const RealDate = Date;
  let offset = 0;
  const look = () => (offset = Number(readFileSync(file, 'utf8')) || 0);
  look();
  setInterval(look, 100).unref();
  globalThis.Date = class Date extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(realNow() + offset);
      else super(...given);
    }
    static now() {
      return realNow() + offset;
    }
  };
}
