import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { accountBody, incomeBody, positionRiskBody, premiumIndexBody, tradeBody } from './bodies.js';
import type { Value } from './json.js';
import type { ExchangeLedger } from './ledger.js';

/** What the exchange refuses, with its own code. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Who may ask, and what the exchange knows. */
export interface Served {
  readonly key: string;
  readonly secret: string;
  readonly ledger: ExchangeLedger;
  now(): number;
  listenKey(): string;
  keepListenKey(): boolean;
  /** The most rows of an answer; the real one gives 1000. */
  readonly most: number;
  readonly historyLagMs: number;
}

interface Route {
  readonly weight: number;
  readonly access: 'open' | 'key' | 'signed';
  answer(query: URLSearchParams, served: Served): Value;
}

const WEEK_MS = 7 * 86_400_000;

/** What is served, by method and path, at the weight that the exchange counts for it. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /fapi/v1/time': { weight: 1, access: 'open', answer: (_query, { now }) => ({ serverTime: now() }) },
  'GET /fapi/v1/premiumIndex': {
    weight: 10,
    access: 'open',
    answer: (_query, { ledger, now }) => premiumIndexBody(ledger, now()),
  },
  'GET /fapi/v2/account': {
    weight: 5,
    access: 'signed',
    answer: (_query, { ledger, now }) => accountBody(ledger, now()),
  },
  'GET /fapi/v2/positionRisk': {
    weight: 5,
    access: 'signed',
    answer: (_query, { ledger, now }) => positionRiskBody(ledger, now()),
  },
  'GET /fapi/v1/income': { weight: 30, access: 'signed', answer: incomePage },
  'GET /fapi/v1/userTrades': { weight: 5, access: 'signed', answer: tradePage },
  'POST /fapi/v1/listenKey': {
    weight: 1,
    access: 'key',
    answer: (_query, served) => ({ listenKey: served.listenKey() }),
  },
  'PUT /fapi/v1/listenKey': {
    weight: 1,
    access: 'key',
    answer: (_query, served) => {
      if (!served.keepListenKey()) throw new Refused(400, -1125, 'This listenKey does not exist.');
      return {};
    },
  },
};

/** Throws Refused as the exchange does: for a wrong key, signature or time. */
export function authorise(route: Route, request: IncomingMessage, url: URL, served: Served): void {
  if (route.access === 'open') return;
  if (request.headers['x-mbx-apikey'] !== served.key)
    throw new Refused(401, -2015, 'Invalid API-key, IP, or permissions for action, request ip: 127.0.0.1');
  if (route.access === 'key') return;
  const query = url.search.slice(1);
  const signed = query.replace(/&signature=[^&]*$/, '');
  const expected = createHmac('sha256', served.secret).update(signed).digest('hex');
  const time = Number(url.searchParams.get('timestamp'));
  if (!time)
    throw new Refused(
      400,
      -1102,
      "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.",
    );
  if (url.searchParams.get('signature') !== expected)
    throw new Refused(400, -1022, 'Signature for this request is not valid.');
  const window = Number(url.searchParams.get('recvWindow') ?? 5000);
  const now = served.now();
  if (time > now + 1000)
    throw new Refused(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
  if (now - time > window)
    throw new Refused(400, -1021, 'Timestamp for this request is outside of the recvWindow.');
}

function limitOf(query: URLSearchParams, usual: number, most: number): number {
  return Math.min(Number(query.get('limit') ?? usual), most);
}

function incomePage(query: URLSearchParams, { ledger, now, most, historyLagMs }: Served): Value {
  const from = Number(query.get('startTime') ?? now() - WEEK_MS);
  const to = Number(query.get('endTime') ?? now());
  const limit = limitOf(query, 100, most);
  const first = (Number(query.get('page') ?? 1) - 1) * limit;
  const rows = ledger.income
    .filter(({ at }) => at >= from && at <= Math.min(to, now() - historyLagMs))
    .sort((a, b) => a.at - b.at);
  return rows.slice(first, first + limit).map(incomeBody);
}

function tradePage(query: URLSearchParams, { ledger, now, most, historyLagMs }: Served): Value {
  const symbol = query.get('symbol');
  if (!symbol)
    throw new Refused(400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  const limit = limitOf(query, 500, most);
  const shown = now() - historyLagMs;
  const trades = ledger.trades
    .filter((trade) => trade.symbol === symbol && trade.at <= shown)
    .sort((a, b) => a.at - b.at);
  const fromId = query.get('fromId');
  if (fromId !== null) {
    if (query.has('startTime')) throw new Refused(400, -1128, 'Combination of optional parameters invalid.');
    return trades
      .filter(({ id }) => id >= BigInt(fromId))
      .slice(0, limit)
      .map(tradeBody);
  }
  const from = Number(query.get('startTime') ?? now() - WEEK_MS);
  const to = Number(query.get('endTime') ?? from + WEEK_MS);
  if (to - from > WEEK_MS)
    throw new Refused(400, -4166, 'Search window is restricted to recent 7 days only.');
  return trades
    .filter(({ at }) => at >= from && at <= to)
    .slice(0, limit)
    .map(tradeBody);
}
