import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../../http/http-request.js';
import { HOST_CERTIFICATES, type HostCertificates } from '../../ports/host-certificates.js';
import { HostUserData } from '../../observation/host-user-data.js';
import { presentCaller } from '../../store/present-caller.js';
import { Directory } from '../../store/repositories/directory.js';
import { HostJoins, type JoinPlace } from '../../store/repositories/host-joins.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import type { HostCertificateDto, UserDataQueryDto } from './host-join.dto.js';
import { MachineGate, onlyAddress } from './machine-gate.js';
import { type Asked, readAsked } from './read-asked.js';

/** Injection token of {@link JoinSettings}. */
export const JOIN_SETTINGS = Symbol('JOIN_SETTINGS');

/** What hosts are given. */
export interface JoinSettings {
  /** How long a certificate is valid, in days. */
  readonly days: number;
  readonly gossipKey: string | null;
  readonly consulToken: string | null;
}

/** Whose certificate it will be, once that is proven. */
interface Proven {
  readonly place: JoinPlace;
  readonly address: string;
  readonly machine: string | null;
  /** The token that proved it; null where an earlier certificate did. */
  readonly tokenId: string | null;
}

/** How machines become hosts: their user data, and the certificates that they ask for. */
@Injectable()
export class HostJoinsService {
  constructor(
    private readonly directory: Directory,
    private readonly joins: HostJoins,
    private readonly pools: HostPoolRecords,
    private readonly gate: MachineGate,
    private readonly userData: HostUserData,
    @Inject(HOST_CERTIFICATES) private readonly certificates: HostCertificates,
    @Inject(JOIN_SETTINGS) private readonly settings: JoinSettings,
  ) {}

  /** The cloud-init of hosts of a stack in an environment, with a new token in it. */
  async userDataOf(stackKey: string, query: UserDataQueryDto): Promise<string> {
    const stack = await this.directory.stack(stackKey);
    const environment = await this.directory.environment(query.environment);
    const pool = await this.pools.at(stack.id, environment.id);
    return this.userData.make({
      stackId: stack.id,
      environmentId: environment.id,
      inGroup: pool?.kind === 'auto_scaling_group',
      launches: false,
      createdBy: presentCaller()?.name ?? 'unknown',
      ...(query.hours === undefined ? {} : { hours: query.hours }),
    });
  }

  /** Signs for a host that has proven itself. */
  async certify(request: HttpRequest): Promise<HostCertificateDto> {
    const asked = readAsked(request.rawBody ?? Buffer.alloc(0));
    const { addresses, publicKey } = await this.certificates.read(asked.csr);
    const held = await this.renewal(asked, publicKey);
    const proven = held ?? (await this.firstOne(asked, onlyAddress(addresses), request.ip ?? ''));
    await request.provenAs?.(callerOf(proven));
    const { pem, serial, expiresAt } = await this.certificates.sign(asked.csr, {
      address: proven.address,
      days: this.settings.days,
    });
    const { place, tokenId, ...host } = proven;
    const row = await this.joins.record({ ...place, ...host, publicKey, serial, expiresAt }, tokenId);
    return {
      id: row.id,
      address: proven.address,
      certificate: pem,
      authority: (await this.certificates.authority()) ?? '',
      expires_at: expiresAt.toISOString(),
      consul: { gossip_key: this.settings.gossipKey, token: this.settings.consulToken },
    };
  }

  /** By a certificate that is still good, and the key that it is for; null where it proves nothing. */
  private async renewal({ certificate }: Asked, publicKey: string): Promise<Proven | null> {
    const held = certificate === null ? null : await this.certificates.held(certificate);
    if (held === null || held.publicKey !== publicKey) return null;
    const row = await this.joins.ofKey(publicKey);
    if (row === null || !held.addresses.includes(row.address)) return null;
    const place = { stackId: row.stackId, environmentId: row.environmentId };
    return { place, address: row.address, machine: row.machine, tokenId: null };
  }

  /** By the token of the user data. */
  private async firstOne({ token, machine }: Asked, address: string, source: string): Promise<Proven> {
    const row = token === null ? null : await this.joins.valid(token);
    if (row === null) throw unknownHost();
    const place = { stackId: row.stackId, environmentId: row.environmentId };
    const proven = await this.gate.machineOf({ place, address, machine, source });
    return { place, address, machine: proven, tokenId: row.id };
  }
}

const callerOf = ({ address, machine }: Proven): Caller => ({
  kind: 'host',
  name: `host:${machine ?? address}`,
  login: null,
  grants: [],
});

const unknownHost = (): DomainError =>
  new DomainError(
    'not_authenticated',
    'Neither the token nor the certificate lets this host in, or their time is over: GET /stacks/:id/user_data gives a new token.',
  );
