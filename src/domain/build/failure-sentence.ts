/** Longest reason of a failure, in characters: it stands in lists and messages. The log has it all. */
const LONGEST = 500;

/** An engine that dies of a build would die of it for ever: so often is it tried. */
export const MOST_ATTEMPTS = 3;

/** A build that takes longer hangs, in minutes. */
export const LONGEST_BUILD_MINUTES = 60;

/** The reasons of failures that nobody else words. */
export const BUILD_FAILURES = {
  killed: `the engine was killed ${MOST_ATTEMPTS} times while building`,
  tooLong: `the build took longer than ${LONGEST_BUILD_MINUTES} minutes`,
  noDockerfile: 'the commit has no Dockerfile at its top: add one, since buildpacks are not supported yet',
} as const;

/** A host that went away under a build. */
export function hostLost(host: string, because: string): string {
  return `host ${host} was lost while building: ${because}`;
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
