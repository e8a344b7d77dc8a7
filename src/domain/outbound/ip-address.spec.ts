import { describe, expect, it } from 'vitest';
import { embeddedIpv4, isWithin, parseIp, parseRange, type IpAddress, type IpRange } from './ip-address.js';

const ip = (text: string): IpAddress => parseIp(text) as IpAddress;
const range = (text: string): IpRange => parseRange(text) as IpRange;

describe('parseIp', () => {
  it.each([
    ['0.0.0.0', 0n],
    ['127.0.0.1', 0x7f000001n],
    ['255.255.255.255', 0xffffffffn],
  ])('reads %s', (text, value) => expect(parseIp(text)).toEqual({ bits: 32, value }));

  it.each([
    ['::', 0n],
    ['::1', 1n],
    ['1::', 1n << 112n],
    ['::ffff:127.0.0.1', 0xffff7f000001n],
    ['::FFFF:7f00:1', 0xffff7f000001n],
    ['2001:db8:0:0:1:0:0:1', (0x20010db8n << 96n) | (1n << 48n) | 1n],
    ['1:2:3:4:5:6:7::', 0x00010002000300040005000600070000n],
  ])('reads %s', (text, value) => expect(parseIp(text)).toEqual({ bits: 128, value }));

  it.each([
    '',
    '1.2.3',
    '1.2.3.4.',
    '1.2.3.4.5',
    '01.2.3.4',
    '256.1.1.1',
    '0x7f.0.0.1',
    '2130706433',
    'localhost',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'fe80::1%eth0',
    '[::1]',
    '12345::',
    'g::',
    '::1.2.3',
    ' 1.2.3.4',
  ])('refuses %j', (text) => expect(parseIp(text)).toBeNull());
});

describe('parseRange', () => {
  it('takes an address for a range of one', () => {
    expect(isWithin(ip('10.0.0.1'), range('10.0.0.1'))).toBe(true);
    expect(isWithin(ip('10.0.0.2'), range('10.0.0.1'))).toBe(false);
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '::1', false],
    ['fd00::/8', 'fdff::1', true],
    ['fd00::/8', 'fe00::1', false],
    ['172.16.0.0/12', '172.31.255.255', true],
    ['172.16.0.0/12', '172.32.0.0', false],
  ])('%s holds %s: %s', (text, address, expected) => expect(isWithin(ip(address), range(text))).toBe(expected));

  it.each(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.0/1e1', 'x/8', '/8', ''])(
    'refuses %j',
    (text) => expect(parseRange(text)).toBeNull(),
  );
});

describe('embeddedIpv4', () => {
  it.each([
    ['::ffff:127.0.0.1', 0, '127.0.0.1'],
    ['64:ff9b::a00:1', 0, '10.0.0.1'],
    ['2002:a9fe:a9fe::1', 80, '169.254.169.254'],
  ])('of %s, %i bits from the end, is %s', (text, after, expected) =>
    expect(embeddedIpv4(ip(text), after)).toEqual(ip(expected)),
  );
});
