import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode } from '../../domain/kernel/errors.js';
import { type Need, NEEDS_IN_DOCUMENT } from '../auth/needs.decorator.js';
import { STATUS_OF_CODE } from '../errors/status-of-code.js';
import { UNLIMITED } from '../limits/rate-limits.js';
import { PROBLEM_EXAMPLES, problemAnswer } from './describe.decorator.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

type Answer = Exclude<Operation['responses'][string], { $ref: string } | undefined>;

const PROBLEM = 'application/problem+json';

/** Resources that have a name, which serves wherever their id does. */
const NAMED = new Set(['apps', 'environments', 'stacks', 'hosts']);

/** Adds what no handler has to say of itself, because it follows from its path and from the right that it needs. */
export function completeDocument(document: OpenAPIObject): OpenAPIObject {
  for (const [path, methods] of Object.entries(document.paths))
    for (const operation of Object.values(methods) as Operation[]) {
      describeParameters(path, operation);
      const needs = needsOf(operation);
      if (needs === undefined) operation.security = [];
      else addProblems(operation, needs.flatMap(refusalsOf));
      if (!UNLIMITED.has(path)) addProblems(operation, ['rate_limited']);
    }
  const responses = shareProblems(document);
  return { ...document, components: { ...document.components, responses, examples: PROBLEM_EXAMPLES } };
}

/** Names each refusal by its codes, once for all operations; without it they are most of the document. */
function shareProblems({ paths }: OpenAPIObject): Record<string, Answer> {
  const shared: Record<string, Answer> = {};
  for (const { responses } of Object.values(paths).flatMap((methods) => Object.values(methods) as Operation[]))
    for (const [status, answer] of Object.entries(responses)) {
      const name = nameOf(answer as Answer);
      if (name === null) continue;
      shared[name] = answer as Answer;
      responses[status] = { $ref: `#/components/responses/${name}` };
    }
  return Object.fromEntries(Object.entries(shared).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Null for what is more than a refusal, or says of itself what it is. */
function nameOf({ description, content = {} }: Answer): string | null {
  const codes = Object.keys(content[PROBLEM]?.examples ?? {}) as ErrorCode[];
  const isPlain = Object.keys(content).length === 1 && description === problemAnswer(codes).description;
  return codes.length > 0 && isPlain ? [...codes].sort().join('.') : null;
}

/** What a caller without the right is told, and one who may not even see the place. */
function refusalsOf({ target }: Need): readonly ErrorCode[] {
  if (target.kind === 'self') return ['not_authenticated'];
  const hides = target.kind !== 'somewhere' && target.kind !== 'everywhere';
  return ['not_authenticated', 'forbidden', ...(hides ? (['not_found'] as const) : [])];
}

/** What the decorator left there; public operations have none. */
const needsOf = (operation: object): readonly Need[] | undefined =>
  (operation as { readonly [NEEDS_IN_DOCUMENT]?: readonly Need[] })[NEEDS_IN_DOCUMENT];

function addProblems(operation: Operation, codes: readonly ErrorCode[]): void {
  for (const code of codes) operation.responses[String(STATUS_OF_CODE[code])] ??= problemAnswer([code]);
}

function describeParameters(path: string, operation: Operation): void {
  for (const parameter of operation.parameters ?? [])
    if ('in' in parameter && parameter.in === 'path') parameter.description ??= pathParameter(path, parameter.name);
}

/** By the part of the path before it: `/apps/{id}`. */
function pathParameter(path: string, name: string): string {
  const parts = path.split('/');
  const collection = parts[parts.indexOf(`{${name}}`) - 1] ?? '';
  const key = NAMED.has(collection) ? 'by name or id' : `by ${name === 'id' ? name : name.replace(/Id$/, ' id')}`;
  return `Which of the ${collection.replaceAll('_', ' ')} is meant, ${key}.`;
}
