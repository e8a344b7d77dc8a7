import { Transform } from 'class-transformer';
import { IsInt, IsNumber, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { toNumber, URL_RULE } from './read-value.js';
import { ScalingSettings } from './scaling-settings.js';

const DAYS = { message: 'should be a whole number of days, 2 to 825' };
const HOURS = { message: 'should be a whole number of hours, 1 to 8760' };
const MEGABYTES = { message: 'should be a whole number of MB, 0 to 1000000' };
const LOG_SIZE = { message: 'should be a whole number of MB, 1 to 100000' };
const LOG_FILES = { message: 'should be a whole number of files, 1 to 100' };
const CPUS = { message: 'should be a number of processor cores, 0 to 1000' };

/** A number of cores where one is written, else the text. */
const toAmount = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(value) ? Number(value) : value;

/** What a new host needs to join. */
export class JoiningSettings extends ScalingSettings {
  /** File with the certificate, as PEM, of the authority that signs the certificates of hosts. */
  @IsOptional()
  @IsString()
  HOST_CA_CERT_FILE?: string;

  /** File with its private key, as PEM. */
  @IsOptional()
  @IsString()
  HOST_CA_KEY_FILE?: string;

  /** How long the certificate of a host is valid, in days; the host has it renewed 30 days before, or at half of a shorter time. */
  @Transform(toNumber)
  @IsInt(DAYS)
  @Min(2, DAYS)
  @Max(825, DAYS)
  HOST_CERTIFICATE_DAYS = 90;

  /** How long what stands in a host's user data lets it ask for its first certificate, in hours. */
  @Transform(toNumber)
  @IsInt(HOURS)
  @Min(1, HOURS)
  @Max(8760, HOURS)
  HOST_JOIN_TOKEN_HOURS = 168;

  /** Where hosts reach Jockey, where that is not `JOCKEY_URL`. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be the URL that hosts reach Jockey by: https://jockey.internal' })
  HOST_JOCKEY_URL?: string;

  /** File with the certificate, as PEM, of a private authority that signed Jockey's own, for hosts to know it by. */
  @IsOptional()
  @IsString()
  HOST_JOCKEY_CA_FILE?: string;

  /** Consul's servers that hosts join, with commas between: addresses, names, or `provider=aws tag_key=…`. Where nothing is said, the host of `CONSUL_HTTP_ADDR`. */
  @IsOptional()
  @IsString()
  HOST_CONSUL_JOIN?: string;

  /** Consul's datacenter. */
  @Matches(/^[a-z0-9_-]{1,63}$/, { message: 'should be the name of a datacenter of Consul: dc1' })
  HOST_CONSUL_DATACENTER = 'dc1';

  /** The key of Consul's gossip, as of `consul keygen`. Hosts get it with their certificate. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{22,43}={1,2}$/, { message: 'should be a key as of: consul keygen' })
  HOST_CONSUL_GOSSIP_KEY?: string;

  /** ACL token of the agents on hosts; it has to be allowed to register the node, the host's service and those of apps. */
  @IsOptional()
  @IsString()
  HOST_CONSUL_TOKEN?: string;

  /** File with the certificate, as PEM, of the authority of Consul's servers; agents then speak to them with TLS. */
  @IsOptional()
  @IsString()
  HOST_CONSUL_CA_FILE?: string;

  /** Where hosts get the program of Consul, a ZIP file, where their machine image holds none. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be the URL of a ZIP file with the program of Consul' })
  HOST_CONSUL_URL?: string;

  /** The SHA-256 of that file; nothing else is taken. */
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'should be a SHA-256: 64 hexadecimal digits' })
  HOST_CONSUL_SHA256?: string;

  /** Memory that a host keeps for itself, in MB. */
  @Transform(toNumber)
  @IsInt(MEGABYTES)
  @Min(0, MEGABYTES)
  @Max(1_000_000, MEGABYTES)
  HOST_RESERVED_MEMORY_MB = 512;

  /** Processor cores that a host keeps for itself. */
  @Transform(toAmount)
  @IsNumber({}, CPUS)
  @Min(0, CPUS)
  @Max(1000, CPUS)
  HOST_RESERVED_CPUS = 0;

  /** What Docker keeps of a container's output on its host: the size of each file, in MB. */
  @Transform(toNumber)
  @IsInt(LOG_SIZE)
  @Min(1, LOG_SIZE)
  @Max(100_000, LOG_SIZE)
  HOST_LOG_MB = 50;

  /** And of how many files. */
  @Transform(toNumber)
  @IsInt(LOG_FILES)
  @Min(1, LOG_FILES)
  @Max(100, LOG_FILES)
  HOST_LOG_FILES = 3;
}
