import type { BuildState } from '../build/build-lifecycle.js';

/** A mark on a commit: how it stands, and why in one sentence. */
export interface StatusWords {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly description: string;
}

/** Name of the mark of builds. */
export const BUILD_CONTEXT = 'jockey/build';

/** What a commit is marked with for its newest build. */
export function buildStatus(build: {
  readonly id: string;
  readonly state: BuildState;
  readonly failureReason: string | null;
}): StatusWords {
  if (build.state === 'in_progress') return { state: 'pending', description: `Build ${build.id} is in progress.` };
  if (build.state === 'completed') return { state: 'success', description: `Build ${build.id} is in the registry.` };
  return { state: 'failure', description: build.failureReason ?? `Build ${build.id} failed.` };
}
