import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { AccessModule } from './access/access.module.js';
import type { Config } from './config.js';
import { HealthModule } from './health/health.module.js';
import { IntegrityModule } from './integrity/integrity.module.js';
import { Doorkeeper } from './http/doorkeeper.js';
import { LedgerModule } from './ledger/ledger.module.js';
import { Lifecycle } from './lifecycle.js';
import { DrawdownModule } from './drawdown/drawdown.module.js';
import { PnlModule } from './pnl/pnl.module.js';
import { PortfolioModule } from './portfolio/portfolio.module.js';
import { PositionsModule } from './positions/positions.module.js';
import { TradeStoreModule } from './sources/trade-store/trade-store.module.js';
import { BinanceModule } from './sources/binance/binance.module.js';
import { PolicyModule } from './sources/policy/policy.module.js';
import { TransportModule } from './transport/transport.module.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        LedgerModule.with(config),
        AccessModule,
        PositionsModule,
        PnlModule,
        DrawdownModule,
        IntegrityModule,
        PortfolioModule,
        TransportModule,
        TradeStoreModule,
        BinanceModule,
        PolicyModule,
        HealthModule,
      ],
      providers: [Lifecycle, Doorkeeper],
    };
  }
}
