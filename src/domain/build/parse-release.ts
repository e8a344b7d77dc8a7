import { MOST_PROCESS_TYPES } from './parse-procfile.js';
import type { ProcessType } from './process-type.js';

/** A process of the map, with its quotes if it has any: `  web: "bin/serve"`. */
const ENTRY = /^\s+(["']?)([A-Za-z0-9_-]+)\1:\s*(\S.*?)\s*$/;

/**
 * The processes that a classic buildpack's `bin/release` proposes: the map `default_process_types` of the small YAML
 * document that it prints. Only the plain form is read that this contract asks for; what is not so says nothing.
 */
export function parseRelease(text: string): readonly ProcessType[] {
  const lines = text.split(/\r?\n/);
  const start = lines.findIndex((line) => /^default_process_types:\s*$/.test(line));
  if (start < 0) return [];
  const found: ProcessType[] = [];
  for (const line of lines.slice(start + 1)) {
    if (/^\S/.test(line)) break;
    const [, , name, command] = ENTRY.exec(line) ?? [];
    if (name !== undefined && command !== undefined) found.push({ name, command: withoutQuotes(command) });
  }
  return found.slice(0, MOST_PROCESS_TYPES);
}

function withoutQuotes(text: string): string {
  return (
    /^"(.*)"$/.exec(text)?.[1]?.replace(/\\(["\\])/g, '$1') ?? /^'(.*)'$/.exec(text)?.[1]?.replaceAll("''", "'") ?? text
  );
}
