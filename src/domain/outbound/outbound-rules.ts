import { type IpRange, isWithin, parseIp, parseRange } from './ip-address.js';
import { type NotPublic, whyNotPublic } from './not-public.js';
import type { Address } from './outbound-url.js';

/** What may be called besides the open internet. */
export interface OutboundRules {
  /** In small letters, without a dot at the end. */
  readonly hosts: ReadonlySet<string>;
  readonly ranges: readonly IpRange[];
}

/** A host name: labels of letters, digits and hyphens (RFC 1123), the last of them no number. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** RFC 6761: these are the own machine, whatever a resolver says. */
const LOCAL_NAME = /(?:^|\.)localhost$/;

/** Ports of the web; those above 1023 are nobody's in particular. Others speak what a request could be mistaken for. */
const WEB_PORTS: ReadonlySet<number> = new Set([80, 443]);
const FIRST_FREE_PORT = 1_024;

/** A name that is allowed may lead into the own network; to these no name leads, they have to be allowed themselves. */
const NEVER_BY_NAME: ReadonlySet<NotPublic> = new Set<NotPublic>([
  'unspecified',
  'link-local',
  'multicast',
  'broadcast',
  'reserved',
]);

/** The first entry of a list that is neither a host name, nor an address, nor a range; null where all are. */
export function faultOfAllowList(text: string): string | null {
  return entriesOf(text).find((entry) => parseRange(entry) === null && !HOST.test(entry)) ?? null;
}

/** Reads host names, addresses and CIDR ranges, with commas between. What is none of them allows nothing. */
export function rulesOf(text: string): OutboundRules {
  const entries = entriesOf(text);
  const hosts = entries.filter((entry) => parseRange(entry) === null && HOST.test(entry));
  return { hosts: new Set(hosts), ranges: entries.flatMap((entry) => parseRange(entry) ?? []) };
}

/**
 * Why an address may not be called, as far as it says by itself; a predicate, or null. What its name leads to is only
 * known when it is called: {@link refusalOfIp}.
 */
export function refusalOfAddress(rules: OutboundRules, address: Address): string | null {
  const host = hostOf(address);
  const isLiteral = parseIp(host) !== null;
  const allowed = rules.hosts.has(host) || isAllowedIp(rules, host);
  if (!isWebPort(address) && !allowed)
    return `has the port ${address.port}, but should have 80, 443 or one above 1023.`;
  if (isLiteral) return refusalOfIp(rules, host, host);
  return LOCAL_NAME.test(host) && !allowed ? refused(host, 'loopback') : null;
}

/** Why a connection to an IP address may not be made, though a host name led there; a predicate, or null. */
export function refusalOfIp(rules: OutboundRules, ip: string, host: string): string | null {
  const parsed = parseIp(ip);
  const why = parsed === null ? 'reserved' : whyNotPublic(parsed);
  if (why === null || isAllowedIp(rules, ip)) return null;
  if (rules.hosts.has(plainHost(host)) && !NEVER_BY_NAME.has(why)) return null;
  return refused(host, why);
}

/** The host of a URL as the rules know it: without brackets, capitals and the dot at the end. */
export function hostOf({ hostname }: Pick<Address, 'hostname'>): string {
  return plainHost(hostname);
}

function isAllowedIp({ ranges }: OutboundRules, ip: string): boolean {
  const parsed = parseIp(ip);
  return parsed !== null && ranges.some((range) => isWithin(parsed, range));
}

function isWebPort({ port }: Address): boolean {
  return port === '' || WEB_PORTS.has(Number(port)) || Number(port) >= FIRST_FREE_PORT;
}

function plainHost(host: string): string {
  return host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** It names the host that was asked for and not what it leads to: whoever asks need not learn the own network. */
function refused(host: string, why: NotPublic): string {
  return `leads to an address that is not public (${host}: ${why}); OUTBOUND_ALLOW has to list the host or its range.`;
}

function entriesOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
}
