import { Module } from '@nestjs/common';
import { FlowModule } from '../../flow/flow.module.js';
import { PnlModule } from '../../pnl/pnl.module.js';
import { PortfolioModule } from '../../portfolio/portfolio.module.js';
import { PositionsModule } from '../../positions/positions.module.js';
import { Closings } from './closings.js';
import { Cursors } from './cursors.js';
import { Exchange } from './exchange.js';
import { ExchangeIntake } from './exchange-intake.js';
import { ExchangeMetrics } from './exchange-metrics.js';
import { ExchangeState } from './exchange-state.js';

/** Binance USDT-M futures, read only: money, positions, marks, fills, funding and transfers. */
@Module({
  imports: [FlowModule, PositionsModule, PnlModule, PortfolioModule],
  providers: [Exchange, ExchangeState, ExchangeMetrics, ExchangeIntake, Cursors, Closings],
  exports: [Exchange, ExchangeState],
})
export class BinanceModule {}
