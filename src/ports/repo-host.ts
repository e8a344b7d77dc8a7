/** A hook as it should be. */
export interface HookSpec {
  /** Where events go; a repository has one hook for one URL. */
  readonly url: string;
  /** Signs each delivery. */
  readonly secret: string;
  /** GitHub's names of events: `push`, `delete`. */
  readonly events: readonly string[];
}

/** A mark on a commit; a later one of the same context takes its place. */
export interface CommitStatus {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** Tells the marks of different systems apart. */
  readonly context: string;
  /** Cut to the 140 characters that GitHub takes. */
  readonly description: string;
  /** Where the reader finds more; null for nowhere. */
  readonly targetUrl: string | null;
}

/** A deployment to tell GitHub of. */
export interface DeploymentSpec {
  readonly sha: string;
  /** The environment's name. */
  readonly environment: string;
  readonly description: string;
  /** Tells this deployment from every other of the repository: a second call with it answers the first's id. */
  readonly key: string;
}

/** How a deployment stands. */
export interface DeploymentState {
  readonly state: 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive';
  /** Where the environment is reached; null where it is not known. */
  readonly environmentUrl: string | null;
  /** Where the log is read; null for nowhere. */
  readonly logUrl: string | null;
  /** Cut to the 140 characters that GitHub takes. */
  readonly description: string;
}

/**
 * Where repositories are hosted, told of what Jockey does. A repository is `owner/name`. All of it may be said twice.
 * Throws `unavailable` for what may pass (GitHub down, rate limited, silent) and `unprocessable_entity`, with GitHub's
 * reason, for what will not.
 */
export interface RepoHost {
  /** Installs a hook; the one with the same URL is brought up to date instead. */
  installHook(repo: string, hook: HookSpec): Promise<{ id: string }>;
  /** Takes a hook away; one that is gone already is no fault. */
  removeHook(repo: string, id: string): Promise<void>;
  setCommitStatus(repo: string, sha: string, status: CommitStatus): Promise<void>;
  /** Tells of a deployment; the one with the same key is answered instead of making a second. */
  createDeployment(repo: string, deployment: DeploymentSpec): Promise<{ id: string }>;
  setDeploymentStatus(repo: string, deploymentId: string, state: DeploymentState): Promise<void>;
  /** Creates a tag or moves it, also backwards. */
  moveTag(repo: string, tag: string, sha: string): Promise<void>;
}

/** Injection token of {@link RepoHost}. */
export const REPO_HOST = Symbol('RepoHost');
