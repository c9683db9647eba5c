import type { ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ServiceState } from '../health/service-state.js';
import type { ReadySnapshot } from '../portfolio/ready-snapshots.js';
import { ReadySnapshots } from '../portfolio/ready-snapshots.js';
import { messageOf } from '../shared/errors.js';
import { ANSWER_HEADERS } from './answer.interceptor.js';
import { isKnown } from './entity-tag.js';
import { canTake, WholeAnswer } from './whole-answer.js';

/** The plain forms of the question; any other is answered by the route itself. */
const ASKED = /^(?:\/api\/portfolio)?\/snapshot(?:\?account=([A-Za-z0-9_.:-]{1,64}))?$/;

/** After so many answers that waited for others in vain the next ones leave at once, */
const TIMES_ALONE = 8;
/** and after so many of these one looks again whether others ask at the same time. */
const LOOKS_AGAIN_AFTER = 128;

/** An account's answer, and the snapshot that it says. */
interface Said {
  readonly answer: WholeAnswer;
  ready: ReadySnapshot | null;
}

/**
 * Answers the hottest question of all, the plain snapshot, ahead of Nest's pipeline, which costs more than the answer. Same text and same
 * headers as the route's; it comes after the hooks that guard every route, and whatever is not plain goes on to the route.
 */
export class SnapshotsAhead {
  private readonly logger = new Logger('Snapshots');
  /** Names and values in turn, which costs less to send than an object. */
  private headers: readonly string[] | null = null;
  private readonly said = new WeakMap<object, Said>();
  private date = { second: Number.NaN, text: '' };
  private keepAliveSeconds = 0;
  /** How many answers in a row waited for others and left alone. */
  private alone = 0;
  /** How many more leave without waiting. */
  private atOnce = 0;
  private waiting: { readonly raw: ServerResponse; readonly ready: ReadySnapshot }[] = [];
  private readonly state: ServiceState;
  private readonly snapshots: ReadySnapshots;

  constructor(app: NestFastifyApplication) {
    this.state = app.get(ServiceState);
    this.snapshots = app.get(ReadySnapshots, { strict: false });
  }

  /** Has every request looked at when it arrives. Call after the hooks that guard, before routes are registered. */
  register(instance: FastifyInstance): void {
    instance.addHook('onRequest', (request, reply, done) => {
      if (!this.answer(request, reply)) done();
    });
    instance.addHook('onListen', () => this.learnHeaders(instance));
  }

  /** The security headers that ordinary answers carry: asked once of an ordinary answer. */
  private async learnHeaders(instance: FastifyInstance): Promise<void> {
    this.keepAliveSeconds = Math.floor(instance.server.keepAliveTimeout / 1000);
    const { headers } = await instance.inject({ method: 'GET', url: '/health/live' });
    const { date: _date, connection: _connection, 'content-length': _length, ...common } = headers;
    const { 'content-type': _type, ...security } = { ...common, ...ANSWER_HEADERS };
    this.headers = Object.entries(security).flatMap(([name, value]) => [name, String(value)]);
  }

  private answer(request: FastifyRequest, reply: FastifyReply): boolean {
    if (this.headers === null || this.state.phase !== 'running' || request.method !== 'GET') return false;
    // What a page of another origin may read is said in headers that depend on who asks.
    if (request.headers.origin !== undefined) return false;
    const asked = ASKED.exec(request.raw.url!);
    const ready = asked && this.snapshots.of(asked[1] ?? 'main');
    if (!ready) return false;
    reply.hijack();
    if (isKnown(ready.tag, request.headers['if-none-match']))
      reply.raw.writeHead(304, [...this.headers, 'etag', ready.tag]).end();
    else this.sendSoon(reply.raw, ready);
    return true;
  }

  /**
   * Answers to requests that came together leave together: the first write wakes whoever asked, and those that follow find it awake, which
   * costs a half. Where one asks after the other there is nothing to wait for, and a turn of the loop for each costs a tenth.
   */
  private sendSoon(raw: ServerResponse, ready: ReadySnapshot): void {
    if (this.atOnce > 0) {
      this.atOnce -= 1;
      this.send(raw, ready);
    } else if (this.waiting.push({ raw, ready }) === 1) setImmediate(() => this.sendWaiting());
  }

  private sendWaiting(): void {
    const { waiting } = this;
    this.waiting = [];
    this.alone = waiting.length === 1 ? this.alone + 1 : 0;
    if (this.alone >= TIMES_ALONE) this.atOnce = LOOKS_AGAIN_AFTER;
    for (const { raw, ready } of waiting) this.send(raw, ready);
  }

  private send(raw: ServerResponse, ready: ReadySnapshot): void {
    try {
      if (canTake(raw)) this.wholeOf(ready).send(raw, this.today());
      else raw.writeHead(200, this.headersOf(ready)).end(Buffer.concat(ready.body));
    } catch (error) {
      // The others have theirs all the same.
      this.logger.error(`a snapshot could not be sent: ${messageOf(error)}`);
      raw.destroy();
    }
  }

  private wholeOf(ready: ReadySnapshot): WholeAnswer {
    const said = this.said.get(ready.series) ?? { answer: new WholeAnswer(), ready: null };
    if (said.ready === ready) return said.answer;
    said.answer.say(this.headersOf(ready), this.keepAliveSeconds, ready.body);
    said.ready = ready;
    this.said.set(ready.series, said);
    return said.answer;
  }

  private headersOf({ tag, bytes }: ReadySnapshot): string[] {
    const { 'content-type': type } = ANSWER_HEADERS;
    return [...this.headers!, 'content-type', type, 'etag', tag, 'content-length', String(bytes)];
  }

  /** The date as answers carry it, written once a second. */
  private today(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.date.second) this.date = { second, text: new Date(second * 1000).toUTCString() };
    return this.date.text;
  }
}
