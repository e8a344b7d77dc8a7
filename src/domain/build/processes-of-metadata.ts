import type { ProcessType } from './process-type.js';

/** A process, as a lifecycle writes it; `command` is a text, or since platform API 0.10 a list. */
interface Declared {
  readonly type?: unknown;
  readonly command?: unknown;
  readonly args?: unknown;
}

/**
 * The processes that the build metadata of a lifecycle names (`metadata.toml`, which is also in the image's label
 * `io.buildpacks.build.metadata`); none where it does not read as such.
 */
export function processesOfMetadata(metadata: unknown): readonly ProcessType[] {
  const { processes } = (metadata ?? {}) as { readonly processes?: unknown };
  if (!Array.isArray(processes)) return [];
  return (processes as (Declared | null)[]).flatMap((declared) => {
    const { type, command, args } = declared ?? {};
    return typeof type === 'string' ? [{ name: type, command: [...wordsOf(command), ...wordsOf(args)].join(' ') }] : [];
  });
}

function wordsOf(words: unknown): string[] {
  return (Array.isArray(words) ? (words as unknown[]) : [words]).filter((word) => typeof word === 'string');
}
