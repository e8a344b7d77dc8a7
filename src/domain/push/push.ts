/** A push to a repository, as far as Jockey looks at it. */
export interface Push {
  /** `owner/name` of the repository that was pushed to. */
  readonly repo: string;
  /** `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
  /** Whether the branch or tag is gone now. */
  readonly deleted: boolean;
  /** Whether commits were taken away from the branch. */
  readonly forced: boolean;
  /** The commit that the branch or tag names now; null where there is none. */
  readonly sha: string | null;
  /** Message of that commit; empty where there is none. */
  readonly message: string;
  /** When it came to GitHub, in seconds since 1970; null where that is not said. */
  readonly pushedAt: number | null;
}

/** The branch of a push; null for a tag, or for what is neither. */
export const branchOf = ({ ref }: Pick<Push, 'ref'>): string | null => after(ref, 'refs/heads/');

/** The tag of a push; null for a branch, or for what is neither. */
export const tagOf = ({ ref }: Pick<Push, 'ref'>): string | null => after(ref, 'refs/tags/');

const after = (text: string, start: string): string | null =>
  text.startsWith(start) && text.length > start.length ? text.slice(start.length) : null;
