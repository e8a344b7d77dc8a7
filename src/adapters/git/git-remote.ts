import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkGitUrl } from '../../domain/app/check-git-url.js';
import { invalid } from '../../domain/kernel/errors.js';
import { REPO } from '../../domain/kernel/names.js';
import { repoOnGithub, submoduleUrl } from '../../domain/source/submodule-url.js';
import type { SourceLocation } from '../../ports/source-code.js';
import type { OutboundRules } from '../../domain/outbound/outbound-rules.js';
import type { GitConfig } from './git-command.js';

/** Where git finds a repository, and how it may speak to it. */
export interface GitRemote {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly config: GitConfig;
  /** The `Authorization` header, for addresses that begin so; null where the server needs none. */
  readonly credentials: { readonly base: string; readonly header: string } | null;
  /** Name of its cache on disk. */
  readonly cacheKey: string;
  /** As people know it. */
  readonly name: string;
  /** What else to check when it cannot be read. */
  readonly rights: string;
}

/** What decides where repositories are found. */
export interface GitPlaces {
  readonly githubUrl: string;
  readonly githubToken: string | undefined;
  /** Folder of bare repositories, `OWNER/NAME.git`. */
  readonly localRoot: string | undefined;
  /** What besides the open internet a server of Git LFS may send to; without it, nothing. */
  readonly outbound?: OutboundRules;
}

const REMOTE_PROTOCOLS = ['https', 'http', 'ssh', 'git'];

/** A server that has sent less than a byte a second for a minute is given up. */
const PATIENCE: GitConfig = { 'http.lowSpeedLimit': '1', 'http.lowSpeedTime': '60' };

/** Finds an app's repository: its own Git URL, else below the local root, else on GitHub. Throws for one that may not be. */
export function remoteOf(source: SourceLocation, places: GitPlaces): GitRemote {
  if (source.gitUrl !== null) return remoteOfUrl(source.gitUrl, places.localRoot);
  if (!REPO.test(source.repo)) throw invalid('repo', `"${source.repo.slice(0, 80)}" should be owner/name.`);
  const local = localPath(source.repo, places.localRoot);
  if (local !== null) return localRemote(local, source.repo);
  const base = places.githubUrl.replace(/\/+$/, '');
  const credentials = credentialsFor(`${base}/`, places.githubToken);
  return {
    ...remote(`${base}/${source.repo}.git`, source.repo),
    credentials,
    config: { ...PATIENCE, ...configOf(credentials) },
    rights:
      places.githubToken === undefined ? 'set GITHUB_OAUTH_TOKEN if it is private' : 'the rights of GITHUB_OAUTH_TOKEN',
  };
}

/**
 * Finds the repository of a submodule by the address in `.gitmodules`. One on the configured GitHub is read as an app's
 * repository is, with the token; a path only where the repository above is one itself. Throws for one that may not be.
 */
export function remoteOfSubmodule(address: string, parent: GitRemote, places: GitPlaces): GitRemote {
  const url = submoduleUrl(address, parent.url);
  if (url === null) throw invalid('git_url', 'leads above its server.');
  const repo = repoOnGithub(url, places.githubUrl);
  if (repo !== null) return remoteOf({ repo, gitUrl: null }, places);
  const isPath = url.startsWith('file:') || isAbsolute(url);
  if (isPath && !parent.protocols.includes('file')) throw invalid('git_url', 'is a path, and its parent is not.');
  const gitUrl = isPath && !existsSync(pathOf(url) ?? url) ? `${url}.git` : url;
  return remoteOf({ repo: '', gitUrl }, places);
}

/** Paths serve an install without a Git server, and only below the local root. */
function remoteOfUrl(url: string, root: string | undefined): GitRemote {
  const path = url.startsWith('file:///') ? pathOf(url) : isAbsolute(url) ? url : null;
  if (path !== null) {
    const real = root === undefined ? null : realPath(path);
    if (real === null || !isInside(real, root ?? ''))
      throw invalid('git_url', 'is not the path of a repository below GIT_LOCAL_ROOT.');
    return localRemote(real, url);
  }
  const fault = checkGitUrl(url);
  if (fault !== null) throw invalid('git_url', fault);
  return remote(url, url);
}

function remote(url: string, name: string): GitRemote {
  const cacheKey = createHash('sha256').update(url).digest('hex').slice(0, 24);
  const rights = 'that Jockey may read it without a password';
  return { url, name, rights, config: PATIENCE, credentials: null, protocols: REMOTE_PROTOCOLS, cacheKey };
}

function localRemote(path: string, name: string): GitRemote {
  return {
    ...remote(pathToFileURL(path).href, name),
    config: {},
    protocols: ['file'],
    rights: 'that the engine may read its files',
  };
}

/** The token goes to the configured GitHub alone. */
function credentialsFor(base: string, token: string | undefined): GitRemote['credentials'] {
  if (token === undefined) return null;
  return { base, header: `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}` };
}

function configOf(credentials: GitRemote['credentials']): GitConfig {
  if (credentials === null) return {};
  return { [`http.${credentials.base}.extraHeader`]: `Authorization: ${credentials.header}` };
}

/** The repository below the local root; null when there is none. One behind a link that leads out of the root is refused. */
function localPath(repo: string, root: string | undefined): string | null {
  if (root === undefined || !existsSync(join(root, `${repo}.git`))) return null;
  const path = realPath(join(root, `${repo}.git`));
  if (path !== null && isInside(path, root)) return path;
  throw invalid('repo', `${repo} is a link that leads out of GIT_LOCAL_ROOT.`);
}

function isInside(path: string, root: string): boolean {
  const base = realPath(root);
  return base !== null && path.startsWith(base.endsWith(sep) ? base : base + sep);
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function pathOf(url: string): string | null {
  if (isAbsolute(url)) return url;
  try {
    return fileURLToPath(url);
  } catch {
    return '/nonexistent';
  }
}
