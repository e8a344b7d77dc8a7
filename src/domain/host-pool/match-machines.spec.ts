import { describe, expect, it } from 'vitest';
import type { Host } from '../host/host.js';
import { matchMachines } from './match-machines.js';
import type { PoolHostRecord, SightedMachine } from './pool-sight.js';

const machineOf = (id: string, address: string | null = null): SightedMachine => ({
  ...{ id, address, lifecycleState: 'InService', healthy: true, protectedFromScaleIn: true },
  ...{ instanceType: null, zone: null, launchedAt: null },
});
const nodeOf = (name: string, machine: string | null, more: Partial<Host> = {}): Host => ({
  ...{ name, machine, address: `address of ${name}`, dockerUrl: '', agentUrl: '' },
  ...{ healthy: true, unhealthyBecause: null, capacity: null, ...more },
});
const recordOf = (instanceId: string | null, host: string | null, address: string | null = null): PoolHostRecord => ({
  ...{ id: `${instanceId} ${host}`, instanceId, host, address, lifecycleState: null, instanceType: null, zone: null },
  ...{ protected: false, launchedAt: 0, joinedAt: null, leavingCause: null, leavingReason: null },
  ...{ leavingSince: null, heartbeatAt: null, releasedAt: null, trouble: null },
});

function pairs(parties: {
  machines?: readonly SightedMachine[];
  hosts?: readonly Host[];
  records?: readonly PoolHostRecord[];
}): string[] {
  return matchMachines({ machines: [], hosts: [], records: [], ...parties })
    .map(
      ({ machine, host, record }) => `${machine?.id ?? '-'} ${host?.name ?? '-'} ${record === null ? 'new' : 'known'}`,
    )
    .sort();
}

describe('matchMachines', () => {
  it('believes a node that says which machine it is', () => {
    const hosts = [nodeOf('n1', 'i-2'), nodeOf('n2', 'i-1')];
    expect(pairs({ machines: [machineOf('i-1'), machineOf('i-2')], hosts })).toEqual(['i-1 n2 new', 'i-2 n1 new']);
  });

  it('finds one that says nothing by its name or its address', () => {
    const hosts = [nodeOf('i-1', null), nodeOf('n2', null, { address: '10.0.0.2' }), nodeOf('n3', null)];
    const machines = [machineOf('i-1'), machineOf('i-2', '10.0.0.2'), machineOf('i-3', '10.0.0.3')];
    expect(pairs({ machines, hosts })).toEqual(['- n3 new', 'i-1 i-1 new', 'i-2 n2 new', 'i-3 - new']);
  });

  it('gives a node to a living machine, and not to one that had its address before', () => {
    const hosts = [nodeOf('n1', null, { address: '10.0.0.1' })];
    const records = [recordOf('i-old', 'n1', '10.0.0.1')];
    expect(pairs({ machines: [machineOf('i-new', '10.0.0.1')], hosts, records })).toEqual([
      '- - known',
      'i-new n1 new',
    ]);
  });

  it('gives no node that says of another machine that it is it', () => {
    const hosts = [nodeOf('n1', 'i-new', { address: '10.0.0.1' })];
    expect(pairs({ machines: [machineOf('i-old', '10.0.0.1')], hosts, records: [recordOf('i-old', 'n1')] })).toEqual([
      '- n1 new',
      'i-old - known',
    ]);
  });

  it('finds what is written down of nodes without a machine by their name', () => {
    const records = [recordOf(null, 'h1'), recordOf(null, 'h3')];
    expect(pairs({ hosts: [nodeOf('h1', null), nodeOf('h2', null)], records })).toEqual([
      '- - known',
      '- h1 known',
      '- h2 new',
    ]);
  });
});
