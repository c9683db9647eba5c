import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { Database } from '../../database/database.js';
import { AccountReader } from '../../ledger/account-reader.js';
import type { RealizedSums } from '../../pnl/domain/realized-sums.js';
import type { Statistic } from '../../pnl/domain/statistics/statistic.js';
import { known, unknown } from '../../pnl/domain/statistics/statistic.js';
import { PnlProjection } from '../../pnl/pnl-projection.js';
import { Decimal } from '../../shared/decimal.js';
import { isTransient } from '../../shared/errors.js';

/**
 * The deepest fall that closed trades alone made, percent ≥ 0: of a balance that starts with the net deposits and moves with the PnL of
 * each trade when it closes. What is open has no part in it. null without closed trades, without deposits above zero, or while the
 * database is away. Throws UnknownAccountError.
 */
export class GetClosedTradesDrawdown extends Query<Statistic<Decimal>> {
  constructor(readonly accountId: string) {
    super();
  }
}

const DEEPEST = `WITH path AS (
    SELECT closed_at, symbol, trade_id, $2::numeric + sum(realized_pnl) OVER closing AS balance
    FROM trades WHERE account_id = $1 AND status <> 'OPEN' AND NOT pnl_unknown AND closed_at IS NOT NULL
    WINDOW closing AS (ORDER BY closed_at, symbol, trade_id)
  ), falls AS (
    SELECT balance, greatest($2::numeric, max(balance) OVER (ORDER BY closed_at, symbol, trade_id)) AS peak FROM path
  )
  SELECT balance::text, peak::text FROM falls ORDER BY (peak - balance) / peak DESC LIMIT 1`;

@QueryHandler(GetClosedTradesDrawdown)
export class GetClosedTradesDrawdownHandler implements IQueryHandler<GetClosedTradesDrawdown> {
  /** By the sums of the account: they are replaced whenever a trade or a flow changes, and only then. */
  private readonly found = new WeakMap<RealizedSums, Statistic<Decimal>>();

  constructor(
    private readonly accounts: AccountReader,
    private readonly database: Database,
    private readonly pnl: PnlProjection,
  ) {}

  async execute({ accountId }: GetClosedTradesDrawdown): Promise<Statistic<Decimal>> {
    const { sums } = this.accounts.read(accountId).of(this.pnl);
    const remembered = this.found.get(sums);
    if (remembered) return remembered;
    try {
      const deepest = await this.deepest(accountId, sums);
      // The rows may be those of a commit that memory does not have yet.
      if (this.accounts.read(accountId).of(this.pnl).sums === sums) this.found.set(sums, deepest);
      return deepest;
    } catch (error) {
      if (isTransient(error)) return unknown('unavailable');
      throw error;
    }
  }

  private async deepest(
    accountId: string,
    { netDeposits, closedTrades }: RealizedSums,
  ): Promise<Statistic<Decimal>> {
    if (closedTrades === 0) return unknown('no_trades');
    if (!netDeposits.isPositive()) return unknown('no_capital');
    const [row] = await this.database.query<{ balance: string; peak: string }>(DEEPEST, [
      accountId,
      netDeposits.toString(),
    ]);
    if (!row) return unknown('no_trades');
    const [balance, peak] = [Decimal.stored(row.balance), Decimal.stored(row.peak)];
    return known(peak.minus(balance).times(Decimal.HUNDRED).dividedBy(peak));
  }
}
