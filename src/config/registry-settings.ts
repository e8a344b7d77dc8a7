import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUrl, Max, Min, ValidateBy } from 'class-validator';
import { LimitSettings, wordsOf } from './limit-settings.js';
import { toNumber, URL_RULE } from './read-value.js';

/** A registry as it stands in the name of an image. */
const REGISTRY = /^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?$/;

const RELEASES = { message: 'should be a whole number of releases, 2 to 10000' };
const BUILDS = { message: 'should be a whole number of builds, 1 to 10000' };
const HOURS = { message: 'should be a whole number of hours, 0 to 8760' };
const DAYS = { message: 'should be a whole number of days, 0 to 3650' };
const MEGABYTES = { message: 'should be a whole number of MB, 0 to 100000000' };

/** How the image registry is spoken to, and how long what builds leave behind is kept. */
export class RegistrySettings extends LimitSettings {
  /** Where Jockey itself reaches the registry, where that is not `REGISTRY_ADDRESS`: `http://registry:5000`. */
  @IsOptional()
  @IsUrl(URL_RULE, { message: 'should be the URL of the registry: https://registry.example.com' })
  REGISTRY_API_URL?: string;

  /** File with the certificates of a private authority, in PEM, that the registry's certificate may be signed by. */
  @IsOptional()
  @IsString()
  REGISTRY_CA_FILE?: string;

  /** Registries that are spoken to without TLS, `host:port` with commas between; those on the loopback address are so by themselves. */
  @ValidateBy({
    name: 'registries',
    validator: {
      validate: (value) => wordsOf(value).every((word) => REGISTRY.test(word)),
      defaultMessage: () => 'should be names of registries, host:port, with commas between: registry.internal:5000',
    },
  })
  REGISTRY_PLAIN_HTTP = '';

  /** Hours from one clean-up to the next; 0 for only when somebody asks. */
  @Transform(toNumber)
  @IsInt(HOURS)
  @Min(0, HOURS)
  @Max(8760, HOURS)
  RETENTION_INTERVAL_HOURS = 24;

  /** The newest releases of each app in each environment whose images are kept, however old they are. */
  @Transform(toNumber)
  @IsInt(RELEASES)
  @Min(2, RELEASES)
  @Max(10_000, RELEASES)
  RETENTION_RELEASES = 10;

  /** The newest builds of each app whose images are kept, however old they are. */
  @Transform(toNumber)
  @IsInt(BUILDS)
  @Min(1, BUILDS)
  @Max(10_000, BUILDS)
  RETENTION_BUILDS = 5;

  /** Days that an image which nothing needs is kept in the registry; 0 for ever. */
  @Transform(toNumber)
  @IsInt(DAYS)
  @Min(0, DAYS)
  @Max(3650, DAYS)
  RETENTION_IMAGE_DAYS = 0;

  /** Days that an image which nothing needs is kept on hosts; 0 for ever. It can be pulled again. */
  @Transform(toNumber)
  @IsInt(DAYS)
  @Min(0, DAYS)
  @Max(3650, DAYS)
  RETENTION_HOST_IMAGE_DAYS = 7;

  /** What each build host may keep to build quicker, in MB; 0 for no limit. The cache of its Docker is one for all who build there. */
  @Transform(toNumber)
  @IsInt(MEGABYTES)
  @Min(0, MEGABYTES)
  @Max(100_000_000, MEGABYTES)
  RETENTION_BUILD_CACHE_MB = 0;

  /** Days that the logs of builds, deploys and reconciles are kept after their end; 0 for ever. */
  @Transform(toNumber)
  @IsInt(DAYS)
  @Min(0, DAYS)
  @Max(3650, DAYS)
  RETENTION_LOG_DAYS = 0;

  /** Free space, in MB, below which a build host gets no builds; 0 for any. Where nobody can tell it, the host is taken. */
  @Transform(toNumber)
  @IsInt(MEGABYTES)
  @Min(0, MEGABYTES)
  @Max(100_000_000, MEGABYTES)
  MIN_FREE_DISK_MB = 1024;

  /** An image with the program `df`, by which the free space of a build host is seen: `busybox:1.36`. Without it nobody can tell. */
  @IsOptional()
  @IsString()
  BUILD_PROBE_IMAGE?: string;
}
