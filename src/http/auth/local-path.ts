/** A host that no path can name. */
const HERE = 'http://here.invalid';

/** As long as anybody's address here is. */
const LONGEST = 1000;

/**
 * Whether a text is a path of this server, which a browser may be sent to: no other host in any of the ways in which
 * browsers read one (`//host`, `/\host`, a scheme, tabs and line ends that they skip).
 */
export function isLocalPath(text: string): boolean {
  if (text.length > LONGEST || !/^\/(?![/\\])[\x21-\x7e]*$/.test(text) || text.includes('\\')) return false;
  return URL.canParse(text, HERE) && new URL(text, HERE).origin === HERE;
}
