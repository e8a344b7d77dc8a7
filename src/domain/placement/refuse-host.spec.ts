import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import type { Candidate, Need } from './placement.js';
import { mayTake, notFailing, refuseHost } from './refuse-host.js';

const TWO_GB = { memoryMb: 2048, cpus: 2 };

const REFUSED: readonly { rule: string; asked: Partial<Need>; host: Candidate; reason: string }[] = [
  {
    rule: 'a host whose checks do not pass, in the words of the check',
    asked: {},
    host: candidate('a', {}, { healthy: false, unhealthyBecause: 'check serfHealth: agent not live' }),
    reason: 'check serfHealth: agent not live',
  },
  {
    rule: 'a host whose checks do not pass and say nothing',
    asked: {},
    host: candidate('a', {}, { healthy: false }),
    reason: 'its checks do not pass',
  },
  {
    rule: 'a cordoned host, in the words of the operator',
    asked: {},
    host: candidate('a', { cordoned: true, cordonReason: 'kernel upgrade' }),
    reason: 'cordoned: kernel upgrade',
  },
  {
    rule: 'a host cordoned without a word',
    asked: {},
    host: candidate('a', { cordoned: true }),
    reason: 'cordoned: no reason given',
  },
  {
    rule: 'a host of which nobody knows what it has',
    asked: {},
    host: candidate('a', { capacity: null }),
    reason: 'its capacity is unknown: its Docker does not answer',
  },
  {
    rule: 'a host with too little memory left',
    asked: { resources: { memoryMb: 512, cpus: 0.1 } },
    host: candidate('a', { capacity: TWO_GB, reserved: { memoryMb: 1920, cpus: 0 } }),
    reason: 'needs 512 MB, 128 MB of 2048 MB are free',
  },
  {
    rule: 'a host that has given away more than it has',
    asked: { resources: { memoryMb: 512, cpus: 0.1 } },
    host: candidate('a', { capacity: TWO_GB, reserved: { memoryMb: 4096, cpus: 0 } }),
    reason: 'needs 512 MB, 0 MB of 2048 MB are free',
  },
  {
    rule: 'a host with too few cores left',
    asked: { resources: { memoryMb: 1, cpus: 0.5 } },
    host: candidate('a', { capacity: TWO_GB, reserved: { memoryMb: 0, cpus: 1.8 } }),
    reason: 'needs 0.5 CPUs, 0.2 of 2 CPUs are free',
  },
  {
    rule: 'a host whose Docker the Consul agent cannot ask',
    asked: { needsTcpDocker: true },
    host: candidate('a', {}, { dockerUrl: 'unix:///var/run/docker.sock' }),
    reason:
      'its Docker API is a socket file, unix:///var/run/docker.sock, and a "running" check reaches one by TCP only',
  },
  {
    rule: 'a host for several reasons, and tells them all',
    asked: { resources: { memoryMb: 4096, cpus: 4 } },
    host: candidate('a', { cordoned: true, cordonReason: 'old' }),
    reason: 'cordoned: old and needs 4096 MB, 2048 MB of 2048 MB are free and needs 4 CPUs, 2 of 2 CPUs are free',
  },
];

describe('refuseHost', () => {
  it.each(REFUSED)('refuses $rule', ({ asked, host, reason }) => {
    expect(refuseHost(need(asked), host)).toBe(reason);
  });

  it('takes a host that fits exactly, cores in floating point too', () => {
    const host = candidate('a', { capacity: { memoryMb: 128, cpus: 0.3 }, reserved: { memoryMb: 0, cpus: 0.1 + 0.1 } });
    expect(refuseHost(need({ resources: { memoryMb: 128, cpus: 0.1 } }), host)).toBeNull();
    expect(
      refuseHost(need({ resources: { memoryMb: 128, cpus: 0.2 } }), { ...host, reserved: { memoryMb: 0, cpus: 0.1 } }),
    ).toBeNull();
  });

  it('takes a host with a Docker socket where no check asks it', () => {
    expect(refuseHost(need({}), candidate('a', {}, { dockerUrl: 'unix:///var/run/docker.sock' }))).toBeNull();
  });
});

describe('mayTake', () => {
  it('is about what the host is, not about what is on it', () => {
    expect(mayTake(need({}), candidate('a', { reserved: { memoryMb: 4096, cpus: 8 } }))).toBe(true);
    expect(mayTake(need({}), candidate('a', { cordoned: true }))).toBe(false);
  });
});

describe('notFailing', () => {
  it('speaks up from the third failure of the app, and not for those of others', () => {
    const host = candidate('a', {
      recentFailures: new Map([
        ['blog', 3],
        ['shop', 2],
      ]),
    });
    expect(notFailing(need({ app: 'blog' }), host)).toBe('failed this app 3 times in the last 10 minutes');
    expect(notFailing(need({ app: 'shop' }), host)).toBeNull();
    expect(notFailing(need({ app: 'other' }), host)).toBeNull();
  });
});
