import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Decimal } from '../../../src/shared/decimal.js';
import { control } from './control.js';
import type { Fault } from './faults.js';
import { Faults, answerFaulty } from './faults.js';
import { jsonOf } from './json.js';
import type { IncomeRow, ToldFill, Trade } from './ledger.js';
import { ExchangeLedger } from './ledger.js';
import { filledMessage, marksMessage, moneyMessage, tradeMessage } from './messages.js';
import { ROUTES, Refused, authorise, type Served } from './rest.js';
import { Streams } from './streams.js';

export interface FakeOptions {
  readonly wallet?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly port?: number;
  /** How far its clock is ahead of ours, ms. */
  readonly aheadMs?: number;
  /** How often mark prices are sent, ms. */
  readonly marksMs?: number;
  /** The most rows of one answer. */
  readonly most?: number;
  readonly weightLimit?: number;
  /** How long a minute of weights lasts, ms: a test cannot wait for a real one. */
  readonly minuteMs?: number;
}

/**
 * An exchange on loopback, real in everything but the matching of orders: it checks keys, signatures, times and weights, remembers what
 * happened and tells it by HTTP and WebSocket in the exchange's shapes, as well or as badly as a test wants.
 */
export class FakeExchange implements Served {
  readonly key: string;
  readonly secret: string;
  readonly most: number;
  readonly ledger: ExchangeLedger;
  readonly streams = new Streams();
  readonly faults = new Faults();
  /** Requests so far, as `GET /fapi/v1/income`, in their order. */
  readonly asked: string[] = [];
  weightLimit: number;
  private readonly minuteMs: number;
  /** How long after it happened history shows it, ms; the wallet and the stream show it at once. */
  historyLagMs = 0;
  private aheadMs: number;
  private readonly server: Server;
  private readonly weights = new Map<number, number>();
  private readonly ticking: NodeJS.Timeout;
  private port = 0;

  constructor(private readonly options: FakeOptions) {
    this.key = options.key ?? 'k'.repeat(64);
    this.secret = options.secret ?? 's3cr3t'.repeat(10);
    this.most = options.most ?? 1000;
    this.aheadMs = options.aheadMs ?? 0;
    this.weightLimit = options.weightLimit ?? 2400;
    this.minuteMs = options.minuteMs ?? 60_000;
    this.ledger = new ExchangeLedger(options.wallet ?? '10000', () => this.now());
    this.server = createServer((request, reply) => void this.serve(request, reply));
    this.server.on('upgrade', (request, socket, head) => this.streams.upgrade(request, socket, head));
    this.ticking = setInterval(() => this.tellMarks(), options.marksMs ?? 1000);
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) =>
      this.server.listen(this.port || (this.options.port ?? 0), '127.0.0.1', resolve),
    );
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Settings with which the service finds it. */
  settings(): Record<string, string> {
    return {
      PORTFOLIO_BINANCE_API_KEY: this.key,
      PORTFOLIO_BINANCE_API_SECRET: this.secret,
      PORTFOLIO_BINANCE_BASE_URL: this.url,
      PORTFOLIO_BINANCE_WS_URL: this.url.replace('http', 'ws'),
    };
  }

  now = (): number => Date.now() + this.aheadMs;

  /** Lets its time pass. */
  advance(ms: number): void {
    this.aheadMs += ms;
  }

  fill(told: ToldFill): Trade {
    const trade = this.ledger.fill(told);
    this.streams.tellUser(filledMessage(this.ledger, trade, this.now()));
    this.streams.tellUser(tradeMessage(trade, this.now()));
    return trade;
  }

  funding(symbol: string, amount: string, at?: number): IncomeRow {
    return this.tellMoney(this.ledger.funding(symbol, amount, at));
  }

  transfer(amount: string, at?: number): IncomeRow {
    return this.tellMoney(this.ledger.transfer(amount, at));
  }

  price(symbol: string, price: string): void {
    this.ledger.prices.set(symbol, Decimal.parse(price));
  }

  tellMarks(): void {
    this.streams.tellMarks(marksMessage(this.ledger.prices, this.now()));
  }

  /** The next requests to a path meet this fault. */
  fail(path: string, fault: Fault, times = 1): void {
    this.faults.plan(path, fault, times);
  }

  listenKey(): string {
    return this.streams.open();
  }

  keepListenKey(): boolean {
    return this.streams.listenKey !== null;
  }

  /** Cuts everything, as when the network is gone: nobody is answered until it is mended. */
  async cut(): Promise<void> {
    this.streams.refusing = true;
    this.streams.cut();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  async mend(): Promise<void> {
    this.streams.refusing = false;
    await this.listen();
  }

  async stop(): Promise<void> {
    clearInterval(this.ticking);
    if (this.server.listening) await this.cut();
  }

  private tellMoney(row: IncomeRow): IncomeRow {
    this.streams.tellUser(moneyMessage(this.ledger, row, this.now()));
    return row;
  }

  private async serve(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const name = `${request.method} ${url.pathname}`;
    if (url.pathname.startsWith('/_fake/')) return this.obey(url.pathname, request, reply);
    this.asked.push(name);
    const fault = this.faults.next(url.pathname);
    if (fault !== null && typeof fault === 'object' && 'lagMs' in fault)
      await new Promise((resolve) => setTimeout(resolve, fault.lagMs));
    const { status, text, weight } = this.answer(name, request, url);
    const used = this.weigh(weight);
    reply.setHeader('content-type', 'application/json');
    reply.setHeader('x-mbx-used-weight-1m', String(used));
    if (fault && answerFaulty(fault, reply, text)) return;
    if (used > this.weightLimit) {
      const seconds = Math.ceil((this.minuteMs - (Date.now() % this.minuteMs)) / 1000);
      reply.writeHead(429, { 'retry-after': String(seconds) });
      return void reply.end(jsonOf({ code: -1003, msg: 'Too many requests.' }));
    }
    reply.writeHead(status).end(text);
  }

  private async obey(path: string, request: IncomingMessage, reply: ServerResponse): Promise<void> {
    try {
      const done = await control(this, path, request);
      reply.writeHead(done ? 200 : 404).end(jsonOf(done ?? { error: 'no such order' }));
    } catch (error) {
      reply.writeHead(400).end(jsonOf({ error: String(error) }));
    }
  }

  private answer(name: string, request: IncomingMessage, url: URL) {
    const route = ROUTES[name];
    if (!route) return { status: 404, text: '<html><body>404</body></html>', weight: 1 };
    try {
      authorise(route, request, url, this);
      return { status: 200, text: jsonOf(route.answer(url.searchParams, this)), weight: route.weight };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return {
        status: error.status,
        text: jsonOf({ code: error.code, msg: error.message }),
        weight: route.weight,
      };
    }
  }

  private weigh(weight: number): number {
    const minute = Math.floor(Date.now() / this.minuteMs);
    const used = (this.weights.get(minute) ?? 0) + weight;
    this.weights.set(minute, used);
    return used;
  }
}

/** Starts one on a free port. */
export function startFakeExchange(options: FakeOptions = {}): Promise<FakeExchange> {
  return new FakeExchange(options).listen();
}
