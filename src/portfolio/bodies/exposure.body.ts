import type { Decimal } from '../../shared/decimal.js';
import { isoOf } from '../../shared/periods.js';
import type { PortfolioState } from '../portfolio-state.js';
import { AccountBody } from './account.body.js';
import { Exact, ExactByName, ExactOrNull } from './fields.js';

type ByName = ReadonlyMap<string, Decimal>;

/** What an account has at risk: notionals in its currency. */
export class ExposureBody extends AccountBody {
  @Exact('Long + short: gross, ≥ 0.')
  readonly total_exposure!: Decimal;
  @Exact('Sum of the notionals of longs, ≥ 0.')
  readonly long_exposure!: Decimal;
  @Exact('Sum of the notionals of shorts, ≥ 0.')
  readonly short_exposure!: Decimal;
  @Exact('Long − short; + = more long than short.')
  readonly net_exposure!: Decimal;
  @ExactByName('Long − short of each symbol held, signed.', '{"BTCUSDT": 8548.226}')
  readonly exposure_by_symbol!: ByName;
  @ExactByName('Long + short of each symbol held, ≥ 0.', '{"BTCUSDT": 8548.226}')
  readonly gross_by_symbol!: ByName;
  @ExactByName(
    'Long − short of each sector, signed; symbols in no sector are under OTHER.',
    '{"L1": 8548.226}',
  )
  readonly exposure_by_sector!: ByName;
  @ExactOrNull('Total ÷ equity × 100, percent; null when equity is not above zero.')
  readonly exposure_pct_of_equity!: Decimal | null;
  @ExactOrNull('Total ÷ equity, times; null when equity is not above zero.')
  readonly effective_leverage!: Decimal | null;
}

export function exposureBody({ accountId, version, now, ...state }: PortfolioState) {
  const exposure = state.exposure();
  return {
    account_id: accountId,
    version,
    total_exposure: exposure.total,
    long_exposure: exposure.long,
    short_exposure: exposure.short,
    net_exposure: exposure.net,
    exposure_by_symbol: exposure.bySymbol,
    gross_by_symbol: exposure.grossBySymbol,
    exposure_by_sector: exposure.bySector,
    exposure_pct_of_equity: exposure.pctOfEquity,
    effective_leverage: exposure.effectiveLeverage,
    timestamp: isoOf(now),
  } satisfies ExposureBody;
}
