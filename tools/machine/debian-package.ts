import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { debianMirrors } from './debian-mirrors.js';
import { SetupFailure, sentenceOf } from './failure.js';
import { findProgram } from './programs-in-path.js';
import { progress } from './progress.js';
import { run } from './run.js';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Something of a Debian package that is used without installing it, as it is of another release than the machine's. */
export interface DebianPart {
  /** As a message calls it: "Consul". */
  readonly title: string;
  readonly package: string;
  /** Code name of the release that has it. */
  readonly release: string;
  /** Path of the file or folder in the package. */
  readonly path: string;
  /** Name under which it is kept in the cache. */
  readonly cachedAs: string;
  /** What to do where it cannot be fetched. */
  readonly wayOut: string;
}

/** The path of the part, unpacked into a cache of our own when it is not there yet. */
export async function requireDebianPart(part: DebianPart): Promise<string> {
  const cached = join(cacheFolder(), part.cachedAs);
  if (!(await exists(cached))) await fetchPart(part, cached);
  return cached;
}

function cacheFolder(): string {
  return process.env['JOCKEY_CACHE_DIR'] ?? join(homedir(), '.cache', 'jockey');
}

async function fetchPart(part: DebianPart, target: string): Promise<void> {
  if ((await findProgram('apt-get')) === undefined) throw new SetupFailure(`${part.title} is missing`, part.wayOut);
  progress(`fetching ${part.title} from the ${part.release} package of this machine's own Debian mirror`);
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), 'apt-'));
  try {
    const unpacked = await downloadFromAny(part, folder);
    await moveThere(join(unpacked, part.path), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Another process may have put it there meanwhile; the same thing, so either will do. */
async function moveThere(from: string, target: string): Promise<void> {
  await rename(from, target).catch(async (error: unknown) => {
    if (!(await exists(target))) throw error;
  });
}

async function downloadFromAny(part: DebianPart, folder: string): Promise<string> {
  const faults: string[] = [];
  for (const mirror of await debianMirrors()) {
    try {
      return await download(part, folder, mirror);
    } catch (error) {
      faults.push(sentenceOf(error));
    }
  }
  const cause = faults.length === 0 ? 'no Debian mirror is among the apt sources' : faults.join('; ');
  throw new SetupFailure(`could not fetch ${part.title}: ${cause}`, part.wayOut);
}

/**
 * Lets apt itself fetch the package with lists of its own, apart from the machine's: so the mirror's signature, the
 * checksums of the lists and of the package, proxies and credentials are all apt's care, and nothing is installed.
 */
async function download(part: DebianPart, folder: string, mirror: string): Promise<string> {
  const sources = join(folder, 'sources.list');
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(folder, 'archives', 'partial'), { recursive: true });
  const signed = (await exists(KEYRING)) ? `[signed-by=${KEYRING}] ` : '';
  await writeFile(sources, `deb ${signed}${mirror} ${part.release} main\n`);
  const config = join(folder, 'apt.conf');
  await writeFile(config, settingsOf({ folder, lists, sources }));
  const env = { APT_CONFIG: config };
  await run('apt-get', ['update'], { cwd: folder, env });
  await run('apt-get', ['download', part.package], { cwd: folder, env });
  const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (deb === undefined) throw new Error(`${mirror} has no package of ${part.title} in ${part.release}`);
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
