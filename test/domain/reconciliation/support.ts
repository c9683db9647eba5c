import type { HoldingsReport, PositionReport, Side } from '../../../src/ledger/facts.js';
import type { Break, FollowedBreak } from '../../../src/reconciliation/domain/break.js';
import type { OurSide, TheirSide } from '../../../src/reconciliation/domain/holdings.js';
import type { Amount } from '../positions/facts.js';
import { d } from '../positions/facts.js';

const amount = (value: Amount) => (value === null ? null : d(value));

export const ours = (quantity: Amount = 0, entry: Amount = null, rest: Partial<OurSide> = {}): OurSide => ({
  ...{ quantity: amount(quantity)!, entryPrice: amount(entry), averages: false, fixedCost: d(0) },
  ...rest,
});

export const theirs = (
  quantity: Amount = 0,
  entry: Amount = null,
  mark: Amount = null,
  paper: Amount = null,
): TheirSide => ({
  ...{ quantity: amount(quantity)!, entryPrice: amount(entry), markPrice: amount(mark) },
  ...{ unrealizedPnl: amount(paper), leverage: d(20) },
});

export const found = (told: Partial<Break> = {}): Break => ({
  ...{ kind: 'position', symbol: 'BTCUSDT', side: 'LONG', ours: d(1), theirs: d(2), difference: d(1) },
  ...{ money: d(5), cause: 'missed_fill' },
  ...told,
});

export const followed = (told: Partial<FollowedBreak> = {}): FollowedBreak => ({
  ...found(),
  ...{
    severity: 'minor',
    openedAt: 0,
    lastSeenAt: 0,
    reports: 1,
    closedAt: null,
    ended: null,
    version: null,
  },
  ...told,
});

export const reported = (symbol: string, side: Side | 'FLAT', quantity: Amount): PositionReport => ({
  ...{ kind: 'position.snapshot', accountId: 'main', occurredAt: 7, source: 'exchange', symbol, side },
  ...{
    quantity: amount(quantity)!,
    entryPrice: d(100),
    markPrice: null,
    unrealizedPnl: null,
    leverage: d(5),
  },
});

export const report = (positions: readonly PositionReport[], complete = true): HoldingsReport => ({
  ...{ kind: 'holdings', accountId: 'main', occurredAt: 7, source: 'exchange', positions, complete },
});
