/** `scheme://[user@]host[:port]/path`; a host never begins with `-`, so that no program takes it for an option. */
const GIT_URL =
  /^(?:https?|ssh|git):\/\/(?:[A-Za-z0-9._~-]+@)?(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?\/[^\s\\'"`$]+$/;

/** The fault of a Git URL and the way out; null for a good one. A URL is shown to everybody, so it holds no secret. */
export function checkGitUrl(url: string): string | null {
  if (url.length > 500) return `has ${url.length} characters, but should have at most 500.`;
  if (/^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(url))
    return 'holds a password, which everybody could read; leave it out and give the engine a key or a token.';
  if (GIT_URL.test(url)) return null;
  return 'should be a Git URL with http, https, ssh or git: https://host/path.git or ssh://git@host/path.git.';
}
