import { embeddedIpv4, type IpAddress, type IpRange, isWithin, parseRange } from './ip-address.js';

/** Why an address is not one of the open internet. */
export type NotPublic =
  'unspecified' | 'loopback' | 'private' | 'shared' | 'link-local' | 'multicast' | 'broadcast' | 'reserved';

/** IANA IPv4 Special-Purpose Address Registry, and multicast (RFC 5771). */
const IPV4 = table({
  unspecified: ['0.0.0.0/8'],
  loopback: ['127.0.0.0/8'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  shared: ['100.64.0.0/10'],
  'link-local': ['169.254.0.0/16'],
  multicast: ['224.0.0.0/4'],
  broadcast: ['255.255.255.255/32'],
  reserved: [
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.175.48.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '240.0.0.0/4',
  ],
});

/** IANA IPv6 Special-Purpose Address Registry; whatever is outside of 2000::/3 is reserved. */
const IPV6 = table({
  unspecified: ['::/128'],
  loopback: ['::1/128'],
  private: ['fc00::/7', 'fec0::/10'],
  'link-local': ['fe80::/10'],
  multicast: ['ff00::/8'],
  reserved: ['2001::/23', '2001:db8::/32', '2620:4f:8000::/48', '3fff::/20', '5f00::/16'],
});

/** Ranges that carry an IPv4 address, and how many bits come after it: what counts is that address. */
const CARRIES_IPV4 = [
  // Mapped (RFC 4291), translated (RFC 2765), compatible (RFC 4291, deprecated), NAT64 (RFC 6052), 6to4 (RFC 3056).
  { range: rangeOf('::ffff:0:0/96'), after: 0 },
  { range: rangeOf('::ffff:0:0:0/96'), after: 0 },
  { range: rangeOf('::/96'), after: 0 },
  { range: rangeOf('64:ff9b::/96'), after: 0 },
  { range: rangeOf('2002::/16'), after: 80 },
] as const;

const GLOBAL_UNICAST = rangeOf('2000::/3');

/** Null for an address of the open internet. */
export function whyNotPublic(ip: IpAddress): NotPublic | null {
  if (ip.bits === 32) return find(IPV4, ip);
  const plain = find(IPV6, ip);
  if (plain !== null) return plain;
  const carrier = CARRIES_IPV4.find(({ range }) => isWithin(ip, range));
  if (carrier !== undefined) return find(IPV4, embeddedIpv4(ip, carrier.after));
  return isWithin(ip, GLOBAL_UNICAST) ? null : 'reserved';
}

type Table = readonly { readonly range: IpRange; readonly because: NotPublic }[];

function table(ranges: Partial<Record<NotPublic, readonly string[]>>): Table {
  return Object.entries(ranges).flatMap(([because, texts]) =>
    texts.map((text) => ({ range: rangeOf(text), because: because as NotPublic })),
  );
}

/** The narrowest comes first where two hold: 255.255.255.255 is the broadcast, not just reserved. */
function find(entries: Table, ip: IpAddress): NotPublic | null {
  return entries.find(({ range }) => isWithin(ip, range))?.because ?? null;
}

function rangeOf(text: string): IpRange {
  const range = parseRange(text);
  if (range === null) throw new Error(`${text} is no range`);
  return range;
}
