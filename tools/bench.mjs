/** `npm run bench:plan` and its like: makes the compiled code runnable and runs one measurement of `bench/`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root, say } from './bootstrap.mjs';

const NAMES = [
  'plan',
  'context',
  'deploy',
  'recovery',
  'drops',
  'build',
  'logs',
  'capacity',
  'simulate',
  'cli',
  'scrape',
];

const [name, ...args] = process.argv.slice(2);
if (!NAMES.includes(name)) {
  say(
    `There is no measurement "${name ?? ''}". Say one of: ${NAMES.map((each) => `npm run bench:${each}`).join(', ')}.`,
  );
  process.exit(2);
}
prepare();
const { status } = spawnSync(process.execPath, [join(root, 'dist', 'bench', `${name}.js`), ...args], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
