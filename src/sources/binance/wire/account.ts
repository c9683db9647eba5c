import type { BalanceReport } from '../../../ledger/facts.js';
import type { Decimal } from '../../../shared/decimal.js';
import { MICROS_PER_MS } from '../../../shared/periods.js';
import type { Json } from '../../../transport/wire/json.js';
import { Trouble } from '../trouble.js';
import type { Body } from './reading.js';
import { decimalIn, listOf, objectOf, textIn } from './reading.js';

/** Who reports, when (ms, the exchange's clock), and in which currency we keep the account. */
export interface ReportedAt {
  readonly accountId: string;
  readonly atMs: number;
  readonly currency: string;
}

/**
 * The money of `GET /fapi/v2/account`. The wallet is that of our currency alone: in single-asset mode it equals `totalWalletBalance`, and in
 * multi-asset mode the total holds other assets at a rate of the exchange's. Throws Trouble `bad_answer`.
 */
export function balanceReport(
  json: Json,
  held: number,
  { accountId, atMs, currency }: ReportedAt,
): BalanceReport {
  const account = objectOf(json, 'the account');
  const asset = assetOf(account, currency);
  return {
    kind: 'account.balance',
    accountId,
    occurredAt: atMs * MICROS_PER_MS,
    source: 'binance',
    walletBalance: walletOf(account, asset),
    available: decimalIn(account, 'availableBalance'),
    marginUsed: decimalIn(account, 'totalInitialMargin'),
    unrealizedPnl: decimalIn(account, 'totalUnrealizedProfit'),
    positions: held,
  };
}

function assetOf(account: Body, currency: string): Body | null {
  const assets = listOf(account.get('assets'), 'assets').map((one) => objectOf(one, 'an asset'));
  return assets.find((asset) => textIn(asset, 'asset') === currency) ?? null;
}

function walletOf(account: Body, asset: Body | null): Decimal {
  if (asset) return decimalIn(asset, 'walletBalance');
  const total = decimalIn(account, 'totalWalletBalance');
  if (total.isZero()) return total;
  throw new Trouble('bad_answer', 'the account has no wallet in our currency');
}
