import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { usage } from '../errors.js';
import type { World } from '../world.js';

const run = promisify(execFile);

/** The full id of the commit that is checked out. */
export async function headOf(world: Pick<World, 'folder'>): Promise<string> {
  const head = await git(world, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head === null) throw usage(`${world.folder} is in no Git checkout with a commit: name the commit to deploy.`);
  return head;
}

/** Whether there are changes that no commit holds. */
export async function isDirty(world: Pick<World, 'folder'>): Promise<boolean> {
  const status = await git(world, ['status', '--porcelain', '--untracked-files=no']);
  return status !== null && status !== '';
}

/** `owner/name` of the remote `origin`; null outside of a checkout and where it has none. */
export async function repositoryOf(world: Pick<World, 'folder'>): Promise<string | null> {
  const url = await git(world, ['remote', 'get-url', 'origin']);
  return url === null ? null : repositoryIn(url);
}

/** `owner/name` in the address of a remote: `git@host:owner/name.git`, `https://host/owner/name`; null in no such. */
export function repositoryIn(url: string): string | null {
  const path = url
    .trim()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split(/[/:]/);
  const [owner, name] = path.slice(-2);
  return owner && name ? `${owner}/${name}` : null;
}

/** What Git says, without line ends; null where it fails or is not installed. */
async function git({ folder }: Pick<World, 'folder'>, words: readonly string[]): Promise<string | null> {
  try {
    return (await run('git', words, { cwd: folder })).stdout.trim();
  } catch {
    return null;
  }
}
