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
  if (!ts.isPropertyAccessExpression(expression)) return [];
  const called = expression.name.text;
  const method = BY_NAME[called] ?? (BY_ARGUMENT.has(called) && first !== undefined ? textOf(first)?.[0] : undefined);
  const path = pathOf(BY_NAME[called] === undefined ? second : first);
  return typeof method === 'string' && path !== null ? [{ method, path }] : [];
}

/** The parts of a path before its query; null for what is no path. */
function pathOf(node: ts.Expression | undefined): Asked['path'] | null {
  const text = node === undefined ? null : textOf(node);
  if (text === null || typeof text[0] !== 'string' || !text[0].startsWith('/')) return null;
  const [path] = text
    .map((part) => part ?? HOLE)
    .join('')
    .split('?');
  return (path ?? '')
    .split('/')
    .slice(1)
    .map((part) => (part.includes(HOLE) ? null : part));
}

/** Stands for what is put into a template; no source has it. */
const HOLE = '\u0000';

/** The text of a literal or a template, with null for each hole. */
function textOf(node: ts.Expression): readonly (string | null)[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.flatMap(({ literal }) => [null, literal.text])];
}
