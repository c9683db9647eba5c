import { Decimal } from '../../../src/shared/decimal.js';

/** A fill as a test tells it; amounts as text. `at` is ms by the exchange's clock, now when left out. */
export interface ToldFill {
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly qty: string;
  readonly price: string;
  readonly fee?: string;
  readonly feeAsset?: string;
  readonly at?: number;
  /** Fills of one order share it. */
  readonly orderId?: bigint;
}

export interface Trade {
  readonly id: bigint;
  readonly orderId: bigint;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly qty: Decimal;
  readonly price: Decimal;
  readonly fee: Decimal;
  readonly feeAsset: string;
  readonly realized: Decimal;
  readonly at: number;
}

export interface IncomeRow {
  readonly id: bigint;
  readonly type: string;
  readonly symbol: string;
  readonly amount: Decimal;
  readonly asset: string;
  readonly at: number;
  readonly tradeId: string;
}

/** Signed: + long, − short, at average cost. */
export interface Held {
  readonly quantity: Decimal;
  readonly cost: Decimal;
}

const NOTHING: Held = { quantity: Decimal.ZERO, cost: Decimal.ZERO };

/**
 * What the exchange knows of the account. It matches no orders: it is told what was filled, paid and moved, and keeps the money and positions
 * that follow, at average cost, with amounts rounded to the eight decimals that it shows.
 */
export class ExchangeLedger {
  wallet: Decimal;
  readonly others = new Map<string, Decimal>();
  readonly positions = new Map<string, Held>();
  readonly prices = new Map<string, Decimal>();
  readonly income: IncomeRow[] = [];
  readonly trades: Trade[] = [];
  private lastTrade = 5_000_000_000n;
  /** More digits than a double holds, as on the live exchange. */
  private lastOrder = 8_389_765_540_000_000_000n;
  private lastTransaction = 966_000_000_000_000_000n;

  constructor(
    wallet: string,
    private readonly now: () => number,
  ) {
    this.wallet = Decimal.parse(wallet);
  }

  fill(told: ToldFill): Trade {
    const at = told.at ?? this.now();
    const [qty, price, fee] = [told.qty, told.price, told.fee ?? '0'].map((text) => Decimal.parse(text)) as [
      Decimal,
      Decimal,
      Decimal,
    ];
    const feeAsset = told.feeAsset ?? 'USDT';
    const realized = this.move(told.symbol, told.side === 'BUY' ? qty : qty.negated(), price);
    const id = (this.lastTrade += 7n);
    const orderId = told.orderId ?? (this.lastOrder += 3n);
    const { symbol, side } = told;
    const trade: Trade = { id, orderId, symbol, side, qty, price, fee, feeAsset, realized, at };
    this.trades.push(trade);
    this.prices.set(symbol, price);
    if (!realized.isZero()) this.book('REALIZED_PNL', symbol, realized, 'USDT', at, String(id));
    if (!fee.isZero()) this.book('COMMISSION', symbol, fee.negated(), feeAsset, at, String(id));
    return trade;
  }

  funding(symbol: string, amount: string, at = this.now()): IncomeRow {
    return this.book('FUNDING_FEE', symbol, Decimal.parse(amount), 'USDT', at);
  }

  transfer(amount: string, at = this.now()): IncomeRow {
    return this.book('TRANSFER', '', Decimal.parse(amount), 'USDT', at);
  }

  /** Any other income, such as a rebate. */
  other(type: string, amount: string, at = this.now()): IncomeRow {
    return this.book(type, '', Decimal.parse(amount), 'USDT', at);
  }

  held(symbol: string): Held {
    return this.positions.get(symbol) ?? NOTHING;
  }

  unrealized(symbol: string): Decimal {
    const { quantity, cost } = this.held(symbol);
    return quantity.times(this.prices.get(symbol) ?? Decimal.ZERO).minus(cost);
  }

  /** Σ of what was realized, fees and funding included, in USDT. */
  realized(): Decimal {
    const earned = this.income.filter(({ type, asset }) => type !== 'TRANSFER' && asset === 'USDT');
    return Decimal.sum(earned.map(({ amount }) => amount));
  }

  private move(symbol: string, quantity: Decimal, price: Decimal): Decimal {
    const held = this.held(symbol);
    const opposite = held.quantity.sign() * quantity.sign() < 0;
    const closing = opposite ? Decimal.min(held.quantity.abs(), quantity.abs()) : Decimal.ZERO;
    const closed = held.quantity.isNegative() ? closing.negated() : closing;
    const costOut = closing.isZero() ? Decimal.ZERO : held.cost.times(closed).dividedBy(held.quantity);
    const realized = closed.times(price).minus(costOut).rounded(8);
    const opened = quantity.plus(closed);
    const after = {
      quantity: held.quantity.plus(quantity),
      cost: held.cost.minus(costOut).plus(opened.times(price)),
    };
    if (after.quantity.isZero()) this.positions.delete(symbol);
    else this.positions.set(symbol, after);
    return realized;
  }

  private book(
    type: string,
    symbol: string,
    amount: Decimal,
    asset: string,
    at: number,
    tradeId = '',
  ): IncomeRow {
    const id = (this.lastTransaction += 11n);
    const row = { id, type, symbol, amount, asset, at, tradeId };
    this.income.push(row);
    if (asset === 'USDT') this.wallet = this.wallet.plus(amount);
    else this.others.set(asset, (this.others.get(asset) ?? Decimal.ZERO).plus(amount));
    return row;
  }
}
