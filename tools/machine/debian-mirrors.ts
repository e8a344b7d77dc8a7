import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCES = '/etc/apt/sources.list';
const FOLDER = '/etc/apt/sources.list.d';

/**
 * Addresses of the archives that the machine's apt sources name, those that look like Debian's main archive first. Only
 * what the machine trusts already is asked, so no host name needs to be written down here.
 */
export async function debianMirrors(): Promise<readonly string[]> {
  const names = await readdir(FOLDER).catch(() => []);
  const files = [SOURCES, ...names.map((name) => join(FOLDER, name))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const found = files.flatMap((file, index) => mirrorsIn(file, texts[index] ?? ''));
  const unique = [...new Set(found.map((uri) => uri.replace(/\/+$/, '')))];
  return [
    ...unique.filter(isMain),
    ...unique.filter((uri) => !isMain(uri) && /debian/.test(uri) && !/security/.test(uri)),
  ];
}

function isMain(uri: string): boolean {
  return uri.endsWith('/debian');
}

/** The archives of one file: lines of `deb [options] URI suite …`, or paragraphs with a `URIs:` field. */
function mirrorsIn(file: string, text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  if (file.endsWith('.sources'))
    return lines.filter((line) => /^URIs:/i.test(line)).flatMap((line) => line.split(/\s+/).slice(1).filter(Boolean));
  return lines.map((line) => /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)/.exec(line)?.[1]).filter((uri) => uri !== undefined);
}
