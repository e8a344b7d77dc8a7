import { access, rm, writeFile } from 'node:fs/promises';
import { SetupFailure, sentenceOf } from './failure.js';
import { findProgram } from './programs-in-path.js';
import { progress } from './progress.js';
import { attempt, run } from './run.js';

/** Programs that may have to be installed, and the Debian package that brings each. */
const PACKAGE_OF = {
  dockerd: 'docker.io',
  'docker-registry': 'docker-registry',
  'redis-server': 'redis-server',
  busybox: 'busybox-static',
  chromium: 'chromium',
  'cloud-init': 'cloud-init',
  curl: 'curl',
  git: 'git',
  haproxy: 'haproxy',
  nginx: 'nginx',
  ip: 'iproute2',
  iptables: 'iptables',
  nsenter: 'util-linux',
  openssl: 'openssl',
  prometheus: 'prometheus',
  promtool: 'prometheus',
  tmux: 'tmux',
} as const;

/** A program that {@link requirePrograms} can bring. */
export type ProgramName = keyof typeof PACKAGE_OF;

/** Debian's own Python, whose modules apt installs; another one in PATH would not find them. */
const PYTHON = '/usr/bin/python3';

/** Asks Debian's packages not to start their services: we start our own, and take them away again. */
const START_POLICY = '/usr/sbin/policy-rc.d';

/** Makes sure that programs are there, and installs with apt what is missing. Answers the path of each. */
export async function requirePrograms<Name extends ProgramName>(names: readonly Name[]): Promise<Record<Name, string>> {
  const missing = await without(names);
  if (missing.length > 0) await install(missing.map((name) => PACKAGE_OF[name]));
  const still = await without(names);
  if (still.length > 0) throw new SetupFailure(`${still.join(', ')} cannot be found`, 'Is its folder in PATH?');
  const paths = await Promise.all(names.map(async (name) => [name, await findProgram(name)] as const));
  return Object.fromEntries(paths) as Record<Name, string>;
}

/** Makes sure that Debian's own Python has these modules, and installs with apt the packages that bring them. */
export async function requirePythonModules(packageOf: Readonly<Record<string, string>>): Promise<string> {
  const works = (): Promise<boolean> => attempt(PYTHON, ['-c', `import ${Object.keys(packageOf).join(', ')}`]);
  if (await works()) return PYTHON;
  await install(['python3', ...Object.values(packageOf)]);
  if (await works()) return PYTHON;
  throw new SetupFailure(`${PYTHON} finds no ${Object.keys(packageOf).join(', ')}`, 'Are its packages whole?');
}

async function without<Name extends ProgramName>(names: readonly Name[]): Promise<readonly Name[]> {
  const found = await Promise.all(names.map(findProgram));
  return names.filter((_name, index) => found[index] === undefined);
}

async function install(packages: readonly string[]): Promise<void> {
  const list = [...new Set(packages)];
  const command = `apt-get install ${list.join(' ')}`;
  if ((await findProgram('apt-get')) === undefined)
    throw new SetupFailure(
      `missing on this machine: ${list.join(', ')}`,
      'There is no apt here: install them by hand.',
    );
  if (process.getuid?.() !== 0)
    throw new SetupFailure(`missing on this machine: ${list.join(', ')}`, `Run as root: ${command}`);
  progress(`installing ${list.join(', ')}`);
  try {
    await quietly(() => aptInstall(list));
  } catch (error) {
    throw new SetupFailure(
      `could not install ${list.join(', ')}: ${sentenceOf(error)}`,
      `Run it by hand when the package mirror is in reach: ${command}`,
    );
  }
}

/** Tries with the lists that are there; only when that fails fetches new ones, which takes longer. */
async function aptInstall(list: readonly string[]): Promise<void> {
  const args = ['install', '--yes', '--no-install-recommends', ...list];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', args, { env });
  } catch {
    await run('apt-get', ['update'], { env }).catch((error: unknown) => progress(sentenceOf(error)));
    await run('apt-get', args, { env });
  }
}

/** Runs the installation with the services of the packages held back, unless the machine has a policy of its own. */
async function quietly(installation: () => Promise<void>): Promise<void> {
  const hasPolicy = await access(START_POLICY).then(
    () => true,
    () => false,
  );
  if (hasPolicy) return installation();
  await writeFile(START_POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await installation();
  } finally {
    await rm(START_POLICY, { force: true });
  }
}
