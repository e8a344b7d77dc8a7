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
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port, pathname } = new URL(url);
  if (!/^(https?|ssh):$/.test(protocol)) return null;
  const place = protocol === 'ssh:' || port === '' ? hostname : `${hostname}:${port}`;
  return `${place.toLowerCase()}${pathname.replace(/\/+$/, '')}`;
}
