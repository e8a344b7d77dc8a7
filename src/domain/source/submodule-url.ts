/** `user@host:path`, as ssh has it; a scheme comes first. */
const SCP = /^(?:(?<user>[A-Za-z0-9._~-]+)@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?!\/\/)(?<path>[^\\]+)$/;

/**
 * The full address of a submodule, as `git submodule` reads it: one that begins with `./` or `../` is seen from the repository
 * that has it. `user@host:path` becomes a URL with ssh. Null where it leads above the server.
 */
export function submoduleUrl(url: string, parent: string): string | null {
  if (/^\.\.?(\/|$)/.test(url)) return relativeTo(parent, url);
  const scp = SCP.exec(url)?.groups;
  if (scp === undefined) return url;
  return `ssh://${scp['user'] ?? 'git'}@${scp['host'] ?? ''}/${(scp['path'] ?? '').replace(/^\/+/, '')}`;
}

function relativeTo(parent: string, url: string): string | null {
  const [, base = '', path = ''] = /^([a-z]+:\/\/[^/]*)(\/.*)$/.exec(parent) ?? [];
  if (base === '') return null;
  const parts = path.split('/').filter(Boolean);
  for (const part of url.split('/')) {
    if (part === '..' && parts.pop() === undefined) return null;
    if (part !== '' && part !== '.' && part !== '..') parts.push(part);
  }
  return parts.length === 0 ? null : `${base}/${parts.join('/')}`;
}

/** `owner/name` where an address is one of the configured GitHub, by https or ssh; null for all others. */
export function repoOnGithub(url: string, githubUrl: string): string | null {
  const [github, address] = [hostAndPath(githubUrl), hostAndPath(url)];
  if (github === null || address === null || !address.startsWith(`${github}/`)) return null;
  const repo = address
    .slice(github.length + 1)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return /^[^/]+\/[^/]+$/.test(repo) ? repo : null;
}

/** What a server's addresses by https and ssh have in common. Another port is another server, unless it is that of ssh. */
function hostAndPath(url: string): string | null {
  const { scheme, host = '', port, path = '' } = ADDRESS.exec(url)?.groups ?? {};
  if (scheme === undefined) return null;
  const isUsual = port === undefined || scheme === 'ssh' || port === USUAL_PORTS[scheme];
  return `${host.toLowerCase()}${isUsual ? '' : `:${port}`}${path.replace(/\/+$/, '')}`;
}

const ADDRESS =
  /^(?<scheme>https?|ssh):\/\/(?:[^/@\s]*@)?(?<host>[^/@:\s[\]]+|\[[^\]]*\])(?::(?<port>[0-9]+))?(?<path>\/[^\s?#]*)?$/;
const USUAL_PORTS: Readonly<Record<string, string>> = { https: '443', http: '80' };
