import type { LedgerEntry, TradeOpened } from '../../ledger/facts.js';
import { Decimal } from '../../shared/decimal.js';
import type { TradeChanges } from './changes.js';
import type { SymbolBook } from './symbol-book.js';
import type { Trade } from './trade.js';

/** The fields a later message about the same open may add. */
const ADDABLE = ['entryPrice', 'fee', 'stopLoss', 'takeProfit', 'leverage', 'category', 'model'] as const;

/**
 * An open with what later messages added to it: each value from the earliest message that tells it, the time from the earliest of
 * all, so that the order of arrival does not matter. The first may be among those that supplement it.
 */
export function mergeOpen(first: TradeOpened, supplements: readonly TradeOpened[]): TradeOpened {
  const byTime = [first, ...supplements].sort((a, b) => a.occurredAt - b.occurredAt);
  const merged: TradeOpened = { ...first, occurredAt: byTime[0]!.occurredAt };
  const told = Object.fromEntries(
    ADDABLE.map((field) => [field, byTime.find((open) => open[field] !== null)?.[field] ?? null]),
  );
  return { ...merged, ...told };
}

/** The trade as it stands right after its open: nothing closed, its opening fee realized. */
export function tradeOf(
  { version, fact }: LedgerEntry<TradeOpened>,
  entryFrom: Trade['entryFrom'] = null,
): Trade {
  // Written out, because a literal costs a tenth of a spread that overwrites what it spread.
  return {
    tradeId: fact.tradeId,
    symbol: fact.symbol,
    side: fact.side,
    status: 'OPEN',
    quantity: fact.quantity,
    remaining: fact.quantity,
    costBasis: null,
    entryPrice: fact.entryPrice,
    entryFrom: fact.entryPrice ? entryFrom : null,
    exitPrice: null,
    exitNotional: Decimal.ZERO,
    openedAt: fact.occurredAt,
    openedVersion: version,
    closedAt: null,
    leverage: fact.leverage,
    stopLoss: fact.stopLoss,
    takeProfit: fact.takeProfit,
    fee: fact.fee,
    feeAttributed: Decimal.ZERO,
    category: fact.category,
    model: fact.model,
    closeReason: null,
    realizedPnl: fact.fee ? fact.fee.negated() : Decimal.ZERO,
    reportedPnl: null,
    claimedPnl: null,
    pnlUnknown: false,
    lastCloseAt: null,
    lastCloseKey: null,
    closes: 0,
  };
}

/** Folds an open into its symbol: the trade joins the open ones and its fee, if any, is realized at its time. */
export function applyOpen(
  book: SymbolBook,
  entry: LedgerEntry<TradeOpened>,
  changes: TradeChanges,
  entryFrom: Trade['entryFrom'] = 'open',
): Trade {
  const { version, fact } = entry;
  const trade = tradeOf(entry, entryFrom);
  book.put(trade);
  book.lastAt = Math.max(book.lastAt ?? fact.occurredAt, fact.occurredAt);
  changes.trades.replace(null, trade);
  if (fact.fee && !fact.fee.isZero()) {
    changes.bookings.replace(null, {
      version,
      tradeId: fact.tradeId,
      kind: 'opening_fee',
      symbol: fact.symbol,
      occurredAt: fact.occurredAt,
      quantity: fact.quantity,
      quantityDerived: false,
      entryPrice: null,
      exitPrice: null,
      fee: fact.fee,
      openingFee: null,
      reported: null,
      computed: fact.fee.negated(),
      amount: fact.fee.negated(),
    });
  }
  return trade;
}
