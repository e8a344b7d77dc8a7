import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { promisify } from 'node:util';

const MB = 1024 * 1024;

/** Files of a repository: so many of so many bytes each. */
const FILES = [
  { count: 1, bytes: 200 * MB },
  { count: 150, bytes: 4 * MB },
  { count: 20_000, bytes: 11 * 1024 },
] as const;

/** Makes a bare repository of 1 GB of random bytes, in files of all sizes, and answers its commit. */
export async function makeRepository(path: string): Promise<string> {
  await promisify(execFile)('git', ['init', '--quiet', '--bare', path]);
  const git = spawn('git', ['-c', 'core.compression=1', `--git-dir=${path}`, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(git, 'close');
  for (const piece of commit()) if (!git.stdin.write(piece)) await once(git.stdin, 'drain');
  git.stdin.end();
  await ended;
  const { stdout } = await promisify(execFile)('git', [`--git-dir=${path}`, 'rev-parse', 'refs/heads/main']);
  return stdout.trim();
}

function* commit(): Generator<string | Buffer> {
  yield 'commit refs/heads/main\ncommitter Bench <bench@example.com> 1700000000 +0000\ndata 5\nbench\n';
  for (const { count, bytes } of FILES)
    for (let index = 0; index < count; index += 1) {
      yield `M 100644 inline ${bytes}/${index % 100}/${index}\ndata ${bytes}\n`;
      for (let left = bytes; left > 0; left -= MB) yield randomBytes(Math.min(left, MB));
      yield '\n';
    }
}
