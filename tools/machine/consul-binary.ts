import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { debianMirrors } from './debian-mirrors.js';
import { SetupFailure, sentenceOf } from './failure.js';
import { findProgram } from './programs-in-path.js';
import { progress } from './progress.js';
import { run } from './run.js';

/** The last Debian that has Consul; its binary runs on those after it. */
const RELEASE = 'bullseye';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const WAY_OUT = 'Install Consul 1.8 or newer and set CONSUL_BIN to its program, or put it into PATH.';

/** The path of a Consul program: $CONSUL_BIN, the one in PATH, or Debian's, unpacked into a cache of our own. */
export async function requireConsul(): Promise<string> {
  const given = process.env['CONSUL_BIN'];
  if (given !== undefined && given !== '') return given;
  const found = await findProgram('consul');
  if (found !== undefined) return found;
  const cached = join(cacheFolder(), `consul-${process.arch}`);
  if (!(await exists(cached))) await fetchConsul(cached);
  return cached;
}

function cacheFolder(): string {
  return process.env['JOCKEY_CACHE_DIR'] ?? join(homedir(), '.cache', 'jockey');
}

async function fetchConsul(target: string): Promise<void> {
  if ((await findProgram('apt-get')) === undefined) throw new SetupFailure('Consul is missing', WAY_OUT);
  progress(`fetching Consul from the ${RELEASE} package of this machine's own Debian mirror`);
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), 'apt-'));
  try {
    const unpacked = await downloadFromAny(folder);
    await rename(join(unpacked, 'usr', 'bin', 'consul'), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function downloadFromAny(folder: string): Promise<string> {
  const faults: string[] = [];
  for (const mirror of await debianMirrors()) {
    try {
      return await download(folder, mirror);
    } catch (error) {
      faults.push(sentenceOf(error));
    }
  }
  const cause = faults.length === 0 ? 'no Debian mirror is among the apt sources' : faults.join('; ');
  throw new SetupFailure(`could not fetch Consul: ${cause}`, WAY_OUT);
}

/**
 * Lets apt itself fetch the package with lists of its own, apart from the machine's: so the mirror's signature, the
 * checksums of the lists and of the package, proxies and credentials are all apt's care, and nothing is installed.
 */
async function download(folder: string, mirror: string): Promise<string> {
  const sources = join(folder, 'sources.list');
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(folder, 'archives', 'partial'), { recursive: true });
  const signed = (await exists(KEYRING)) ? `[signed-by=${KEYRING}] ` : '';
  await writeFile(sources, `deb ${signed}${mirror} ${RELEASE} main\n`);
  const config = join(folder, 'apt.conf');
  await writeFile(config, settingsOf({ folder, lists, sources }));
  const env = { APT_CONFIG: config };
  await run('apt-get', ['update'], { cwd: folder, env });
  await run('apt-get', ['download', 'consul'], { cwd: folder, env });
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (deb === undefined) throw new Error(`${mirror} has no package of Consul in ${RELEASE}`);
  await run('dpkg-deb', ['--extract', join(folder, deb), join(folder, 'root')]);
  return join(folder, 'root');
}

function settingsOf(paths: { folder: string; lists: string; sources: string }): string {
  const settings = {
    'Dir::Etc::SourceList': paths.sources,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': paths.lists,
    'Dir::Cache': paths.folder,
    'APT::Sandbox::User': '',
    'APT::Get::AllowUnauthenticated': 'false',
    'Acquire::Languages': 'none',
    'APT::Update::Error-Mode': 'any',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
