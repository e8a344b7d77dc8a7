import { plainToInstance, Transform } from 'class-transformer';
import {
  getMetadataStorage,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  validateSync,
} from 'class-validator';
import { toBoolean, toNumber, URL_RULE } from './read-value.js';
import { ROUTING_HOST } from './routing-host.js';
import { TraceSettings } from './trace-settings.js';

/** The port of a service that is spoken to. */
const PORT = { message: 'should be a port number, 1 to 65535' };

/** Port 0 lets the system choose. */
const LISTENING_PORT = { message: 'should be a port number, 0 to 65535' };

const CONCURRENCY = { message: 'should be a whole number, 1 to 100' };

const GRACE = { message: 'should be a whole number of seconds, 0 to 86400' };

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Every environment variable that Jockey reads, with its default. Nothing else in `src/` looks at the environment. */
export class Environment extends TraceSettings {
  /** Address that the API listens on. */
  @IsString()
  JOCKEY_HOST = '127.0.0.1';

  /** Port that the API listens on. */
  @Transform(toNumber)
  @IsInt(LISTENING_PORT)
  @Min(0, LISTENING_PORT)
  @Max(65535, LISTENING_PORT)
  JOCKEY_PORT = 4044;

  /** Where the git cache lives. */
  @IsString()
  JOCKEY_DATA_DIR = '.jockey/data';

  /** Whether the HTTP process is the engine too: one process for a small install. */
  @Transform(toBoolean)
  @IsBoolean({ message: 'should be true or false' })
  ENGINE_EMBEDDED = false;

  /** How many builds and how many environments one engine works on side by side. */
  @Transform(toNumber)
  @IsInt(CONCURRENCY)
  @Min(1, CONCURRENCY)
  @Max(100, CONCURRENCY)
  ENGINE_CONCURRENCY = 10;

  /** How long the instances of a lost host wait for it before they are started elsewhere, in seconds. */
  @Transform(toNumber)
  @IsInt(GRACE)
  @Min(0, GRACE)
  @Max(86400, GRACE)
  HOST_GRACE_SECONDS = 30;

  /** Postgres. */
  @IsString({ message: 'should be the address of Postgres: postgres://user:password@host:5432/database' })
  @Matches(/^postgres(ql)?:\/\//, {
    message: 'should be the address of Postgres: postgres://user:password@host:5432/database',
  })
  DATABASE_URL!: string;

  /** Redis; it carries ids only. */
  @IsString({ message: 'should be the address of Redis: redis://host:6379' })
  @Matches(/^rediss?:\/\//, { message: 'should be the address of Redis: redis://host:6379' })
  REDIS_URL!: string;

  /** HTTP API of a Consul server or agent. */
  @IsUrl(URL_RULE, { message: 'should be the address of Consul: http://host:8500' })
  CONSUL_HTTP_ADDR = 'http://127.0.0.1:8500';

  /** ACL token for Consul. */
  @IsOptional()
  @IsString()
  CONSUL_HTTP_TOKEN?: string;

  /** Port of the HTTP API of the Consul agent on each host. */
  @Transform(toNumber)
  @IsInt(PORT)
  @Min(1, PORT)
  @Max(65535, PORT)
  CONSUL_AGENT_PORT = 8500;

  /** Port of the Docker API on each host: 2375, or 2376 with TLS. */
  @Transform(toNumber)
  @IsInt(PORT)
  @Min(1, PORT)
  @Max(65535, PORT)
  DOCKER_PORT = 2375;

  /** Folder with `ca.pem`, `cert.pem` and `key.pem`; when set, the Docker APIs are spoken to with TLS. */
  @IsOptional()
  @IsString()
  DOCKER_CERT_PATH?: string;

  /**
   * Host names that routers know apps by: `{app}.{environment}.example.com`. When set, instances of `web` carry the tags
   * that Traefik and Fabio read, and `GET /routes` gives set-ups of HAProxy and nginx.
   */
  @IsOptional()
  @Matches(ROUTING_HOST, {
    message:
      'should be a host name with {app} and {environment} in labels of their own: {app}.{environment}.example.com',
  })
  ROUTING_HOST?: string;

  /** Registry that images are pushed to and pulled from, `host:port`, with a path below it where wanted. */
  @IsString({ message: 'should be the address of the image registry: host:port' })
  @Matches(/^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9._/-]+)?$/, {
    message: 'should be the address of the image registry, host:port, without http://',
  })
  REGISTRY_ADDRESS!: string;

  /** Credentials for the registry. */
  @IsOptional()
  @IsString()
  REGISTRY_USERNAME?: string;

  /** Credentials for the registry. */
  @IsOptional()
  @IsString()
  REGISTRY_PASSWORD?: string;

  /** How much is logged. */
  @IsIn(LOG_LEVELS, { message: `should be one of ${LOG_LEVELS.join(', ')}` })
  LOG_LEVEL = 'info';
}

/** The faults of an environment, one line a variable: its name, and what it should be. */
export class InvalidEnvironment extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration is not complete:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'InvalidEnvironment';
  }
}

/** Reads and checks the environment once; an empty variable counts as not set. Throws {@link InvalidEnvironment}. */
export function parseEnvironment(raw: Readonly<Record<string, string | undefined>>): Environment {
  const known = new Set(getMetadataStorage().getTargetValidationMetadatas(Environment, '', true, false).map(nameOf));
  const given = Object.entries(raw).filter(([key, value]) => known.has(key) && value !== undefined && value !== '');
  const environment = plainToInstance(Environment, Object.fromEntries(given), { exposeDefaultValues: true });
  const faults = validateSync(environment).map(
    (fault) => `${fault.property} ${Object.values(fault.constraints ?? {})[0] ?? 'is not valid'}`,
  );
  if (faults.length > 0) throw new InvalidEnvironment(faults);
  return environment;
}

const nameOf = ({ propertyName }: { propertyName: string }): string => propertyName;
