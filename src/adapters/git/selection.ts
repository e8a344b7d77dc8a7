import { cleanPath, dockerfileInContext } from '../../domain/source/dockerfile-in-context.js';
import { NO_IGNORE_RULES, parseIgnoreRules, type IgnoreRules } from '../../domain/source/ignore-rules.js';
import type { SourceListing, SourceSelection } from '../../ports/source-code.js';
import { asBytes, readable } from './git-tree.js';

/** Which files go into the stream, and under which names. */
export interface Selection {
  /** The name in the stream of what lies at a path from the top; null where it is left out. */
  nameOf(path: string): string | null;
  /** Whether files below a submodule at a path may be wanted, though it is itself left out. */
  reaches(path: string): boolean;
  /** The name of the innermost folder around a path that is left out which is itself wanted, if only empty; null for none. */
  folderAround(path: string): string | null;
  /** The Dockerfile, where it has to be put into the stream besides. */
  readonly dockerfile: { readonly name: string; readonly text: string } | null;
}

/** Reads what decides about the files of a commit. */
export async function selectionOf(wanted: SourceSelection, listing: SourceListing): Promise<Selection> {
  const { dockerfile: path, context, ignore } = wanted;
  const rules = ignore === 'none' ? NO_IGNORE_RULES : await rulesFor(wanted, listing);
  const text = path === null ? null : await listing.read(path);
  const name = path === null ? null : asBytes(dockerfileInContext({ dockerfile: path, context }));
  const folder = asBytes(cleanPath(context));
  const above = folder === '' ? '' : `${folder}/`;
  const dockerfile = name === null || text === null ? null : { name, text };
  return {
    dockerfile,
    nameOf: (full) => {
      if (!full.startsWith(above)) return null;
      const inside = full.slice(above.length);
      return inside === dockerfile?.name || rules.ignores(readable(inside)) ? null : inside;
    },
    folderAround: (full) => {
      if (!full.startsWith(above)) return null;
      const parts = full.slice(above.length).split('/');
      const folders = parts.slice(1).map((_part, index) => parts.slice(0, index + 1).join('/'));
      return folders.findLast((each) => !rules.ignores(readable(each))) ?? null;
    },
    reaches: (full) => {
      if (!full.startsWith(above)) return `${folder}/`.startsWith(`${full}/`);
      return rules.hasExceptions || !rules.ignores(readable(full.slice(above.length)));
    },
  };
}

async function rulesFor({ dockerfile, context }: SourceSelection, listing: SourceListing): Promise<IgnoreRules> {
  const own = dockerfile === null ? null : await listing.read(`${dockerfile}.dockerignore`);
  const text = own ?? (await listing.read(`${context}/.dockerignore`));
  return text === null ? NO_IGNORE_RULES : parseIgnoreRules(text);
}
