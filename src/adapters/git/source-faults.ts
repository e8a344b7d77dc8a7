import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';

/** A symlink that leads out of the build context. */
export function brokenLink(path: string, target: string): DomainError {
  return refused(
    `The symlink ${path} leads out of the build context, to ${target}: point it to a file inside, or name it in .dockerignore.`,
  );
}

/** What is known of a submodule that cannot be had. */
export interface BrokenSubmodule {
  /** From the top of the app's repository. */
  readonly path: string;
  /** As `.gitmodules` says; null where it says nothing. */
  readonly url: string | null;
}

/** A submodule that cannot be fetched, for which it need not be asked again; a silent server stays one. */
export function brokenSubmodule({ path, url }: BrokenSubmodule, cause: unknown): DomainError {
  const words = `The submodule ${path} (${url ?? 'without an address'}) cannot be fetched: ${sentenceOf(cause)}`;
  if (cause instanceof DomainError && cause.code === 'unavailable') return new DomainError('unavailable', words);
  return refused(words);
}

/** What is known of a file of Git LFS that cannot be had. */
export interface BrokenLfs {
  /** From the top of the app's repository. */
  readonly path: string;
  readonly server: string;
}

/** A file of Git LFS that its server does not give. */
export function brokenLfs({ path, server }: BrokenLfs, cause: string): DomainError {
  return refused(`The file ${path}, which Git LFS keeps at ${server}, cannot be had: ${cause}`);
}

/** A server of Git LFS that does not answer. */
export function silentLfs({ path, server }: BrokenLfs, cause: string): DomainError {
  return unavailable(`The Git LFS server ${server}, which keeps ${path},`, cause);
}

/** A repository without a commit. */
export function emptyRepository(name: string): DomainError {
  const words = `The repository ${name} is empty: push a commit first.`;
  return new DomainError('unprocessable_entity', words, [{ field: 'ref', message: words }]);
}

/** A commit without files, or without any in the folder that is to be built. */
export function nothingToBuild(name: string, context: string): DomainError {
  if (context === '')
    return refused(`The commit of ${name} has no files that are not ignored: there is nothing to build.`);
  return refused(
    `The commit of ${name} has no folder ${context} with files that are not ignored: correct the app's build_context.`,
  );
}

function refused(words: string): DomainError {
  return new DomainError('unprocessable_entity', words);
}
