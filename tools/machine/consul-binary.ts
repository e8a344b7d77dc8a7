import { requireDebianPart } from './debian-package.js';
import { findProgram } from './programs-in-path.js';

/** Debian's Consul, from the last release that has one; its program runs on those after it. */
const CONSUL = {
  title: 'Consul',
  package: 'consul',
  release: 'bullseye',
  path: 'usr/bin/consul',
  cachedAs: `consul-${process.arch}`,
  wayOut: 'Install Consul 1.8 or newer and set CONSUL_BIN to its program, or put it into PATH.',
};

/** The path of a Consul program: $CONSUL_BIN, the one in PATH, or Debian's, unpacked into a cache of our own. */
export async function requireConsul(): Promise<string> {
  const given = process.env['CONSUL_BIN'];
  if (given !== undefined && given !== '') return given;
  return (await findProgram('consul')) ?? requireDebianPart(CONSUL);
}
