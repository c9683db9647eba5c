import type { Socket } from 'node:net';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { PoolClient, QueryConfig, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource } from 'typeorm';
import { TransientError, messageOf } from '../shared/errors.js';
import type { OnRows } from './held.js';
import { HeldWrites, rememberPrepared } from './held.js';

/** One open transaction: everything asked through it is committed or rolled back together. */
export interface Transaction {
  /** Runs a statement and returns its rows. A `name` makes it prepared once per connection. */
  query<Row extends object = Record<string, unknown>>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<Row[]>;
  /**
   * Sends a statement nobody needs the rows of and waits for nothing: the database works on it while the next is being made. What comes
   * behind it sees what it did. When it fails, so does the transaction: at the next `query`, or before COMMIT, with its error. `onRows` is
   * called with what it returned when the database answers, which may be with COMMIT.
   */
  send<Row extends object = object>(statement: QueryConfig, onRows?: (rows: Row[]) => void): Promise<void>;
  /**
   * Appends rows in COPY's text form (see copyField) to `target`, a table with its columns; a row that is there already fails. Whatever is
   * asked meanwhile comes behind it, in the order it was asked for.
   */
  append(target: string, rows: string): Promise<void>;
}

/** COMMIT itself failed: whether it took effect is unknown. Nothing may be acknowledged; redelivery decides. */
export class CommitUnknownError extends TransientError {}

/** Transactions and single statements on the one pool of the process. */
@Injectable()
export class Database implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction. Rolls back and rethrows when it throws; throws CommitUnknownError when COMMIT fails. `statementMs`: its
   * statements may take this long, and not what the settings say.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, statementMs: number | null = null): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PoolClient;
    const tx = new OpenTransaction(client, statementMs);
    try {
      await tx.send({ text: 'BEGIN' });
      if (statementMs !== null) await tx.send(longer(statementMs));
      return await this.orRollBack(client, tx, () => work(tx));
    } finally {
      await runner.release();
    }
  }

  async query<Row extends object = Record<string, unknown>>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      return (await client.query<Row>(statement as string, values)).rows;
    } finally {
      await runner.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async orRollBack<T>(client: PoolClient, tx: OpenTransaction, work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      await tx.commit();
      return result;
    } catch (error) {
      tx.forget();
      const first = await tx.settled().then(() => error, identity);
      // The connection may be what failed; the server rolls back by itself when it is gone, and the first error matters.
      const isRolledBack = await client.query('ROLLBACK').then(
        () => true,
        () => false,
      );
      if (!tx.isCommitting || isRolledBack) throw first;
      throw new CommitUnknownError(`commit: ${messageOf(first)}`, { cause: first });
    }
  }
}

/** As much as this leaves at once, so that the database has something to do meanwhile. */
const GATHERED_BYTES = 65_536;

const identity = (error: unknown) => error;

class OpenTransaction implements Transaction {
  /** COMMIT has left: from here on a connection that breaks leaves it open whether it took effect. */
  isCommitting = false;
  private readonly sent: Promise<unknown>[] = [];
  /** Small writes, as texts, that leave together at the next occasion, with COMMIT at the latest. */
  private readonly held = new HeldWrites();
  private readonly asked = new Set<Promise<unknown>>();
  /** The last COPY that was asked for; null when none is under way. */
  private copying: Promise<unknown> | null = null;
  private readonly stream: Socket;
  private gathering = false;

  /** The driver has a limit of its own, and takes another one with each statement. */
  private readonly limit: { readonly query_timeout: number } | null;

  constructor(
    private readonly client: PoolClient & { pipeline?: boolean },
    statementMs: number | null,
  ) {
    this.limit = statementMs === null ? null : { query_timeout: 2 * statementMs };
    this.stream = (client as unknown as { connection: { stream: Socket } }).connection.stream;
  }

  async query<Row extends object>(statement: string | QueryConfig, values?: unknown[]): Promise<Row[]> {
    if (this.copying) await this.copying;
    this.gather();
    this.sendHeld();
    const answer = this.ask<Row>(statement, values);
    const done: Promise<boolean> = answer.then(
      () => this.asked.delete(done),
      () => this.asked.delete(done),
    );
    this.asked.add(done);
    return (await answer).rows;
  }

  private ask<Row extends object>(
    statement: string | QueryConfig,
    values?: unknown[],
  ): Promise<QueryResult<Row>> {
    if (this.limit === null) return this.client.query<Row>(statement as string, values);
    const config = typeof statement === 'string' ? { text: statement } : statement;
    return this.client.query<Row>({ ...config, ...(values && { values }), ...this.limit });
  }

  async send(statement: QueryConfig, onRows: OnRows = () => undefined): Promise<void> {
    if (this.copying) await this.copying;
    this.gather();
    if (this.held.hold(this.client, statement, onRows)) return;
    this.sendHeld();
    this.sendNow(statement, ([result]) => onRows(result!.rows as never[]));
    if (this.stream.writableLength >= GATHERED_BYTES) this.letGo();
  }

  /** Drops what is held: behind a ROLLBACK it would be done, and outside of any transaction. */
  forget(): void {
    this.held.forget();
  }

  private sendHeld(): void {
    if (this.held.isEmpty) return;
    const { text, tell } = this.held.take();
    this.sendNow({ text }, tell);
  }

  private sendNow(statement: QueryConfig, tell: (results: readonly QueryResult[]) => void): void {
    const answer = this.ask(statement).then((results) => {
      rememberPrepared(this.client, statement);
      tell([results].flat());
    });
    // Looked at by `settled`; until then a failure is nobody's.
    answer.catch(() => undefined);
    this.sent.push(answer);
  }

  append(target: string, rows: string): Promise<void> {
    const before = this.copying;
    const answer = (async () => {
      await before;
      await Promise.all(this.asked);
      this.sendHeld();
      await this.settled();
      await this.copy(target, rows);
    })();
    const ended: Promise<void> = answer
      .catch(() => undefined)
      .then(() => {
        if (this.copying === ended) this.copying = null;
      });
    this.copying = ended;
    return answer;
  }

  /**
   * Commits, in one message with the writes that were held until now. Whatever left before has to have succeeded: a statement that the
   * driver could not send is missed by nobody but us.
   */
  async commit(): Promise<void> {
    await this.settled();
    const { text, tell } = this.held.take('COMMIT');
    this.isCommitting = true;
    const results = [await this.ask(text)].flat();
    if (results.at(-1)?.command === 'COMMIT') return tell(results);
    // So Postgres ends a transaction in which a statement failed, and calls it no error.
    throw new Error('the transaction was rolled back: a failure in it was not let through');
  }

  /** What follows a COPY on the wire is taken for rows of it, so the driver refuses one in its pipeline: it is closed while nothing is in it. */
  private copy(target: string, rows: string): Promise<void> {
    this.letGo();
    this.client.pipeline = false;
    const copy = this.client.query(Object.assign(copyFrom(`COPY ${target} FROM STDIN`), this.limit));
    const done = new Promise<void>((resolve, reject) => copy.once('error', reject).once('finish', resolve));
    copy.end(rows);
    // Outside of its pipeline the driver keeps a connection that did not answer in time: cut, it goes out of the pool.
    done.catch((error: unknown) => messageOf(error) === 'Query read timeout' && this.stream.destroy());
    return done.finally(() => (this.client.pipeline = true));
  }

  /** Resolves when all that was sent is done; rejects with the first failure, which is what made all behind it fail. */
  async settled(): Promise<void> {
    for (const answer of this.sent) await answer;
  }

  /** Statements made in one go leave in one write to the socket: for a single trade the writes cost more than the statements. */
  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    this.stream.cork();
    process.nextTick(() => this.letGo());
  }

  private letGo(): void {
    if (!this.gathering) return;
    this.gathering = false;
    this.sendHeld();
    this.stream.uncork();
  }
}

/** What is long to write was long to compute: the pause between two statements may be as long. */
function longer(ms: number): QueryConfig {
  return {
    text: `SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)`,
    values: [String(ms), String(Math.max(ms, 60_000))],
  };
}
