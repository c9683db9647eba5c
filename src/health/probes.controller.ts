import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { HealthCheckResult } from '@nestjs/terminus';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { Dependencies } from './dependencies.js';
import { AnswersProbe, MayRefuse } from './probe.body.js';

const UNDOCUMENTED = { noCache: true, swaggerDocumentation: false };

/** What an orchestrator asks. */
@ApiTags('health')
@Controller('health')
export class ProbesController {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly dependencies: Dependencies,
  ) {}

  /** Says yes as long as the process can say anything: a dependency that is away is no reason to kill it. */
  @Get('live')
  @ApiOperation({ summary: 'Whether the process lives' })
  @AnswersProbe()
  @HealthCheck(UNDOCUMENTED)
  live(): Promise<HealthCheckResult> {
    return this.checks.check([]);
  }

  @Get('ready')
  @ApiOperation({
    summary: 'Whether traffic should come here: 503 while starting, draining, or without Postgres or Redis',
  })
  @AnswersProbe()
  @MayRefuse('Not now: `not_ready`; `details` says which dependency is down.')
  @HealthCheck(UNDOCUMENTED)
  ready(): Promise<HealthCheckResult> {
    return this.checks.check(this.dependencies.all);
  }
}
