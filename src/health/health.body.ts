import { ApiProperty } from '@nestjs/swagger';

/** A part of the service or something it depends on. */
export class ComponentBody {
  @ApiProperty({
    example: 'postgres',
    description:
      '`accounts` (loaded into memory), `postgres`, `redis`, `exchange`, `integrity` (rows against the ledger); `risk_safety` when it is configured, `policy` when there is one in Redis, `trade_store` when one is set.',
  })
  readonly name!: string;
  @ApiProperty({
    enum: ['healthy', 'degraded', 'unhealthy', 'unknown', 'starting', 'draining', 'off'],
    description: 'Only the exchange can be degraded (not read whole now) or off (no key is set).',
  })
  readonly status!: string;
  @ApiProperty({
    required: false,
    description:
      'Why it is not healthy; of `risk_safety` what its emergency stop says, too; of `exchange` always: testnet or live, and when it was last read; of `trade_store` what its last import brought.',
  })
  readonly message?: string | undefined;
}

/** What the service is. */
export class ServiceBody {
  @ApiProperty({ example: 'portfolio-intelligence' })
  readonly service!: string;
  @ApiProperty({ example: '0.1.0' })
  readonly version!: string;
  @ApiProperty({ example: 'running' })
  readonly status!: string;
}

/** How the service is. */
export class HealthBody {
  @ApiProperty({ example: 'portfolio-intelligence' })
  readonly service!: string;
  @ApiProperty({ example: '0.1.0' })
  readonly version!: string;
  @ApiProperty({
    enum: ['healthy', 'degraded', 'starting'],
    description:
      'degraded = answers come from memory while something is away, the exchange included, or it was told to stop.',
  })
  readonly status!: string;
  @ApiProperty({ type: [ComponentBody] })
  readonly components!: readonly ComponentBody[];
  @ApiProperty({ format: 'date-time' })
  readonly timestamp!: string;
}

/** The same with what the service did since it started. */
export class PortfolioHealthBody extends HealthBody {
  @ApiProperty({ description: 'Seconds since the process started.' })
  readonly uptime_seconds!: number;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    description: 'Snapshots published since then, heartbeats included.',
  })
  readonly snapshot_updates!: number;
  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When the last one was; null = none yet.',
  })
  readonly last_snapshot_update!: string | null;
}
