import { apiPage } from './api-page.js';
import { clientTypes } from './client-types.js';
import { openApiText } from './openapi-text.js';
import { type GeneratedFile, page, pagesOfTheSources } from './pages-of-the-sources.js';

/** All generated files. The document of the API needs the compiled code: its descriptions are found by the compiler. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const document = await openApiText();
  return [
    ...(await pagesOfTheSources()),
    { path: 'docs/openapi.json', text: document },
    await page('docs/reference/api.md', apiPage(document)),
    { path: 'clients/typescript/src/schema.ts', text: await clientTypes(document) },
  ];
}
