import { amount, number, share, text, times } from './amounts.mjs';
import { envelope, flat } from './messages.mjs';

const FEE_RATE = amount('0.0004');

/** The trader of the demo: it knows what it holds, and says what it does in the words of the live producers. */
export class Desk {
  #market;
  #trades = new Map();
  #orders = Date.now();
  #last = null;

  constructor(market) {
    this.#market = market;
  }

  deposit(value) {
    return this.#say(
      envelope('account.cash_flow', 'demo', {
        event_id: `demo-deposit-${this.#nextOrder()}`,
        type: 'DEPOSIT',
        amount: value,
        currency: 'USDT',
      }),
    );
  }

  /** Opens a trade at the market; one that a live producer will close reports no fees, as those do. */
  open(name, symbol, side, size, { leverage = 5, reportsFees = true } = {}) {
    const entry = this.#market.price(symbol);
    const quantity = amount(size);
    const fee = reportsFees ? times(times(entry, quantity), FEE_RATE) : 0n;
    const trade = {
      id: `ORDER_${symbol}_${this.#nextOrder()}`,
      symbol,
      side,
      entry,
      quantity,
      left: quantity,
      fee,
    };
    trade.since = Date.now();
    this.#trades.set(name, trade);
    return this.#say(
      envelope('trade.opened', 'execution', {
        trade_id: trade.id,
        symbol,
        side,
        entry_price: number(entry),
        quantity: number(quantity),
        leverage,
        ...(reportsFees && { fee: number(fee) }),
      }),
    );
  }

  /** Closes a named trade, or a part of it, with everything that the full message has; PnL is net of both fees. */
  close(name, size) {
    const trade = this.#trades.get(name);
    const quantity = size ? amount(size) : trade.left;
    const { exit, gross, percent } = this.#result(trade, quantity);
    const closingFee = times(times(exit, quantity), FEE_RATE);
    const net = gross - closingFee - share(trade.fee, quantity, trade.quantity);
    trade.left -= quantity;
    return this.#say(
      envelope('trade.closed', 'execution', {
        trade_id: trade.id,
        symbol: trade.symbol,
        side: trade.side,
        entry_price: number(trade.entry),
        exit_price: number(exit),
        quantity: number(quantity),
        realized_pnl: number(net),
        realized_pnl_pct: percent,
        fee: number(closingFee),
        duration_sec: Math.round((Date.now() - trade.since) / 1000),
      }),
    );
  }

  /** As the autonomous trader says it: flat, without trade and quantity, which follow from PnL and prices. */
  closeFlat(name, reason) {
    return this.#closeFlat(name, reason, 'autonomous_trader', (gross) => text(gross));
  }

  /** As the main lane says it: its PnL is always "0.0", which means unknown. */
  closeWithPlaceholder(name, reason) {
    return this.#closeFlat(name, reason, 'intent_executor_main', () => '0.0');
  }

  #closeFlat(name, reason, source, pnl) {
    const trade = this.#trades.get(name);
    const { exit, gross, percent } = this.#result(trade, trade.left);
    trade.left = 0n;
    return this.#say(
      flat('trade.closed', {
        symbol: trade.symbol,
        side: positionSide(trade),
        entry_price: text(trade.entry),
        exit_price: text(exit),
        pnl_percent: String(percent),
        confidence: '0.7',
        model_id: 'autonomous_exit',
        R_net: (percent / 2).toFixed(2),
        pnl_usd: pnl(gross),
        reason,
        order_id: this.#nextOrder(),
        source,
      }),
    );
  }

  /** Closes whatever an earlier run left open in a symbol on a side. */
  closeLeftover(symbol, side) {
    const exit = this.#market.price(symbol);
    const order = { exit_price: text(exit), order_id: this.#nextOrder(), reason: 'end_of_an_earlier_day' };
    return this.#say(flat('trade.closed', { symbol, side, ...order, source: 'autonomous_trader' }));
  }

  /** The message before, once more, as a producer sends it that saw no answer. */
  repeat() {
    return this.#last;
  }

  emergencyStop(reason) {
    const trip_time = new Date().toISOString();
    return this.#say(
      envelope('ess.tripped', 'risk_safety', { reason, severity: 'CRITICAL', trip_time, trip_count: 1 }),
    );
  }

  /** Exit price, PnL before fees, and the move in percent of the entry price, + for a profit. */
  #result(trade, quantity) {
    const exit = this.#market.price(trade.symbol);
    const sign = positionSide(trade) === 'LONG' ? 1n : -1n;
    const move = sign * (exit - trade.entry);
    return {
      exit,
      gross: times(move, quantity),
      percent: Number(((number(move) / number(trade.entry)) * 100).toFixed(6)),
    };
  }

  #say(message) {
    this.#last = message;
    return message;
  }

  /** Larger than any that an earlier run used. */
  #nextOrder() {
    this.#orders += 1;
    return String(this.#orders);
  }
}

function positionSide(trade) {
  return /^(long|buy)$/i.test(trade.side) ? 'LONG' : 'SHORT';
}
