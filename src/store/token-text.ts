import { createHash, randomInt } from 'node:crypto';

/** What every API token begins with, so that scanners of secrets know one when they see it. */
export const TOKEN_PREFIX = 'jky_';

/** 62^40 is more than 2^238: nobody guesses one, so a plain digest is enough to keep it by. */
const LENGTH = 40;

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** How much of a token's end is shown, so that people know which one they hold. */
const HINT = 4;

/** A new token: `jky_` and 40 letters and digits by chance. */
export function newTokenText(): string {
  return TOKEN_PREFIX + Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/** Under this a token is kept and found: SHA-256, in hexadecimal digits. */
export function digestOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The end of a token: `jky_…x7Qa`. */
export function hintOfToken(token: string): string {
  return `${TOKEN_PREFIX}…${token.slice(-HINT)}`;
}
