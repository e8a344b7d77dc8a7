import { usage } from '../errors.js';
import type { World } from '../world.js';
import { readRcFile } from './rc-file.js';

/** Where Jockey is, and what proves who asks; null where nothing says it. */
export interface Settings {
  readonly url: string | null;
  readonly token: string | null;
}

/** `JOCKEY_URL` and `JOCKEY_OAUTH_TOKEN`, else what `~/.jockeyrc` says: the places of the original. */
export async function readSettings(world: World): Promise<Settings> {
  const { JOCKEY_URL: url, JOCKEY_OAUTH_TOKEN: token } = world.environment;
  const file = url && token ? {} : await readRcFile(world);
  const said = url || file.jockey_url;
  return { url: said === undefined ? null : webAddress(said), token: token || file.github_oauth_token || null };
}

/** The address without a slash at its end; throws a `Fault` where it is none. */
export function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.search || url.hash)
    throw usage(`"${text}" is no address of a Jockey.`, 'It should be as https://jockey.example.com.');
  if (url.username || url.password)
    throw usage('The address of Jockey holds a name or a password.', 'Put the token into JOCKEY_OAUTH_TOKEN instead.');
  return url.href.replace(/\/+$/, '');
}
