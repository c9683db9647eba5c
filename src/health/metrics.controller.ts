import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { Metrics } from '../ledger/metrics.js';
import { PortfolioGauges } from './portfolio-gauges.js';

@ApiTags('health')
@Controller()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly gauges: PortfolioGauges,
  ) {
    collectDefaultMetrics({ register: metrics.registry });
  }

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Prometheus metrics; the series of `main` have no account label' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async scrape(): Promise<string> {
    await this.gauges.collect();
    return this.metrics.registry.metrics();
  }
}
