import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config.js';
import { CONFIG } from '../../config.js';
import type { Micros } from '../../ledger/facts.js';
import type { Unit } from '../../ledger/unit.js';
import type { Decimal } from '../../shared/decimal.js';
import type { SymbolBook } from '../domain/symbol-book.js';
import { MarkPrices } from '../mark-prices.js';
import { PositionsProjection } from '../positions-projection.js';
import { foldSymbol, modeOf } from '../symbol-fold.js';

/** What is held, as of a moment: a report of the exchange is compared with what we held when it was made. */
@Injectable()
export class HeldAt {
  constructor(
    private readonly positions: PositionsProjection,
    private readonly marks: MarkPrices,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** True where a symbol holds one position only, whichever side: with fills as the source, unless they hedge. */
  get netsPositions(): boolean {
    return this.config.POSITION_SOURCE === 'fills' && modeOf(this.config) === 'netting';
  }

  /** What all open positions of an account have on paper at the present marks, + = gain. */
  unrealized(unit: Unit, accountId: string): Decimal {
    return unit.account(accountId).of(this.positions).unrealized;
  }

  /** Gross notional of all open positions at the present marks, ≥ 0. */
  exposure(unit: Unit, accountId: string): Decimal {
    const { long, short } = unit.account(accountId).of(this.positions).totals;
    return long.plus(short);
  }

  /** The last price seen of a symbol; null = none was. */
  markOf(symbol: string): Decimal | null {
    return this.marks.find(symbol)?.price ?? null;
  }

  /** The book of a symbol as it is now; undefined = it was never heard of. */
  bookOf(unit: Unit, accountId: string, symbol: string): SymbolBook | undefined {
    return unit.account(accountId).of(this.positions).find(symbol);
  }

  /** Symbols of which the account ever heard. */
  symbols(unit: Unit, accountId: string): SymbolBook[] {
    return [...unit.account(accountId).of(this.positions).symbols()];
  }

  /**
   * The book of a symbol as of a moment; undefined = it was never heard of. Only what was traded since needs the ledger, which has to hold
   * all that the unit accepted.
   */
  async bookAt(unit: Unit, accountId: string, symbol: string, at: Micros): Promise<SymbolBook | undefined> {
    const book = this.bookOf(unit, accountId, symbol);
    const isLater = book !== undefined && ((book.lastAt ?? at) > at || !book.isAfterLevels(at + 1));
    return isLater ? (await foldSymbol(unit, accountId, symbol, this.config, at)).book : book;
  }
}
