import { USDMClient } from 'binance/lib/usdm-client.js';
import type { Json } from '../../transport/wire/json.js';
import type { Closing } from './closings.js';
import type { ExchangeMetrics } from './exchange-metrics.js';
import { RateGate } from './rate-gate.js';
import { failureOf } from './rest-failure.js';
import { ServerClock } from './server-clock.js';
import type { BinanceSettings } from './settings.js';
import { Trouble } from './trouble.js';
import { exchangeSymbolOf } from './wire/symbol-name.js';
import { bodyOf, momentIn, objectOf, textIn } from './wire/reading.js';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 16_000_000;

/** A window of history, ms by the exchange's clock, both ends inside. */
export interface HistoryWindow {
  readonly startTime: number;
  readonly endTime: number;
}

/**
 * The exchange by HTTP. The SDK signs and asks; what it gives back is text, because its own reading makes doubles of order ids. Every method
 * throws Trouble and nothing else, and takes the reader of its answer, whose trouble it names.
 */
export class BinanceRest {
  readonly clock = new ServerClock();
  readonly gate = new RateGate();
  private readonly client: USDMClient;
  private heardAt: number | undefined;

  constructor(
    private readonly settings: BinanceSettings,
    private readonly metrics: ExchangeMetrics,
    signal: AbortSignal,
    /** Told when the exchange says that it must be left alone. */
    private readonly closed: (closing: Closing) => void,
  ) {
    const { key, secret, baseUrl, recvWindowMs } = settings;
    this.client = new USDMClient(
      { api_key: key, api_secret: secret, baseUrl, recvWindow: recvWindowMs, parseExceptions: false },
      {
        timeout: TIMEOUT_MS,
        signal,
        // A signed address must not follow wherever a redirect leads.
        maxRedirects: 0,
        maxContentLength: MOST_BYTES,
        responseType: 'text',
        transformResponse: [(text: unknown) => text],
        headers: {},
      },
    );
  }

  /** Measures how far the exchange's clock is from ours. */
  async measureClock(): Promise<void> {
    const asked = Date.now();
    const server = await this.ask('time', () => this.client.get('fapi/v1/time'), serverTime);
    this.clock.measured(server, asked, Date.now());
    this.client.setTimeOffset(this.clock.aheadMs);
  }

  account<T>(read: (json: Json) => T): Promise<T> {
    return this.signed('account', () => this.client.getAccountInformation(), read);
  }

  positionRisk<T>(read: (json: Json) => T): Promise<T> {
    return this.signed('positionRisk', () => this.client.getPositions({}), read);
  }

  premiumIndex<T>(read: (json: Json) => T): Promise<T> {
    return this.ask('premiumIndex', () => this.client.get('fapi/v1/premiumIndex'), read);
  }

  /** `page` counts from 1. */
  income<T>(window: HistoryWindow, page: number, limit: number, read: (json: Json) => T): Promise<T> {
    return this.signed('income', () => this.client.getIncomeHistory({ ...window, page, limit }), read);
  }

  /** Trades of a window, or from an id on; `symbol` by its name with us. */
  userTrades<T>(
    from: HistoryWindow | { readonly fromId: string },
    symbol: string,
    limit: number,
    read: (json: Json) => T,
  ): Promise<T> {
    // As text: an id may have more digits than the SDK's number can hold.
    const params = { ...from, symbol: exchangeSymbolOf(symbol), limit } as Parameters<
      USDMClient['getAccountTrades']
    >[0];
    return this.signed('userTrades', () => this.client.getAccountTrades(params), read);
  }

  /** The key of the user stream; an active one is given again. */
  openListenKey(): Promise<string> {
    const read = (json: Json) => textIn(objectOf(json, 'the listen key'), 'listenKey');
    return this.ask('listenKey', () => this.client.getFuturesUserDataListenKey(), read);
  }

  /** Lets the listen key live another hour. Throws Trouble with code −1125 when it is gone. */
  async keepListenKey(): Promise<void> {
    await this.ask(
      'listenKey',
      () => this.client.keepAliveFuturesUserDataListenKey(),
      () => null,
    );
  }

  /** A request that carries our time: when the exchange finds it wrong, the clock is measured anew and it is asked once more. */
  private async signed<T>(
    name: string,
    request: () => Promise<unknown>,
    read: (json: Json) => T,
  ): Promise<T> {
    try {
      return await this.ask(name, request, read);
    } catch (error) {
      if (!(error instanceof Trouble) || error.kind !== 'clock') throw error;
      await this.measureClock();
      return this.ask(name, request, read);
    }
  }

  private async ask<T>(name: string, request: () => Promise<unknown>, read: (json: Json) => T): Promise<T> {
    this.gate.pass();
    try {
      const text = await request();
      this.heardWeight();
      return read(bodyOf(typeof text === 'string' ? text : ''));
    } catch (error) {
      this.heardWeight();
      const { key, secret } = this.settings;
      const trouble = failureOf(error, [key, secret]);
      this.leaveAlone(trouble, error);
      this.metrics.errors.inc({ kind: trouble.kind });
      throw new Trouble(trouble.kind, `${name}: ${trouble.message}`, trouble.retryAfterMs, trouble.code);
    }
  }

  /** What the gate itself said is known already. */
  private leaveAlone({ kind, retryAfterMs }: Trouble, error: unknown): void {
    if ((kind !== 'rate_limited' && kind !== 'banned') || error instanceof Trouble) return;
    const leftMs = retryAfterMs ?? 0;
    this.gate.close(kind, leftMs);
    this.closed({ kind, leftMs });
  }

  private heardWeight(): void {
    const { lastUpdated, 'x-mbx-used-weight-1m': weight } = this.client.getRateLimitStates();
    // A request without an answer told nothing new, and an old weight must not close the gate again.
    if (lastUpdated === this.heardAt) return;
    this.heardAt = lastUpdated;
    this.metrics.weight.set(weight);
    this.gate.used(weight);
  }
}

function serverTime(json: Json): number {
  return momentIn(objectOf(json, 'the time'), 'serverTime');
}
