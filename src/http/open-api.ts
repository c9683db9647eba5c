import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { SERVICE_VERSION } from '../health/service-name.js';

const DESCRIPTION = `The single source of truth of portfolio state.

Bare JSON objects, snake_case. Money is exact: numbers keep all their digits, and \`numbers=string\` gives them as text for readers
whose JSON numbers are binary floats. \`*_pct\` is percent; a number that cannot be computed is null, never 0. Errors are
\`application/problem+json\` with a stable \`code\`.`;

/** Serves the OpenAPI document and a page to try it. Made when first asked for: a start does not wait for it. */
export function serveOpenApi(app: INestApplication): void {
  const config = new DocumentBuilder()
    .setTitle('Portfolio Intelligence')
    .setDescription(DESCRIPTION)
    .setVersion(SERVICE_VERSION)
    .addTag('portfolio', 'What an account holds, earned and risks')
    .addTag('health', 'Whether the service lives and can serve')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Portfolio Intelligence',
  });
}
