import type { Config } from './merge-config.js';

/**
 * The variables as arguments of `docker run`, ` -e KEY="VALUE"` for each, in alphabetical order. What a POSIX shell
 * reads inside of double quotes (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02_03)
 * is escaped. It is text for people and for the original's client; Jockey itself never gives it to a shell.
 */
export function commandLineArgs(config: Config): string {
  return Object.entries(config)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` -e ${name}="${value.replaceAll(/[\\"$`]/g, '\\$&')}"`)
    .join('');
}
