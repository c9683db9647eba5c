import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { PublicationRecord } from '../portfolio/publication-record.js';
import { isoOf } from '../shared/periods.js';
import { Health } from './health.js';
import { HealthBody, PortfolioHealthBody, ServiceBody } from './health.body.js';
import { SERVICE_NAME, SERVICE_VERSION } from './service-name.js';

/** How the service is, in the shapes that neighbours have watched for years. */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly published: PublicationRecord,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What this is' })
  @ApiOkResponse({ type: ServiceBody })
  service(): ServiceBody {
    return { service: SERVICE_NAME, version: SERVICE_VERSION, status: 'running' };
  }

  /** A degraded service still answers from memory, so only one that is starting says 503. */
  @Get('health')
  @ApiOperation({ summary: 'Whether it can serve, and what is away' })
  @ApiOkResponse({ type: HealthBody })
  @ApiResponse({ status: 503, type: HealthBody, description: 'Still starting.' })
  async older(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthBody> {
    const body = await this.health.body();
    if (body.status === 'starting') void reply.code(HttpStatus.SERVICE_UNAVAILABLE);
    return body;
  }

  @Get('api/portfolio/health')
  @ApiOperation({ summary: 'The same, with what it did since it started' })
  @ApiOkResponse({ type: PortfolioHealthBody })
  async portfolio(): Promise<PortfolioHealthBody> {
    const { timestamp, ...body } = await this.health.body();
    const { snapshots, lastAt } = this.published;
    return {
      ...body,
      uptime_seconds: Math.round(process.uptime() * 1000) / 1000,
      snapshot_updates: snapshots,
      last_snapshot_update: lastAt === null ? null : isoOf(lastAt),
      timestamp,
    };
  }
}
