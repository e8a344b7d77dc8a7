import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { SourceLocation } from '../../ports/source-code.js';
import type { GitConfig } from './git-command.js';

/** Where git finds a repository, and how it may speak to it. */
export interface GitRemote {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly config: GitConfig;
  /** Name of its cache on disk. */
  readonly cacheKey: string;
  /** As people know it. */
  readonly name: string;
}

/** What decides where repositories are found. */
export interface GitPlaces {
  readonly githubUrl: string;
  readonly githubToken: string | undefined;
  /** Folder of bare repositories, `OWNER/NAME.git`. */
  readonly localRoot: string | undefined;
}

const REMOTE_PROTOCOLS = ['https', 'http', 'ssh', 'git'];

/** Finds an app's repository: its own Git URL, else below the local root, else on GitHub. */
export function remoteOf(source: SourceLocation, places: GitPlaces): GitRemote {
  if (source.gitUrl !== null) return remote(source.gitUrl, source.gitUrl, {});
  const local = localPath(source.repo, places.localRoot);
  if (local !== null) return { ...remote(`file://${local}`, source.repo, {}), protocols: ['file'] };
  const base = places.githubUrl.replace(/\/+$/, '');
  return remote(`${base}/${source.repo}.git`, source.repo, tokenConfig(base, places.githubToken));
}

function remote(url: string, name: string, config: GitConfig): GitRemote {
  const cacheKey = createHash('sha256').update(url).digest('hex').slice(0, 24);
  return { url, name, config, protocols: REMOTE_PROTOCOLS, cacheKey };
}

/** The token goes to the configured GitHub alone. */
function tokenConfig(base: string, token: string | undefined): GitConfig {
  if (token === undefined) return {};
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  return { [`http.${base}/.extraHeader`]: `Authorization: Basic ${basic}` };
}

/** The repository below the local root; null when there is none, or its name or a link leads out of the root. */
function localPath(repo: string, root: string | undefined): string | null {
  if (root === undefined) return null;
  try {
    const base = realpathSync(root);
    const path = realpathSync(join(base, `${repo}.git`));
    return path.startsWith(base + sep) ? path : null;
  } catch {
    return null;
  }
}
