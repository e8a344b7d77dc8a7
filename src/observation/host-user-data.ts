import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { wordsOf } from '../config/limit-settings.js';
import {
  type ConsulFacts,
  type DockerFacts,
  LONGEST_USER_DATA,
  userData,
  type UserDataFacts,
} from '../domain/host-pool/user-data.js';
import { DomainError, sentenceOf } from '../domain/kernel/errors.js';
import { HOST_CERTIFICATES, type HostCertificates } from '../ports/host-certificates.js';
import type { HostPoolRow } from '../store/entities/index.js';
import { Directory } from '../store/repositories/directory.js';
import { HostJoins, type JoinPlace } from '../store/repositories/host-joins.js';
import { newTokenText } from '../store/token-text.js';

/** For whose hosts a user data is, and for how long. */
export interface UserDataWanted extends JoinPlace {
  /** Whether the machines are of an Auto Scaling Group. */
  readonly inGroup: boolean;
  /** Whether a group starts its hosts from it: then it is renewed before its time is over. */
  readonly launches: boolean;
  /** Name of the caller. */
  readonly createdBy: string;
  /** How long a machine may join with it; what the configuration says where nothing is given. */
  readonly hours?: number;
}

/** A user data, and the token in it. */
export interface IssuedUserData {
  readonly text: string;
  readonly token: string;
}

/** Port of Docker with TLS, where the configuration names the one without. */
const DOCKER_PORTS = { plain: 2375, tls: 2376 } as const;

/**
 * Makes the user data of hosts. Each time a new token is kept for it, and nothing else is written; secrets that last are
 * not in it, because who may look at a group may read it.
 */
@Injectable()
export class HostUserData {
  constructor(
    private readonly environment: Environment,
    private readonly joins: HostJoins,
    private readonly directory: Directory,
    @Inject(HOST_CERTIFICATES) private readonly certificates: HostCertificates,
  ) {}

  /** What the group of a pool starts its hosts from. Throws `unprocessable_entity` that names the settings that miss. */
  async userDataOf(
    pool: Pick<HostPoolRow, 'stackId' | 'environmentId' | 'kind'>,
    createdBy = 'jockey',
  ): Promise<string> {
    const inGroup = pool.kind === 'auto_scaling_group';
    return this.make({
      stackId: pool.stackId,
      environmentId: pool.environmentId,
      inGroup,
      launches: inGroup,
      createdBy,
    });
  }

  /** The user data of hosts of a place. Throws `unprocessable_entity` that names the settings that miss. */
  async make(wanted: UserDataWanted): Promise<string> {
    return (await this.issue(wanted)).text;
  }

  /** The same, with the token that stands in it. */
  async issue({
    inGroup,
    hours = this.environment.HOST_JOIN_TOKEN_HOURS,
    ...wanted
  }: UserDataWanted): Promise<IssuedUserData> {
    const url = await this.addressOfJockey();
    const { stackId, environmentId } = wanted;
    const [stack, environment] = await Promise.all([
      this.directory.stack(stackId),
      this.directory.environment(environmentId),
    ]);
    const token = newTokenText();
    const facts: UserDataFacts = {
      stack: stack.name,
      environment: environment.name,
      jockey: { url, authority: await textOf('HOST_JOCKEY_CA_FILE', this.environment.HOST_JOCKEY_CA_FILE) },
      token,
      inGroup,
      renewBeforeDays: Math.min(30, Math.floor(this.environment.HOST_CERTIFICATE_DAYS / 2)),
      docker: await this.dockerFacts(),
      consul: await this.consulFacts(),
      reserved: { memoryMb: this.environment.HOST_RESERVED_MEMORY_MB, cpus: this.environment.HOST_RESERVED_CPUS },
    };
    const text = fitting(facts);
    await this.joins.keep(token, { ...wanted, hours });
    return { text, token };
  }

  private async addressOfJockey(): Promise<string> {
    const { HOST_JOCKEY_URL, JOCKEY_URL, DOCKER_CERT_PATH } = this.environment;
    const url = HOST_JOCKEY_URL ?? JOCKEY_URL;
    const missing = [
      ...((await this.certificates.authority()) === null ? ['HOST_CA_CERT_FILE and HOST_CA_KEY_FILE'] : []),
      ...(DOCKER_CERT_PATH === undefined ? ['DOCKER_CERT_PATH'] : []),
      ...(url === undefined ? ['HOST_JOCKEY_URL or JOCKEY_URL'] : []),
    ];
    if (missing.length > 0 || url === undefined) throw notSetUp(missing);
    return url.replace(/\/+$/, '');
  }

  private async dockerFacts(): Promise<DockerFacts> {
    const { DOCKER_PORT, REGISTRY_ADDRESS, REGISTRY_CA_FILE, REGISTRY_PLAIN_HTTP, HOST_LOG_MB, HOST_LOG_FILES } =
      this.environment;
    const authority = await textOf('REGISTRY_CA_FILE', REGISTRY_CA_FILE);
    const [name = REGISTRY_ADDRESS] = REGISTRY_ADDRESS.split('/');
    return {
      port: DOCKER_PORT === DOCKER_PORTS.plain ? DOCKER_PORTS.tls : DOCKER_PORT,
      plainRegistries: wordsOf(REGISTRY_PLAIN_HTTP),
      privateRegistry: authority === null ? null : { name, authority },
      logs: { megabytes: HOST_LOG_MB, files: HOST_LOG_FILES },
    };
  }

  private async consulFacts(): Promise<ConsulFacts> {
    const { HOST_CONSUL_JOIN, CONSUL_HTTP_ADDR, HOST_CONSUL_URL, HOST_CONSUL_SHA256 } = this.environment;
    if ((HOST_CONSUL_URL === undefined) !== (HOST_CONSUL_SHA256 === undefined))
      throw notSetUp([HOST_CONSUL_URL === undefined ? 'HOST_CONSUL_URL' : 'HOST_CONSUL_SHA256']);
    const sha256 = HOST_CONSUL_SHA256 ?? '';
    return {
      join: HOST_CONSUL_JOIN === undefined ? [new URL(CONSUL_HTTP_ADDR).hostname] : serversOf(HOST_CONSUL_JOIN),
      datacenter: this.environment.HOST_CONSUL_DATACENTER,
      agentPort: this.environment.CONSUL_AGENT_PORT,
      program: HOST_CONSUL_URL === undefined ? null : { url: HOST_CONSUL_URL, sha256 },
      authority: await textOf('HOST_CONSUL_CA_FILE', this.environment.HOST_CONSUL_CA_FILE),
    };
  }
}

/** What an agent finds by itself has words of its own (`provider=aws tag_key=…`), so that only commas part. */
const serversOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** As it can be read, and packed only where it would be too long for Amazon. */
function fitting(facts: UserDataFacts): string {
  const open = userData(facts);
  if (Buffer.byteLength(open) <= LONGEST_USER_DATA) return open;
  const packed = userData(facts, (text) => gzipSync(text, { level: 9 }).toString('base64'));
  const length = Buffer.byteLength(packed);
  if (length <= LONGEST_USER_DATA) return packed;
  throw new DomainError(
    'unprocessable_entity',
    `The user data would have ${length} bytes, and Amazon takes ${LONGEST_USER_DATA}: the files of HOST_JOCKEY_CA_FILE, ` +
      'REGISTRY_CA_FILE and HOST_CONSUL_CA_FILE should hold one certificate each.',
  );
}

const notSetUp = (missing: readonly string[]): DomainError =>
  new DomainError(
    'unprocessable_entity',
    `Hosts cannot join by themselves: ${missing.join(', ')} should be set in the configuration of Jockey; ` +
      'docs/joining.md says how to make an authority for hosts.',
  );

/** Null where no file is named. */
async function textOf(setting: string, path: string | undefined): Promise<string | null> {
  if (path === undefined) return null;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DomainError(
      'unprocessable_entity',
      `${setting} should be a file that can be read: ${sentenceOf(error)}.`,
    );
  }
}
