import { readFile } from 'node:fs/promises';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import type { Given } from '../given.js';

/** Fields of a body by their names. */
export type Body = Readonly<Record<string, unknown>>;

/** What was typed as `FIELD=VALUE`, over what `--input` holds; beside a file they are read as YAML, as it is. */
export async function readBody(context: Pick<Context, 'world'>, given: Given): Promise<Body> {
  const path = given.text('input');
  const typed = assignments(given.rest('FIELD=VALUE'));
  if (path === undefined) return typed;
  const { parse } = await import('yaml');
  const values = Object.entries(typed).map(([name, value]) => [name, parse(value) as unknown] as const);
  return { ...(await readInput(context, path)), ...Object.fromEntries(values) };
}

/** `name=shop scale=3`; of two of one name the last counts. */
export function assignments(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at <= 0) throw usage(`"${word}" should be NAME=VALUE.`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

async function readInput({ world }: Pick<Context, 'world'>, path: string): Promise<Body> {
  const text = path === '-' ? await readAll(world.stdin) : await readFile(path, 'utf8').catch(unreadable);
  const { parse } = await import('yaml');
  let said: unknown;
  try {
    said = parse(text);
  } catch (error) {
    throw usage(`${path} is neither JSON nor YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof said !== 'object' || said === null || Array.isArray(said)) throw usage(`${path} should hold fields.`);
  return said as Body;
}

const unreadable = (error: unknown): never => {
  throw usage(`--input cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
};

/** Everything that is piped in. */
export async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  const parts: string[] = [];
  for await (const part of stdin) parts.push(String(part));
  return parts.join('');
}

/**
 * How it is sent: as a form where all values are text, since the API then reads each as its field wants it and a client
 * needs to know no types; else as JSON.
 */
export function formOf(body: Body): { readonly body: unknown } {
  const values = Object.entries(body);
  if (!values.every(([, value]) => typeof value === 'string')) return { body };
  return { body: new URLSearchParams(values as [string, string][]) };
}
