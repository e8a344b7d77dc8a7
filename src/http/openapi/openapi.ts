import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from '../errors/problem.dto.js';

const ABOUT = `Deploys commits as healthy containers to the right Docker hosts.

Send the token with **Authorize**, then *Try it out* works on this page. Bodies are JSON or forms. Every list has
\`page\` and \`per_page\`; every POST takes an \`Idempotency-Key\`; every failure is a Problem with a code of a closed list.`;

/** The OpenAPI 3.1 document of everything that is mounted. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Jockey')
    .setDescription(ABOUT)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The bootstrap token.' }, 'token')
    .addSecurityRequirements('token')
    .build();
  return SwaggerModule.createDocument(app, about, {
    operationIdFactory: (_controller, method) => method,
    extraModels: [ProblemDto],
  });
}

/** Serves the document at /docs-json and a page to try it at /docs; both may be read without a token. */
export function mountDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Jockey',
    swaggerOptions: { persistAuthorization: true, displayOperationId: true, tagsSorter: 'alpha' },
  });
}
