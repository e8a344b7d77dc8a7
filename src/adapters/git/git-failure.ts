import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import { GitError } from './git-command.js';
import type { GitRemote } from './git-remote.js';

const REFUSED =
  /not found|does not exist|not appear to be a git repository|Authentication failed|could not read|denied|returned error: 40[134]/i;
const SILENT =
  /could not resolve host|connection refused|timed out|unable to connect|failed to connect|returned error: 5\d\d|unable to access|Connection reset|early EOF/i;

/** What went wrong with a repository, in one sentence without its address or token. */
export function failureOf(remote: GitRemote, error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (!(error instanceof GitError)) return unavailable(`the repository ${remote.name}`, sentenceOf(error));
  if (REFUSED.test(error.words))
    return new DomainError(
      'unprocessable_entity',
      `There is no repository ${remote.name} that Jockey may read: check its name, and the rights of GITHUB_OAUTH_TOKEN.`,
    );
  if (error.timedOut || SILENT.test(error.words)) return unavailable(`the Git server of ${remote.name}`, error.message);
  return new DomainError('unprocessable_entity', `git could not read ${remote.name}: ${error.message}`);
}

/** A ref that the repository does not have. */
export function unknownRef(remote: GitRemote, ref: string): DomainError {
  return new DomainError(
    'unprocessable_entity',
    `"${ref}" is neither a branch, nor a tag, nor a commit of ${remote.name}.`,
    [{ field: 'ref', message: `"${ref}" is neither a branch, nor a tag, nor a commit of ${remote.name}.` }],
  );
}
