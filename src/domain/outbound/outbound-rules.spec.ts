import { describe, expect, it } from 'vitest';
import { faultOfAllowList, type OutboundRules, refusalOfAddress, refusalOfIp, rulesOf } from './outbound-rules.js';
import { faultOfAddress } from './outbound-url.js';

const NOTHING = rulesOf('');

const judge = (text: string, rules: OutboundRules = NOTHING): string | null => {
  const address = URL.canParse(text) ? new URL(text) : null;
  return faultOfAddress(text, address) ?? refusalOfAddress(rules, address as URL);
};

describe('an address that is to be called', () => {
  it.each([
    'https://hooks.slack.com/services/T0/B0/x',
    'http://example.com',
    'https://example.com:8443/a?b=c#d',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://notlocalhost/',
    'https://example.com/a@b',
    'HTTPS://EXAMPLE.COM/',
  ])('%s may be', (text) => expect(judge(text)).toBeNull());

  it.each([
    ['decimal', 'http://2130706433/'],
    ['octal', 'http://0177.0.0.1/'],
    ['octal, as a whole', 'http://017700000001/'],
    ['hexadecimal', 'http://0x7f000001/'],
    ['hexadecimal, in parts', 'http://0x7f.0.0x0.1/'],
    ['short', 'http://127.1/'],
    ['shortest', 'http://0/'],
    ['with a dot at the end', 'http://127.0.0.1./'],
    ['full width digits', 'http://１２７.０.０.１/'],
    ['percent-encoded', 'http://%31%32%37.0.0.1/'],
    ['mapped', 'http://[::ffff:127.0.0.1]/'],
    ['mapped, in hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['compatible', 'http://[::127.0.0.1]/'],
    ['NAT64', 'http://[64:ff9b::7f00:1]/'],
    ['6to4', 'http://[2002:7f00:1::]/'],
    ['unspecified', 'http://0.0.0.0/'],
    ['unspecified, IPv6', 'http://[::]/'],
    ['metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata, IPv6', 'http://[fd00:ec2::254]/'],
    ['by name', 'http://localhost/'],
    ['by name with a dot', 'http://localhost./'],
    ['by name, in capitals', 'http://LOCALHOST/'],
    ['below the name', 'http://a.localhost/'],
  ])('of the own machine or network is refused: %s', (_how, text) =>
    expect(judge(text)).toMatch(/^leads to an address that is not public/),
  );

  it.each([
    'http://user@example.com/',
    'http://user:secret@example.com/',
    'http://@example.com/',
    'http://example.com@127.0.0.1/',
    'http://example.com%40@127.0.0.1/',
    'http:/user:secret@example.com/',
    ' https://user:secret@example.com/ x',
  ])('that holds a user is refused, and not repeated: %s', (text) => {
    expect(judge(text)).toMatch(/^(holds a password|should be an address)/);
    expect(judge(text)).not.toContain('secret');
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
    'javascript:alert(1)',
    'https:example.com',
    'https:///example.com',
    '//example.com/',
    'example.com',
    '',
    'http://',
    'https://exa mple.com/',
    'https://example.com/\r\nX-Evil: 1',
    'https://example.com\\@127.0.0.1/',
    'https://example.com/\u0000',
    'http://[::1',
    'http://[fe80::1%25eth0]/',
    'http://256.256.256.256/',
  ])('that is none is refused: %j', (text) => expect(judge(text)).not.toBeNull());

  it('has a port of the web, or one that is nobody’s', () => {
    expect(judge('https://example.com:22/')).toMatch(/^has the port 22/);
    expect(judge('https://example.com:25/')).toMatch(/^has the port 25/);
    expect(judge('https://example.com:1024/')).toBeNull();
    expect(judge('https://mail.example.com:25/', rulesOf('mail.example.com'))).toBeNull();
  });

  it('is not longer than is taken', () => {
    expect(judge(`https://example.com/${'x'.repeat(2_000)}`)).toMatch(/^is longer/);
  });
});

describe('what OUTBOUND_ALLOW lists', () => {
  it('is allowed by range, by address and by name', () => {
    const rules = rulesOf('10.1.0.0/16, 192.168.1.5 ,Hooks.Internal,fd00::/8');
    expect(judge('http://10.1.2.3/', rules)).toBeNull();
    expect(judge('http://10.2.2.3/', rules)).not.toBeNull();
    expect(judge('http://192.168.1.5/', rules)).toBeNull();
    expect(judge('http://192.168.1.6/', rules)).not.toBeNull();
    expect(judge('http://[fd00::1]/', rules)).toBeNull();
    expect(refusalOfIp(rules, '10.9.9.9', 'hooks.internal.')).toBeNull();
    expect(refusalOfIp(rules, '10.9.9.9', 'other.internal')).not.toBeNull();
  });

  it('covers a mapped address only where that is listed itself', () => {
    expect(judge('http://[::ffff:10.1.2.3]/', rulesOf('10.0.0.0/8'))).not.toBeNull();
  });

  it('lets no name lead to metadata, multicast or nowhere', () => {
    const rules = rulesOf('metadata.google.internal');
    for (const ip of ['169.254.169.254', 'fe80::1', '224.0.0.1', '0.0.0.0', '255.255.255.255'])
      expect(refusalOfIp(rules, ip, 'metadata.google.internal'), ip).not.toBeNull();
    expect(refusalOfIp(rules, '10.0.0.1', 'metadata.google.internal')).toBeNull();
    expect(refusalOfIp(rulesOf('169.254.169.254'), '169.254.169.254', 'metadata.google.internal')).toBeNull();
  });

  it('allows no name of which only the end is listed', () => {
    expect(refusalOfIp(rulesOf('example.com'), '10.0.0.1', 'evil-example.com')).not.toBeNull();
    expect(refusalOfIp(rulesOf('example.com'), '10.0.0.1', 'a.example.com')).not.toBeNull();
  });

  it.each([
    ['10.0.0.0/33', '10.0.0.0/33'],
    ['good.example, http://bad.example', 'http://bad.example'],
    ['good.example,a b', 'a b'],
    ['*', '*'],
    ['999.1.1.1', '999.1.1.1'],
    ['example.com:80', 'example.com:80'],
  ])('has to be hosts, addresses and ranges: %s', (text, fault) => expect(faultOfAllowList(text)).toBe(fault));

  it.each(['', 'localhost', '127.0.0.0/8,::1', 'a.example , 10.0.0.1,'])('%j is a list', (text) =>
    expect(faultOfAllowList(text)).toBeNull(),
  );
});

describe('what a name leads to', () => {
  it.each(['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254', '::ffff:10.0.0.1', 'fe80::1%eth0', 'nonsense'])(
    '%s is refused, and not told',
    (ip) => {
      const refusal = refusalOfIp(NOTHING, ip, 'rebound.example');
      expect(refusal).toContain('rebound.example');
      expect(refusal).not.toContain(ip);
    },
  );

  it('is called where it is public', () => expect(refusalOfIp(NOTHING, '8.8.8.8', 'dns.google')).toBeNull());
});
