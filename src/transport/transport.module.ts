import { Module } from '@nestjs/common';
import { DrawdownModule } from '../drawdown/drawdown.module.js';
import { IntegrityModule } from '../integrity/integrity.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { PnlModule } from '../pnl/pnl.module.js';
import { PortfolioModule } from '../portfolio/portfolio.module.js';
import { PositionsModule } from '../positions/positions.module.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { BookFollower } from './book-follower.js';
import { Broadcaster } from './broadcaster.js';
import { DeadLetters } from './dead-letters.js';
import { FlowModule } from '../flow/flow.module.js';
import { GroupReader } from './group-reader.js';
import { Intake } from './intake.js';
import { LevelsReader } from './levels-reader.js';
import { Levels } from './levels.js';
import { MarkRelay } from './mark-relay.js';
import { OutboxRelay } from './outbox-relay.js';
import { PeerEvents } from './peer-events.js';
import { PeerGuard } from './peer.guard.js';
import { PeersController } from './peers.controller.js';
import { Publisher } from './publisher.js';
import { Rebuild } from './rebuild.js';
import { RedisStreamsServer } from './redis-streams.server.js';
import { RedisConnections } from './redis.js';
import { ReportEventsController } from './report-events.controller.js';
import { Rhythm } from './rhythm.js';
import { StreamGaps } from './stream-gaps.js';
import { TradeEventsController } from './trade-events.controller.js';

/** Messages in and events out: Redis Streams, and pub/sub for Nest peers. */
@Module({
  imports: [
    IntegrityModule,
    PositionsModule,
    PnlModule,
    DrawdownModule,
    PortfolioModule,
    LimitsModule,
    FlowModule,
    ReconciliationModule,
  ],
  controllers: [TradeEventsController, ReportEventsController, PeersController],
  providers: [
    RedisConnections,
    StreamGaps,
    GroupReader,
    DeadLetters,
    Intake,
    RedisStreamsServer,
    Levels,
    LevelsReader,
    PeerEvents,
    PeerGuard,
    MarkRelay,
    Publisher,
    OutboxRelay,
    Broadcaster,
    BookFollower,
    Rhythm,
    Rebuild,
  ],
  exports: [
    RedisConnections,
    RedisStreamsServer,
    Intake,
    FlowModule,
    LevelsReader,
    MarkRelay,
    PeerEvents,
    Rhythm,
    BookFollower,
    Rebuild,
  ],
})
export class TransportModule {}
