import { Reference, WholeNumber } from '../../http/input/fields.js';

/** Which hosts a user data is for. */
export class UserDataQueryDto {
  /** Name or id of the environment. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** How long machines may join with it, in hours; what Jockey is configured with where nothing is said. */
  @WholeNumber({ min: 1, max: 8760, unit: 'hours', optional: true, example: 168 })
  hours?: number;
}

/** What the Consul agent of a host needs beside what its user data says; secrets, which may change. */
export class ConsulSecretsDto {
  /** The key of Consul's gossip, in base64; null where it is not encrypted. */
  gossip_key!: string | null;

  /** ACL token of the agent; null where Consul asks for none. */
  token!: string | null;
}

/** A certificate of a host. */
export class HostCertificateDto {
  /** Its id. */
  id!: string;

  /** The only name in it: the host's IP address. */
  address!: string;

  /** The certificate as PEM, for servers. */
  certificate!: string;

  /** The certificate of the authority as PEM: whoever it signed as a client may command the host's Docker. */
  authority!: string;

  /** When it ends; the host asks again before. */
  expires_at!: string;

  /** What the host's Consul agent needs. */
  consul!: ConsulSecretsDto;
}

/** What a host is answered. */
export const HOST_CERTIFICATE_EXAMPLE: HostCertificateDto = {
  id: '7',
  address: '10.0.1.17',
  certificate: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n',
  authority: '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n',
  expires_at: '2027-02-19T12:00:00.000Z',
  consul: { gossip_key: null, token: null },
};
