import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostServiceName, ID, LABEL, LONGEST, REPO, serviceName, SHA, VARIABLE, WORKER_NAME } from './names.js';

/** A DNS label as RFC 1035 writes it. */
const DNS_LABEL = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

const name = (pattern: RegExp, longest: number) => fc.stringMatching(pattern).filter((text) => text.length <= longest);

const RULES: readonly { rule: string; pattern: RegExp; good: readonly string[]; bad: readonly string[] }[] = [
  {
    rule: 'a name is a DNS label',
    pattern: LABEL,
    good: ['a', 'blog', 'blog-2', 'a1', 'x--y'],
    bad: ['', '1blog', '42', '-blog', 'blog-', 'Blog', 'my_blog', 'my.blog', 'blog/x', 'bl og', 'blog\n', 'bløg'],
  },
  {
    rule: 'a worker name may also have an underscore within',
    pattern: WORKER_NAME,
    good: ['web', 'my_jobs', 'my-jobs', 'w1'],
    bad: ['', '_web', 'web_', 'Web', '1web', 'web;rm', 'web\n'],
  },
  {
    rule: 'a repository is owner/name',
    pattern: REPO,
    good: ['acme/blog', 'a/b', 'Acme-Inc/my.blog_2', 'acme/.github'],
    bad: ['', 'blog', 'acme/', '/blog', 'acme/blog/x', 'acme/..', 'acme/.', '../blog', '-acme/blog', 'a b/c', 'a/b\n'],
  },
  {
    rule: 'a commit id is 40 lower-case hexadecimal digits',
    pattern: SHA,
    good: ['0123456789abcdef0123456789abcdef01234567'],
    bad: [
      '',
      'abc',
      '0123456789ABCDEF0123456789abcdef01234567',
      'g123456789abcdef0123456789abcdef01234567',
      '0'.repeat(41),
    ],
  },
  {
    rule: 'an id is a positive whole number that fits a bigint',
    pattern: ID,
    good: ['1', '42', '9'.repeat(18)],
    bad: ['', '0', '01', '-1', '1.5', '1e3', '9'.repeat(19), 'one', '1\n'],
  },
  {
    rule: 'a variable is a POSIX name',
    pattern: VARIABLE,
    good: ['PORT', '_x', 'Path2'],
    bad: ['', '2X', 'A-B', 'A=B', 'A B', 'A\n'],
  },
];

describe.each(RULES)('$rule', ({ pattern, good, bad }) => {
  it.each(good)('%j is one', (text) => expect(text).toMatch(pattern));
  it.each(bad)('%j is none', (text) => expect(text).not.toMatch(pattern));
});

describe('serviceName', () => {
  it('is APP-WORKER with hyphens', () => expect(serviceName('blog', 'my_jobs')).toBe('blog-my-jobs'));

  it('is a DNS label for every app and worker of allowed length', () => {
    fc.assert(
      fc.property(name(LABEL, LONGEST.app), name(WORKER_NAME, LONGEST.worker), (app, worker) => {
        expect(serviceName(app, worker)).toMatch(DNS_LABEL);
      }),
    );
  });

  it('is a DNS label at the longest', () => {
    expect(serviceName('a'.repeat(LONGEST.app), 'w'.repeat(LONGEST.worker))).toMatch(DNS_LABEL);
  });
});

describe('hostServiceName', () => {
  it('is jockey-STACK-ENVIRONMENT', () => expect(hostServiceName('api', 'production')).toBe('jockey-api-production'));
});
