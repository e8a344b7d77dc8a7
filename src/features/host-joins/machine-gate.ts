import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, invalid, unavailable } from '../../domain/kernel/errors.js';
import { HOST_GROUPS, type GroupInstance, type HostGroups } from '../../ports/host-groups.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import type { JoinPlace } from '../../store/repositories/host-joins.js';

/** Who says to be a host. */
export interface Candidate {
  readonly place: JoinPlace;
  /** The address that it asks a certificate for. */
  readonly address: string;
  /** The group's machine that it says to be. */
  readonly machine: string | null;
  /** Where the request came from. */
  readonly source: string;
}

/**
 * Proves that a machine is whom it asks a certificate for: in a pool with a group, the group has to have this machine at
 * this address; else the request has to come from the address.
 */
@Injectable()
export class MachineGate {
  constructor(
    private readonly pools: HostPoolRecords,
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
  ) {}

  /** The group's machine; null in a pool without a group. Throws `forbidden` for whoever it is not. */
  async machineOf(candidate: Candidate): Promise<string | null> {
    const { stackId, environmentId } = candidate.place;
    const pool = await this.pools.at(stackId, environmentId);
    if (pool?.kind === 'auto_scaling_group') return this.machineOfGroup(pool, candidate);
    if (plainAddress(candidate.source) !== plainAddress(candidate.address)) throw foreignAddress(candidate);
    return null;
  }

  private async machineOfGroup(pool: HostPoolRow, { machine, address }: Candidate): Promise<string> {
    const { region, groupName: name } = pool;
    if (machine === null) throw invalid('machine', 'is missing: hosts of a group should say which machine they are.');
    const group = region === null || name === null ? null : await this.groups.read({ region, name });
    const found = group?.instances.find(({ id }) => id === machine);
    if (found === undefined) throw refused(`The group ${name} has no machine ${machine}`);
    checkAddress(found, address);
    return machine;
  }
}

function checkAddress(found: GroupInstance, address: string): void {
  if (found.address === null) throw unavailable('The group', `it does not know the address of ${found.id} yet`);
  if (plainAddress(found.address) !== plainAddress(address))
    throw refused(`The machine ${found.id} has the address ${found.address}, and not ${address}`);
}

/** One address, whatever way it is written: IPv4 as IPv6 sees it is IPv4. */
export const plainAddress = (address: string): string => address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');

/** The one address of a certificate request. Throws `record_invalid`. */
export function onlyAddress(addresses: readonly string[]): string {
  const [address, ...more] = addresses;
  if (address !== undefined && more.length === 0 && isIP(address) !== 0) return address;
  throw invalid(
    'csr',
    `should ask for exactly one IP address (subjectAltName=IP:10.0.1.17), but asks for ${addresses.length}.`,
  );
}

const foreignAddress = ({ address, source }: Candidate): DomainError =>
  refused(
    `A host asks for its own address: this request came from ${plainAddress(source)}, and not from ${address} ` +
      '(behind a proxy, TRUST_PROXY should name it)',
  );

const refused = (why: string): DomainError => new DomainError('forbidden', `${why}: no certificate is given.`);
