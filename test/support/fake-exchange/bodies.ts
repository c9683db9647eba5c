import { Decimal } from '../../../src/shared/decimal.js';
import type { Value } from './json.js';
import type { ExchangeLedger, IncomeRow, Trade } from './ledger.js';

/** Amounts as the exchange writes them: eight decimals. */
export function amount(value: Decimal): string {
  const [integer, fraction = ''] = value.rounded(8).toString().split('.') as [string, string?];
  return `${integer}.${fraction.padEnd(8, '0')}`;
}

const LEVERAGE = Decimal.integer(20);
const symbolsOf = (ledger: ExchangeLedger) => [
  ...new Set([...ledger.prices.keys(), ...ledger.positions.keys()]),
];
const averageOf = (ledger: ExchangeLedger, symbol: string) => {
  const { quantity, cost } = ledger.held(symbol);
  return quantity.isZero() ? Decimal.ZERO : cost.dividedBy(quantity);
};
const notionalOf = (ledger: ExchangeLedger, symbol: string) =>
  ledger.held(symbol).quantity.times(ledger.prices.get(symbol) ?? Decimal.ZERO);

/** GET /fapi/v2/account */
export function accountBody(ledger: ExchangeLedger, now: number): Value {
  const symbols = symbolsOf(ledger);
  const unrealized = Decimal.sum(symbols.map((symbol) => ledger.unrealized(symbol)));
  const margin = Decimal.sum(symbols.map((symbol) => notionalOf(ledger, symbol).abs().dividedBy(LEVERAGE)));
  const money = {
    marginBalance: amount(ledger.wallet.plus(unrealized)),
    maintMargin: amount(Decimal.ZERO),
    initialMargin: amount(margin),
    positionInitialMargin: amount(margin),
    openOrderInitialMargin: amount(Decimal.ZERO),
    crossWalletBalance: amount(ledger.wallet),
    crossUnPnl: amount(unrealized),
    availableBalance: amount(ledger.wallet.plus(unrealized).minus(margin)),
  };
  return {
    ...{ feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: true, tradeGroupId: -1, updateTime: 0 },
    multiAssetsMargin: false,
    totalInitialMargin: money.initialMargin,
    totalMaintMargin: money.maintMargin,
    totalWalletBalance: amount(ledger.wallet),
    totalUnrealizedProfit: amount(unrealized),
    totalMarginBalance: money.marginBalance,
    totalPositionInitialMargin: money.initialMargin,
    totalOpenOrderInitialMargin: amount(Decimal.ZERO),
    totalCrossWalletBalance: amount(ledger.wallet),
    totalCrossUnPnl: amount(unrealized),
    availableBalance: money.availableBalance,
    maxWithdrawAmount: money.availableBalance,
    assets: [
      {
        asset: 'USDT',
        walletBalance: amount(ledger.wallet),
        unrealizedProfit: amount(unrealized),
        ...money,
        updateTime: now,
      },
      ...[...ledger.others].map(([asset, held]) => ({
        asset,
        walletBalance: amount(held),
        unrealizedProfit: '0.00000000',
      })),
    ],
    positions: symbols.map((symbol) => ({
      symbol,
      positionAmt: ledger.held(symbol).quantity.toString(),
      entryPrice: averageOf(ledger, symbol).toString(),
      unrealizedProfit: amount(ledger.unrealized(symbol)),
      leverage: '20',
      positionSide: 'BOTH',
      updateTime: now,
    })),
  };
}

/** GET /fapi/v2/positionRisk: every symbol there is, the flat ones too. */
export function positionRiskBody(ledger: ExchangeLedger, now: number): Value {
  return symbolsOf(ledger).map((symbol) => ({
    symbol,
    positionAmt: ledger.held(symbol).quantity.toString(),
    entryPrice: averageOf(ledger, symbol).toString(),
    breakEvenPrice: averageOf(ledger, symbol).toString(),
    markPrice: amount(ledger.prices.get(symbol) ?? Decimal.ZERO),
    unRealizedProfit: amount(ledger.unrealized(symbol)),
    liquidationPrice: '0',
    leverage: '20',
    maxNotionalValue: '5000000',
    marginType: 'cross',
    isolatedMargin: '0.00000000',
    isAutoAddMargin: 'false',
    positionSide: 'BOTH',
    notional: amount(notionalOf(ledger, symbol)),
    isolatedWallet: '0',
    updateTime: now,
    isolated: false,
    adlQuantile: 1,
  }));
}

/** GET /fapi/v1/premiumIndex */
export function premiumIndexBody(ledger: ExchangeLedger, now: number): Value {
  return [...ledger.prices].map(([symbol, price]) => ({
    symbol,
    markPrice: amount(price),
    indexPrice: amount(price),
    estimatedSettlePrice: amount(price),
    lastFundingRate: '0.00010000',
    interestRate: '0.00010000',
    nextFundingTime: now + 3_600_000,
    time: now,
  }));
}

/** GET /fapi/v1/income */
export function incomeBody(row: IncomeRow): Value {
  const { id, type, symbol, asset, at, tradeId } = row;
  return {
    symbol,
    incomeType: type,
    income: amount(row.amount),
    asset,
    info: tradeId || type,
    time: at,
    tranId: id,
    tradeId,
  };
}

/** GET /fapi/v1/userTrades */
export function tradeBody({
  id,
  orderId,
  symbol,
  side,
  qty,
  price,
  fee,
  feeAsset,
  realized,
  at,
}: Trade): Value {
  return {
    ...{
      symbol,
      id,
      orderId,
      side,
      price: price.toString(),
      qty: qty.toString(),
      realizedPnl: amount(realized),
    },
    quoteQty: amount(qty.times(price)),
    commission: amount(fee),
    commissionAsset: feeAsset,
    ...{ time: at, positionSide: 'BOTH', buyer: side === 'BUY', maker: false },
  };
}
