import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { ProblemDto } from '../errors/problem.dto.js';
import { completeDocument } from './complete-document.js';
import { sortEnums } from './sort-enums.js';
import { WAYS_IN } from './ways-in.js';

const ABOUT = `Deploys commits as healthy containers to the right Docker hosts.

Send the token with **Authorize**, then *Try it out* works on this page. Bodies are JSON or forms. Every list has
\`page\` and \`per_page\`; every POST takes an \`Idempotency-Key\`; every failure is a Problem with a code of a closed list. \`x-jockey-needs\` says which right an operation needs, and where.`;

/** The OpenAPI 3.1 document of everything that is mounted. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Jockey')
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html');
  for (const [name, scheme] of Object.entries(WAYS_IN)) about.addSecurity(name, scheme).addSecurityRequirements(name);
  const document = SwaggerModule.createDocument(app, about.build(), {
    operationIdFactory: (_controller, method) => method,
    extraModels: [ProblemDto],
  });
  sortEnums(document);
  return completeDocument(document);
}

/** Serves the document at /docs-json and a page to try it at /docs; both may be read without a token. */
export function mountDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => buildOpenApi(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'Jockey',
    // Closed at first: one finds a tag faster than one of so many operations.
    swaggerOptions: { persistAuthorization: true, displayOperationId: true, tagsSorter: 'alpha', docExpansion: 'none' },
  });
}
