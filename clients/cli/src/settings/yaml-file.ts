import { readFile } from 'node:fs/promises';
import { usage } from '../errors.js';

/** Whether the file is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** The map that the file holds; empty where there is no file. The parser is only loaded where there is one. */
export async function readYaml(path: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return {};
    throw usage(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return mapOf(path, text);
}

async function mapOf(path: string, text: string): Promise<Readonly<Record<string, unknown>>> {
  const plain = plainMap(text);
  if (plain !== null) return plain;
  const { parse } = await import('yaml');
  let said: unknown;
  try {
    said = parse(text);
  } catch (error) {
    throw usage(`${path} is no YAML: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`);
  }
  if (said === null) return {};
  if (typeof said !== 'object' || Array.isArray(said)) throw usage(`${path} should hold lines of "key: value".`);
  return said as Record<string, unknown>;
}

const PLAIN_LINE = /^([a-z_]+): +([A-Za-z0-9_./:@-]*[A-Za-z0-9_./@-])\s*$/;

/** Values that YAML reads as something else than a text. */
const NO_TEXT = /^(?:true|false|yes|no|on|off|null|~|[-+.\d].*|\..*)$/i;

/**
 * The map where the text holds nothing but the plainest lines, as these files nearly always do: reading it takes no
 * parser, which takes longer to load than the rest of the program. Null where a parser has to say.
 */
function plainMap(text: string): Readonly<Record<string, string>> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#') && line !== '---');
  const pairs = lines.map((line) => PLAIN_LINE.exec(line));
  if (pairs.some((pair) => pair === null || NO_TEXT.test(pair[2] ?? '') || (pair[2] ?? '').includes(': '))) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}
