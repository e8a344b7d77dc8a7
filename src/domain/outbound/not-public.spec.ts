import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { type IpAddress, parseIp } from './ip-address.js';
import { whyNotPublic } from './not-public.js';

const why = (text: string): string | null => whyNotPublic(parseIp(text) as IpAddress);

describe('whyNotPublic', () => {
  it.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'unspecified'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'shared'],
    ['169.254.169.254', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['192.0.2.1', 'reserved'],
    ['198.19.0.1', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:a9fe:a9fe', 'link-local'],
    ['::ffff:0:10.0.0.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::169.254.169.254', 'link-local'],
    ['64:ff9b:1::1', 'reserved'],
    ['2002:7f00:1::', 'loopback'],
    ['2002:a00:1::1', 'private'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fd00:ec2::254', 'private'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'private'],
    ['ff02::1', 'multicast'],
    ['4000::1', 'reserved'],
    ['100::1', 'reserved'],
  ])('%s is %s', (text, expected) => expect(why(text)).toBe(expected));

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '100.63.255.255',
    '100.128.0.0',
    '169.253.255.255',
    '223.255.255.255',
    '126.255.255.255',
    '128.0.0.0',
    '2606:4700:4700::1111',
    '2a00:1450:4001::1',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
  ])('%s is public', (text) => expect(why(text)).toBeNull());

  it('never takes for public what ipaddr.js knows to be special', () => {
    const next = chance(7);
    let special = 0;
    for (let turn = 0; turn < 20_000; turn += 1) {
      const address = turn % 2 === 0 ? ipv4(next) : ipv6(next);
      const known = ipaddr.process(address).range();
      if (['unicast', 'rfc6145', 'rfc6052', '6to4'].includes(known)) continue;
      special += 1;
      expect(why(address), `${address} is ${known}`).not.toBeNull();
    }
    expect(special).toBeGreaterThan(1_000);
  });
});

/** A generator that comes out the same each time (Park and Miller, 1988). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const ipv4 = (next: (below: number) => number): string => [256, 256, 256, 256].map((each) => next(each)).join('.');

/** Beginnings of special ranges are taken often, else chance hardly meets any. */
const BEGINNINGS = ['0', '64', '100', '2001', '2002', '2620', '3fff', '5f00', 'fc12', 'fe80', 'fec0', 'ff05', '2a00'];

function ipv6(next: (below: number) => number): string {
  const beginning = BEGINNINGS[next(BEGINNINGS.length)] as string;
  return [beginning, ...Array.from({ length: 7 }, () => (next(2) === 0 ? '0' : next(65_536).toString(16)))].join(':');
}
