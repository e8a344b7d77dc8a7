/** What stands in a commit for a file that Git LFS keeps elsewhere. */
export interface LfsPointer {
  /** SHA-256 of the content, 64 hexadecimal digits. */
  readonly oid: string;
  /** Length of the content, in bytes. */
  readonly size: number;
}

/** Longest text that is looked at, in bytes, as https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md says. */
export const LONGEST_LFS_POINTER = 1024;

const VERSION = /^version https:\/\/(git-lfs\.github\.com\/spec|hawser\.github\.com\/spec)\/v1\n/;

/** Reads a pointer of Git LFS; null for any other text. */
export function parseLfsPointer(text: string): LfsPointer | null {
  if (!VERSION.test(text)) return null;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = Number(/^size (0|[1-9][0-9]{0,15})$/m.exec(text)?.[1]);
  return oid === undefined || !Number.isSafeInteger(size) ? null : { oid, size };
}

/** Whether attributes may put a file into Git LFS: without that, nothing of it is looked for. */
export function mentionsLfs(attributes: string): boolean {
  return /^\s*[^#\s].*\sfilter=lfs(\s|$)/m.test(attributes);
}
