import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import { GitError } from './git-command.js';
import type { GitRemote } from './git-remote.js';

/** git is not there: the machine's fault, not the repository's. */
const NO_GIT = /^git could not be started/;

/** What curl, ssh and git say of a server that does not answer, or answers that it cannot now. */
const SILENT =
  /could not resolve|name or service not known|temporary failure in name|connection (refused|reset|timed out)|timed out|unable to connect|(failed|couldn't) to? ?connect|no route to host|network is unreachable|empty reply|returned error: (5\d\d|429)|early EOF|hung up unexpectedly|too slow|ssl|certificate/i;

/** What a server says of a repository that is not there, or not for us. */
const REFUSED =
  /not found|does not exist|no such file|not appear to be a git repository|repository not exported|authentication failed|could not read|denied|invalid credentials|host key verification failed|returned error: 40[134]/i;

/** What went wrong with a repository, in one sentence without its token. */
export function failureOf(remote: GitRemote, error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const server = `the Git server of ${remote.name}`;
  if (!(error instanceof GitError)) return unavailable(server, sentenceOf(error));
  if (NO_GIT.test(error.words)) return unavailable('the program git', `${error.message}; install it beside Jockey`);
  if (SILENT.test(error.words)) return unavailable(server, error.message);
  if (REFUSED.test(error.words))
    return new DomainError(
      'unprocessable_entity',
      `There is no repository ${remote.name} that Jockey may read: check its name, and ${remote.rights}.`,
    );
  return new DomainError('unprocessable_entity', `git could not read ${remote.name}: ${error.message}`);
}

/** A ref that the repository does not have. */
export function unknownRef(remote: GitRemote, ref: string): DomainError {
  return refusedRef(`"${ref}" is neither a branch, nor a tag, nor a commit of ${remote.name}.`);
}

/** A shortened commit id that more than one commit has. */
export function ambiguousRef(remote: GitRemote, ref: string, candidates: readonly string[]): DomainError {
  const named = candidates.slice(0, 5).join(', ');
  const more = candidates.length > 5 ? ` and ${candidates.length - 5} more` : '';
  return refusedRef(
    `"${ref}" means more than one commit of ${remote.name}: ${named}${more}; give more digits of the one you mean.`,
  );
}

function refusedRef(words: string): DomainError {
  return new DomainError('unprocessable_entity', `ref ${words}`, [{ field: 'ref', message: words }]);
}
