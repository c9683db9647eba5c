import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { IntegrityModule } from '../integrity/integrity.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { TradeStoreModule } from '../sources/trade-store/trade-store.module.js';
import { BinanceModule } from '../sources/binance/binance.module.js';
import { TransportModule } from '../transport/transport.module.js';
import { Dependencies } from './dependencies.js';
import { HealthController } from './health.controller.js';
import { Health } from './health.js';
import { IntegrityComponent } from './integrity-component.js';
import { MetricsController } from './metrics.controller.js';
import { PolicyComponents } from './policy-components.js';
import { PortfolioGauges } from './portfolio-gauges.js';
import { ProbesController } from './probes.controller.js';
import { ServiceState } from './service-state.js';
import { TradeStoreComponent } from './trade-store-component.js';

/** Whether the service lives, can serve, and how it fares. */
@Module({
  // A probe that fails is told to who asks, several times a second: the log hears of the cause from the connections themselves.
  imports: [
    TerminusModule.forRoot({ logger: false }),
    PortfolioModule,
    TransportModule,
    IntegrityModule,
    LimitsModule,
    TradeStoreModule,
    BinanceModule,
  ],
  controllers: [HealthController, ProbesController, MetricsController],
  providers: [
    ServiceState,
    Dependencies,
    PolicyComponents,
    IntegrityComponent,
    TradeStoreComponent,
    Health,
    PortfolioGauges,
  ],
  exports: [ServiceState],
})
export class HealthModule {}
