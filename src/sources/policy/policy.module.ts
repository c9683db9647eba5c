import { Module } from '@nestjs/common';
import { LimitsModule } from '../../limits/limits.module.js';
import { PositionsModule } from '../../positions/positions.module.js';
import { TransportModule } from '../../transport/transport.module.js';
import { PolicyWatch } from './policy-watch.js';
import { RedisPolicy } from './redis-policy.js';
import { RiskSafety } from './risk-safety.js';

/** What others allow: Risk & Safety, and the policy in Redis. Read only. */
@Module({
  imports: [PositionsModule, LimitsModule, TransportModule],
  providers: [RiskSafety, RedisPolicy, PolicyWatch],
  exports: [PolicyWatch],
})
export class PolicyModule {}
