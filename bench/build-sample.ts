import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requirePrograms } from '../tools/machine/packages.js';
import { run } from '../tools/machine/run.js';

/** An app of several steps: what it installs, what it copies, what it compiles, how it starts. */
const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY nonce /nonce
COPY packages /packages
RUN for round in 1 2 3 4; do cat /packages/* | gzip -9 | sha256sum; done > /installed
COPY app /app
RUN for each in /app/*; do gzip -c "$each" | sha256sum; done > /compiled
RUN tar -cf - /app /packages | gzip | sha256sum > /packed
CMD ["/bin/busybox", "sleep", "600"]
`;

const PACKAGES = { count: 20, bytes: 200_000 };
const FILES = { count: 150, bytes: 20_000 };

/** Writes the app's files; the nonce makes all that comes after it new to every cache. */
export async function writeBuildSample(folder: string, nonce: string): Promise<void> {
  const { busybox } = await requirePrograms(['busybox']);
  await mkdir(folder, { recursive: true });
  await copyFile(busybox, join(folder, 'busybox'));
  await chmod(join(folder, 'busybox'), 0o755);
  await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
  await writeFile(join(folder, 'nonce'), `${nonce}\n`);
  await writeFiles(join(folder, 'packages'), PACKAGES);
  await writeFiles(join(folder, 'app'), FILES);
}

async function writeFiles(folder: string, { count, bytes }: { count: number; bytes: number }): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let number = 0; number < count; number += 1)
    await writeFile(join(folder, `file-${number}`), textOf(number, bytes));
}

/** The same text for the same number, which compresses as program text does. */
function textOf(number: number, bytes: number): string {
  let state = number + 1;
  let text = '';
  while (text.length < bytes) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += `const value${state % 1_000} = ${state};\n`;
  }
  return text.slice(0, bytes);
}

/** Commits the folder to the bare repository `root/name.git`, also where nothing changed. */
export async function commitSample(folder: string, bare: string): Promise<void> {
  const git = (...args: readonly string[]) => run('git', ['-C', folder, ...args], { env: AS_NOBODY });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '-m', 'Sample of a build');
  await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { env: AS_NOBODY });
  await git('push', '--quiet', bare, 'main');
}

const AS_NOBODY = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Sample',
  GIT_AUTHOR_EMAIL: 'sample@jockey.test',
  GIT_COMMITTER_NAME: 'Sample',
  GIT_COMMITTER_EMAIL: 'sample@jockey.test',
};
