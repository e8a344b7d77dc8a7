import { chmod, copyFile, cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePrograms } from './machine/packages.js';
import { projectRoot } from './machine/project.js';
import { run } from './machine/run.js';

/** Branches of the sample app, each a folder of `sample/` of the same name; what each is for stands in its README. */
export const SAMPLE_BRANCHES = [
  'main',
  'v2',
  'slow-start',
  'slow-stop',
  'slow-requests',
  'never-healthy',
  'crash-at-start',
  'broken-dockerfile',
] as const;
export type SampleBranch = (typeof SAMPLE_BRANCHES)[number];

/** The app's repository as `owner/name`, as POST /apps takes it. */
export const SAMPLE_REPOSITORY = 'jockey/sample';

/** Where the repository is, and the full sha of each branch's one commit above `main`. */
export interface SampleRepository {
  readonly path: string;
  readonly shas: Readonly<Record<SampleBranch, string>>;
}

/** Nothing of the user's own configuration, and a fixed time, so that the same sources give the same shas. */
const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Sample',
  GIT_AUTHOR_EMAIL: 'sample@jockey.test',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Sample',
  GIT_COMMITTER_EMAIL: 'sample@jockey.test',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

/**
 * Makes the bare repository `ROOT/jockey/sample.git` from `sample/` and the machine's busybox; an older one of that
 * place is replaced. `root` is what GIT_LOCAL_ROOT is set to.
 */
export async function createSampleRepository({ root }: { root: string }): Promise<SampleRepository> {
  await requirePrograms(['git']);
  const work = await mkdtemp(join(tmpdir(), 'jockey-sample-'));
  try {
    const tree = join(work, 'tree');
    await git(work, 'init', '--quiet', '--initial-branch=main', tree);
    for (const branch of SAMPLE_BRANCHES) await commitBranch(tree, branch);
    const bare = join(work, 'sample.git');
    await git(work, 'clone', '--quiet', '--bare', '--no-hardlinks', tree, bare);
    const path = await moveInto(root, bare);
    return { path, shas: await readShas(path) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function commitBranch(tree: string, branch: SampleBranch): Promise<void> {
  if (branch !== 'main') await git(tree, 'checkout', '--quiet', '-b', branch, 'main');
  await cp(join(projectRoot(), 'sample', branch), tree, { recursive: true });
  if (branch === 'main') await addBusybox(tree);
  await git(tree, 'add', '--all');
  await git(tree, 'commit', '--quiet', '-m', `Sample: ${branch}`);
}

async function addBusybox(tree: string): Promise<void> {
  const { busybox } = await requirePrograms(['busybox']);
  await copyFile(busybox, join(tree, 'busybox'));
  await chmod(join(tree, 'busybox'), 0o755);
}

/** The work folder may be on another disk: copied beside its place first, so that the swap is one step. */
async function moveInto(root: string, bare: string): Promise<string> {
  const path = join(root, `${SAMPLE_REPOSITORY}.git`);
  await mkdir(join(path, '..'), { recursive: true });
  await cp(bare, `${path}.new`, { recursive: true });
  await rm(path, { recursive: true, force: true });
  await rename(`${path}.new`, path);
  return path;
}

async function readShas(path: string): Promise<SampleRepository['shas']> {
  const lines = await git(path, 'for-each-ref', '--format=%(refname:short) %(objectname)', 'refs/heads');
  const pairs = lines
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return Object.fromEntries(pairs) as Record<SampleBranch, string>;
}

function git(cwd: string, ...args: string[]): Promise<string> {
  return run('git', args, { cwd, env: GIT_ENVIRONMENT });
}
