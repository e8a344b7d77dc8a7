import { openApiText } from './openapi-text.js';
import { type GeneratedFile, pagesOfTheSources } from './pages-of-the-sources.js';

/** All generated files. The document of the API needs the compiled code: its descriptions are found by the compiler. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  return [...(await pagesOfTheSources()), { path: 'docs/openapi.json', text: await openApiText() }];
}
