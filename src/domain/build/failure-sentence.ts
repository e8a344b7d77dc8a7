import type { DomainError } from '../kernel/errors.js';
import type { BuildOutcome } from './build-lifecycle.js';

/** Longest reason of a failure, in characters: it stands in lists and messages. The log has it all. */
const LONGEST = 500;

/** An engine that dies of a build would die of it for ever: so often is it tried. */
export const MOST_ATTEMPTS = 3;

/** The reasons of failures that nobody else words. */
export const BUILD_FAILURES = {
  killed: `the engine was killed ${MOST_ATTEMPTS} times while building`,
  noDockerfile: 'the commit has no Dockerfile where its app says: set the dockerfile of the app, or its build_method',
} as const;

/** A build that runs longer than its app, or the operator, allows. */
export function tookTooLong(minutes: number): string {
  return `the build took longer than ${minutes} minute${minutes === 1 ? '' : 's'}, which is its limit`;
}

/** A host that went away under a build. */
export function hostLost(host: string, because: string): string {
  return `host ${host} was lost while building: ${because}`;
}

/** Whether a failure says that this host does not answer, as opposed to one that answers no. */
export function isHostSilent(error: DomainError, host: string): boolean {
  const at = error.message.indexOf(`host ${host}`);
  return error.code === 'unavailable' && at !== -1 && !/[\w-]/.test(error.message.charAt(at + host.length + 5));
}

/** A build that somebody ended. */
export function canceledSentence(reason: string | null): string {
  return reason === null ? 'canceled' : `canceled: ${reason}`;
}

/** A build whose branch has a newer commit that waits. */
export function supersededSentence(by: string, branch: string | null): string {
  return `superseded by build ${by}, a newer commit of ${branch ?? 'the same branch'}`;
}

/** How a build ended that brought no image, for those who waited for it. */
export function badEndOf(
  build: { readonly id: string; readonly outcome: BuildOutcome | null },
  reason: string,
): string {
  const ended = build.outcome === 'canceled' || build.outcome === 'superseded';
  return `build ${build.id} ${ended ? 'was' : 'failed:'} ${reason}`;
}

/** What went wrong, in whatever words, as one sentence in one line. */
export function failureSentence(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  if (line === '') return 'the build failed and nobody said why';
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

/** Docker's own words for a commit without a Dockerfile do not say what to do. */
export function isMissingDockerfile(words: string): boolean {
  return /Cannot locate specified Dockerfile|failed to read dockerfile: .*no such file/i.test(words);
}
