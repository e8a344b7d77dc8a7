/**
 * What every command of `tools/` needs before compiled code can run: a Node.js that is new enough, the packages of the
 * lock file, and a `dist/` that is not older than the sources. Node.js built-ins only, as nothing else may exist yet.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const OLDEST_NODE = [20, 19];
const SOURCES = ['src', 'migrations', 'seeds', 'tools', 'bench', 'clients/cli/src', 'clients/typescript/src'];
const BUILD_INPUTS = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];

/** Prints one line of progress; on stderr, as stdout belongs to results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Makes compiled code runnable, doing only what is missing; ends the process with a sentence when it cannot. */
export function prepare() {
  checkNode();
  if (packagesAreStale()) install();
  if (distIsStale()) build();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(
    `Node.js ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}. Install one and try again.`,
  );
}

/** npm empties the folder first: through a link, that would be a folder of somebody else. */
function install() {
  const folder = join(root, 'node_modules');
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink())
    fail(`${folder} is a link, and npm ci would empty what it leads to. Remove the link, and run this again.`);
  npm('Installing packages (npm ci)', ['ci', '--loglevel=error']);
}

/** npm writes `node_modules/.package-lock.json` last, so it is as new as the last complete install. */
function packagesAreStale() {
  return modified('node_modules/.package-lock.json') < modified('package-lock.json');
}

function distIsStale() {
  const newest = Math.max(...SOURCES.map((folder) => newestBelow(join(root, folder))), ...BUILD_INPUTS.map(modified));
  return modified('dist/src/main.js') < newest;
}

/** The compiler writes files even when it finds faults; without them the next run cannot take them for a good build. */
function build() {
  npm('Compiling (npm run build)', ['run', '--silent', 'build'], () =>
    rmSync(join(root, 'dist'), { recursive: true, force: true }),
  );
}

function npm(title, args, onFailure = () => {}) {
  say(`${title} …`);
  const begun = Date.now();
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    onFailure();
    fail(
      `npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. Mend what it says above, and run this again.`,
    );
  }
  say(`${title}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
}

/** Time of the last change in milliseconds, 0 for what is not there. */
function modified(path) {
  const full = join(root, path);
  return existsSync(full) ? statSync(full).mtimeMs : 0;
}

/** The newest change below a folder; folders count too, as they are all that a deleted file leaves behind. */
function newestBelow(folder) {
  if (!existsSync(folder)) return 0;
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const times = entries.map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  return Math.max(statSync(folder).mtimeMs, ...times);
}

function fail(sentence) {
  say(sentence);
  process.exit(1);
}
