import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Route } from './openapi.js';

/** A request that a test sends, as its source says it. */
export interface Asked {
  /** In capitals. */
  readonly method: string;
  /** The parts of the path; null for what is put in when the test runs. */
  readonly path: readonly (string | null)[];
}

/** Methods of the clients of tests that name the method of HTTP themselves. */
const BY_NAME: Readonly<Record<string, string>> = { get: 'GET', post: 'POST', put: 'PUT', delete: 'DELETE' };

/** Those that take it as their first argument, before the path. */
const BY_ARGUMENT = new Set(['send', 'form']);

/** Those that take it as an option: the browser of the tests, and `fetch` with the address of an API before the path. */
const BY_OPTION = new Set(['ask', 'fetch']);

/** What the specs in a folder below test/ ask of the API: every call of a client with a path that stands there. */
export async function askedBySpecs(folder: string): Promise<readonly Asked[]> {
  const root = fileURLToPath(new URL(`../${folder}`, import.meta.url));
  const names = (await readdir(root)).filter((name) => name.endsWith('.spec.ts'));
  const sources = await Promise.all(names.map((name) => readFile(join(root, name), 'utf8')));
  return sources.flatMap(askedIn);
}

/** Whether a request is one of an operation. Where the path of the operation has a name, that of the request has it too. */
export function asks(asked: Asked, { method, path }: Pick<Route, 'method' | 'path'>): boolean {
  const parts = path.split('/').slice(1);
  if (asked.method !== method || asked.path.length !== parts.length) return false;
  return parts.every((part, at) => (part.startsWith('{') ? asked.path[at] !== '' : asked.path[at] === part));
}

/** Every request in a source. */
export function askedIn(source: string): readonly Asked[] {
  const file = ts.createSourceFile('a.spec.ts', source, ts.ScriptTarget.ES2022, true);
  const found: Asked[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(...askedByCall(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function askedByCall({ expression, arguments: [first, second] }: ts.CallExpression): readonly Asked[] {
  const called = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
  const isArgument = BY_ARGUMENT.has(called);
  const method = isArgument
    ? textOf(first)?.[0]
    : (BY_NAME[called] ?? (BY_OPTION.has(called) ? methodIn(second) : null));
  const path = pathOf(isArgument ? second : first);
  return typeof method === 'string' && path !== null ? [{ method, path }] : [];
}

/** What an object of options says, or what is meant where none does. */
function methodIn(options: ts.Expression | undefined): string {
  const said = options !== undefined && ts.isObjectLiteralExpression(options) ? options.properties : [];
  const method = said.find((each) => each.name?.getText() === 'method');
  return (method && ts.isPropertyAssignment(method) ? textOf(method.initializer)?.[0] : null) ?? 'GET';
}

/** The parts of a path before its query; null for what is no path. */
function pathOf(node: ts.Expression | undefined): Asked['path'] | null {
  const text = textOf(node)
    ?.map((part) => part ?? HOLE)
    .join('')
    .replace(new RegExp(`^${HOLE}(?=/)`), '');
  if (text?.startsWith('/') !== true) return null;
  return (text.split('?')[0] ?? '')
    .split('/')
    .slice(1)
    .map((part) => (part.includes(HOLE) ? null : part));
}

/** Stands for what is put into a template; no source has it. */
const HOLE = '\u0000';

/** The text of a literal or a template, with null for each hole. */
function textOf(node: ts.Expression | undefined): readonly (string | null)[] | null {
  if (node === undefined) return null;
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.flatMap(({ literal }) => [null, literal.text])];
}
