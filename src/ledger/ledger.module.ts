import type { DynamicModule } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import type { Config } from '../config.js';
import { CONFIG } from '../config.js';
import { ConnectionWatch } from '../database/connection-watch.js';
import { createBackends, createDataSource } from '../database/data-source.js';
import { Database } from '../database/database.js';
import { Clock, SystemClock } from '../shared/clock.js';
import { AccountReader } from './account-reader.js';
import { Auditors } from './audit.js';
import { Book } from './book.js';
import { Committed } from './committed.js';
import { LedgerAudit } from './ledger-audit.js';
import { Leadership } from './leadership.js';
import { Metrics } from './metrics.js';
import { OutboxHandover } from './outbox-handover.js';
import { UnitOfWork } from './unit-of-work.js';

/** The truth and the way into it: database, ledger, unit of work and book. Global, because every module stands on it. */
@Global()
@Module({})
export class LedgerModule {
  static with(config: Config): DynamicModule {
    const shared = [
      Database,
      Book,
      Auditors,
      LedgerAudit,
      UnitOfWork,
      AccountReader,
      Committed,
      Leadership,
      Metrics,
      OutboxHandover,
    ];
    return {
      module: LedgerModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Clock, useClass: SystemClock },
        { provide: DataSource, useFactory: () => createDataSource(config) },
        {
          provide: ConnectionWatch,
          inject: [DataSource],
          useFactory: (dataSource: DataSource) => new ConnectionWatch(dataSource, createBackends(config)),
        },
        ...shared,
      ],
      exports: [CONFIG, Clock, DataSource, ConnectionWatch, CqrsModule, ...shared],
    };
  }
}
