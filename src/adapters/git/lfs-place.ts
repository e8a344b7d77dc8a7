import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GitRemote } from './git-remote.js';
import type { Checkout, Looking } from './source-part.js';

/** Where the files of Git LFS of a repository are. */
export type LfsPlace =
  | { readonly folder: string }
  | {
      /** Without a slash at its end; `/objects/batch` comes after it. */
      readonly url: string;
      /** Host and port that the repository itself is on: whoever may be asked for it may be asked for its files. */
      readonly host: string;
      readonly credentials: GitRemote['credentials'];
    };

/**
 * By https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md: what `.lfsconfig` says, else beside the
 * repository. One that is read by ssh or git is asked by https; one on the disk has them in its own folder.
 */
export async function lfsPlaceOf({ remote, sha }: Checkout, { cache, signal }: Looking): Promise<LfsPlace> {
  if (remote.protocols.includes('file')) return { folder: join(fileURLToPath(remote.url), 'lfs', 'objects') };
  const args = ['config', `--blob=${sha}:.lfsconfig`, '--get', 'lfs.url'];
  const configured = (await cache.ask(remote, args, { part: 'files', signal }))?.trim() ?? '';
  const beside = besideOf(remote.url);
  const url = /^https?:\/\//.test(configured) && !isAbsolute(configured) ? configured : beside.href;
  return { url: url.replace(/\/+$/, ''), host: beside.host, credentials: remote.credentials };
}

function besideOf(repository: string): URL {
  const url = new URL(repository.replace(/^(ssh|git):/, 'https:'));
  if (!/^https?:/.test(repository)) url.port = '';
  url.username = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\.git$/, '')}.git/info/lfs`;
  return url;
}
