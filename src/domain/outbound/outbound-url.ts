/** The parts of an address, as the URL parser gives them: hosts that are written as numbers are decimal then. */
export interface Address {
  readonly protocol: string;
  readonly username: string;
  readonly password: string;
  readonly hostname: string;
  /** Empty for that of the protocol. */
  readonly port: string;
}

/** Longest address that is taken, in characters. */
export const LONGEST_URL = 2_000;

/** Control characters, blanks and backslashes: parsers take them out or turn them round, and not all the same way. */
const AMBIGUOUS = /[\p{Cc}\s\\]/u;

/** Something before an @ in the place of the host, also where it is empty. */
const USERINFO = /^[a-z]+:\/*[^/?#]*@/i;

/**
 * Why a text is no address that Jockey calls; a predicate, or null: http or https, without a user or a password, which
 * everybody who may read it would see. The text is what was written, the address what it was parsed to, if at all.
 */
export function faultOfAddress(text: string, address: Address | null): string | null {
  if (USERINFO.test(text)) return 'holds a password, which everybody who reads it would see.';
  if (text.length > LONGEST_URL) return `is longer than ${LONGEST_URL} characters.`;
  if (address === null || AMBIGUOUS.test(text)) return NO_ADDRESS;
  return /^https?:\/\/[^/?#]/i.test(text) && address.hostname !== '' ? null : NO_ADDRESS;
}

const NO_ADDRESS = 'should be an address that begins with http:// or https://, without blanks and backslashes.';
