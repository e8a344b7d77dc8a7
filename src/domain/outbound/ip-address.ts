/** An address as a number of 32 or 128 bits. */
export interface IpAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Addresses that begin with the same bits: `10.0.0.0/8`. */
export interface IpRange extends IpAddress {
  /** How many bits are the same. */
  readonly prefix: number;
}

/** Four decimal numbers, without leading zeros: `010` is 8 to some programs and 10 to others. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

const GROUP = /^[0-9a-f]{1,4}$/i;

/**
 * Reads an address as DNS and sockets write it; null for anything else. Other ways of writing (decimal, octal, in
 * brackets) are for the URL parser, which turns them into these.
 */
export function parseIp(text: string): IpAddress | null {
  if (IPV4.test(text)) return { bits: 32, value: joined(text.split('.').map(Number), 8) };
  const groups = text.includes(':') ? groupsOf(text) : null;
  return groups === null ? null : { bits: 128, value: joined(groups, 16) };
}

/** Reads `ADDRESS/PREFIX`, or an address, which is a range of one; null for anything else. */
export function parseRange(text: string): IpRange | null {
  const [address = '', length, ...more] = text.split('/');
  const ip = parseIp(address);
  if (ip === null || more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const prefix = length === undefined ? ip.bits : Number(length);
  return prefix > ip.bits ? null : { ...ip, prefix };
}

/** Whether an address begins with the bits of a range. */
export function isWithin(ip: IpAddress, { bits, value, prefix }: IpRange): boolean {
  const rest = BigInt(bits - prefix);
  return ip.bits === bits && ip.value >> rest === value >> rest;
}

/** The IPv4 address that stands in an IPv6 address, so many bits from its end. */
export function embeddedIpv4({ value }: IpAddress, bitsAfter: number): IpAddress {
  return { bits: 32, value: (value >> BigInt(bitsAfter)) & 0xffffffffn };
}

/** The eight groups; the last two may be written as IPv4, and `::` once for as many zeros as are missing. */
function groupsOf(text: string): number[] | null {
  const halves = withoutDots(text).split('::');
  if (halves.length > 2) return null;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  return groups.every((group) => GROUP.test(group)) ? groups.map((group) => parseInt(group, 16)) : null;
}

/** `::ffff:127.0.0.1` as `::ffff:7f00:1`. */
function withoutDots(text: string): string {
  const last = text.slice(text.lastIndexOf(':') + 1);
  if (!IPV4.test(last)) return text;
  const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number);
  return `${text.slice(0, -last.length)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function joined(parts: readonly number[], bits: number): bigint {
  return parts.reduce((value, part) => (value << BigInt(bits)) | BigInt(part), 0n);
}
