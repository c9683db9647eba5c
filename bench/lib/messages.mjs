import { randomUUID } from 'node:crypto';

/** Prices here are whole hundredths and quantities whole thousandths, so that a reported PnL is exactly what its prices say. */
const HUNDREDTHS = 100;
const THOUSANDTHS = 1000;

/** Microseconds since the epoch; every call a later one, because facts of one symbol come in the order of their times. */
let lastMicros = 0;
function nextMicros() {
  lastMicros = Math.max(lastMicros + 1, Date.now() * 1000);
  return lastMicros;
}

function isoOf(micros) {
  return `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}+00:00`;
}

/** The full entry (V1) as a flat list of fields. */
export function entry(eventType, payload) {
  return [
    ...['event_type', eventType],
    ...['payload', JSON.stringify(payload)],
    ...['trace_id', ''],
    ...['correlation_id', randomUUID()],
    ...['timestamp', new Date().toISOString().slice(0, -1)],
    ...['source', 'execution'],
  ];
}

/** `A000USDT`, `A001USDT` …: as long as the names of real symbols. */
export function symbolsFrom(first, count) {
  return Array.from({ length: count }, (_, i) => `A${String(first + i).padStart(3, '0')}USDT`);
}

/** A price in hundredths: each symbol has a level of its own, from some tens to some ten thousands. */
function priceOf(symbol, step) {
  const level = 2_000 + ((Number(symbol.slice(1, 4)) * 7_919) % 5_000) * 1_000;
  return level + ((step * 37) % 997);
}

export function deposit(amount, accountId) {
  const payload = { event_id: randomUUID(), type: 'DEPOSIT', amount, timestamp: isoOf(nextMicros()) };
  return message('account.cash_flow', payload, accountId);
}

export function tick(symbol, step, price = priceOf(symbol, step) / HUNDREDTHS) {
  const payload = { symbol, price, qty: (1 + (step % 900)) / THOUSANDTHS, is_buyer_maker: step % 2 === 0 };
  return message('market.tick', { ...payload, timestamp: nextMicros() / 1e6 });
}

function message(eventType, payload, accountId) {
  return { eventType, fields: entry(eventType, accountId ? { ...payload, account_id: accountId } : payload) };
}

/** A closed trade of the last 300 days as a trade store holds it: a hash of strings, its times without zone. */
export function tradeHash(step, steps) {
  const [symbol] = symbolsFrom(step % 200, 1);
  const [entry, exit, quantity] = [priceOf(symbol, step), priceOf(symbol, step + 11), 5 + (step % 1500)];
  const openedAt = Date.now() - 300 * 86_400_000 + Math.floor((step * 299 * 86_400_000) / steps);
  const zoneless = (at) => new Date(at).toISOString().slice(0, -1);
  return {
    ...{ trade_id: `store-${step}`, symbol, side: 'LONG', status: 'CLOSED' },
    ...{
      quantity: quantity / THOUSANDTHS,
      leverage: 1,
      entry_price: entry / HUNDREDTHS,
      exit_price: exit / HUNDREDTHS,
    },
    ...{ entry_time: zoneless(openedAt), exit_time: zoneless(openedAt + 1_000), close_reason: 'take_profit' },
    ...{ pnl_usd: ((exit - entry) * quantity) / (HUNDREDTHS * THOUSANDTHS), model: 'trend', metadata: '' },
    ...{ created_at: zoneless(openedAt), updated_at: zoneless(openedAt + 1_000) },
  };
}

/** A desk that opens and closes trades for ever: what it closes is its oldest trade, so that as many stay open as it began with. */
export class Desk {
  #open = [];
  #step = 0;

  constructor({ symbols, accountId, bothSides = false, name = 'B' }) {
    Object.assign(this, { symbols, accountId, bothSides, name });
  }

  /** One trade in each symbol (and on each side), which stay open. */
  openAll() {
    const sides = this.bothSides ? ['LONG', 'SHORT'] : [null];
    return sides.flatMap((side) => this.symbols.map((symbol) => this.open(symbol, side)));
  }

  /** As many messages, an opening and a closing in turn. */
  next(count) {
    return Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? this.open(this.symbols[this.#step % this.symbols.length]) : this.close(),
    );
  }

  open(symbol, side = null) {
    const step = (this.#step += 1);
    const trade = {
      trade_id: `${this.name}_${symbol}_${step}`,
      symbol,
      side: side ?? (step % 3 === 0 ? 'SHORT' : 'LONG'),
      price: priceOf(symbol, step),
      quantity: 5 + (step % 1500),
    };
    this.#open.push(trade);
    return message(
      'trade.opened',
      {
        ...{ trade_id: trade.trade_id, symbol, side: trade.side.toLowerCase() },
        ...{ entry_price: trade.price / HUNDREDTHS, quantity: trade.quantity / THOUSANDTHS, leverage: 5 },
        timestamp: isoOf(nextMicros()),
      },
      this.accountId,
    );
  }

  close() {
    const step = this.#step;
    const { trade_id, symbol, side, price, quantity } = this.#open.shift();
    const exit = priceOf(symbol, step + 11);
    const gain = (side === 'LONG' ? exit - price : price - exit) * quantity;
    return message(
      'trade.closed',
      {
        ...{ trade_id, symbol, side, entry_price: price / HUNDREDTHS, exit_price: exit / HUNDREDTHS },
        ...{ quantity: quantity / THOUSANDTHS, realized_pnl: gain / (HUNDREDTHS * THOUSANDTHS) },
        ...{ realized_pnl_pct: 0.5, duration_sec: 60, timestamp: isoOf(nextMicros()) },
      },
      this.accountId,
    );
  }
}
