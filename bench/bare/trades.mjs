import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { OWN_NAME } from '../lib/servers.mjs';
import { FACT_TYPES, streamOf } from '../lib/streams.mjs';
import { writes } from './statements.mjs';

/**
 * The least that must be done with a trade event: read it with its group, take it apart, write its ledger row, its trade, its position,
 * the account's version and one set of outbox events a batch, all in one transaction and with `unnest`, then acknowledge it. No
 * keys, no bookings, no sums, nothing checked, and arithmetic in doubles.
 */
const ACCOUNT = 'main';
const STREAMS = FACT_TYPES.map(streamOf);

class Consumer {
  #open = new Map();
  #held = new Map();
  #version = 0;

  constructor(redis, database, group) {
    Object.assign(this, { redis, database, group, batch: 500, events: [] });
  }

  async run() {
    await this.database.query('INSERT INTO accounts (account_id) VALUES ($1)', [ACCOUNT]);
    for (;;) {
      const count = Math.ceil(this.batch / STREAMS.length);
      const reply = await this.redis.xreadgroup(
        ...['GROUP', this.group, 'bench', 'COUNT', count, 'BLOCK', 60_000, 'STREAMS'],
        ...[...STREAMS, '>', '>'],
      );
      if (reply) await this.#take(reply);
    }
  }

  async #take(reply) {
    const entries = reply.flatMap(([, found]) => found);
    const at = new Date().toISOString();
    const messages = entries.map(([, fields]) => ({ text: fields[3], ...JSON.parse(fields[3]) }));
    const trades = new Map(messages.map((message) => [message.trade_id, this.#tradeOf(message)]));
    const statements = [
      writes.ledger(messages, this.#version, at, ACCOUNT),
      writes.trades([...trades.values()], ACCOUNT),
      writes.positions(this.#positionsOf(trades.values()), ACCOUNT),
      writes.outbox(this.events, this.#version + messages.length, randomUUID, ACCOUNT),
      writes.account(this.#version + messages.length, ACCOUNT),
    ];
    await this.database.query('BEGIN');
    for (const statement of statements) await this.database.query(statement);
    await this.database.query('COMMIT');
    this.#version += messages.length;
    await this.#acknowledge(reply);
  }

  async #acknowledge(reply) {
    const pipeline = this.redis.pipeline();
    for (const [stream, found] of reply) pipeline.xack(stream, this.group, ...found.map(([id]) => id));
    await pipeline.exec();
  }

  #tradeOf(message) {
    if (message.exit_price === undefined) {
      const trade = { ...message, side: message.side.toUpperCase(), opened_at: message.timestamp };
      this.#open.set(message.trade_id, trade);
      return trade;
    }
    const { opened_at = message.timestamp } = this.#open.get(message.trade_id) ?? {};
    this.#open.delete(message.trade_id);
    return { ...message, opened_at, closed_at: message.timestamp };
  }

  #positionsOf(trades) {
    const touched = new Map();
    for (const { symbol, side, quantity, entry_price, closed_at } of trades) {
      const key = `${symbol} ${side}`;
      const held = this.#held.get(key) ?? { symbol, side, quantity: 0, cost: 0, trades: 0 };
      const sign = closed_at ? -1 : 1;
      held.quantity += sign * quantity;
      held.cost += sign * quantity * entry_price;
      held.trades += sign;
      this.#held.set(key, held);
      touched.set(key, held);
    }
    return [...touched.values()];
  }
}

let consumer = null;
process.on('message', async ({ databaseUrl, redisUrl, group, batch, events }) => {
  if (databaseUrl) {
    const database = new pg.Client({ connectionString: databaseUrl, application_name: OWN_NAME });
    await database.connect();
    consumer = new Consumer(new Redis(redisUrl), database, group);
    consumer.run().catch((error) => {
      console.error(error);
      process.exit(1);
    });
  } else {
    Object.assign(consumer, { batch, events });
  }
  process.send({});
});
