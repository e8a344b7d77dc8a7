import type { Environment } from '../config/environment.js';
import type { RetentionPolicy } from '../domain/retention/retention-policy.js';

const MEGABYTE = 1024 * 1024;

/** What the operator set; 0 means for ever. */
export function retentionPolicyOf(environment: Environment): RetentionPolicy {
  const limit = (value: number): number | null => (value === 0 ? null : value);
  const cacheMb = limit(environment.RETENTION_BUILD_CACHE_MB);
  return {
    releases: environment.RETENTION_RELEASES,
    builds: environment.RETENTION_BUILDS,
    imageDays: limit(environment.RETENTION_IMAGE_DAYS),
    hostImageDays: limit(environment.RETENTION_HOST_IMAGE_DAYS),
    cacheBytes: cacheMb === null ? null : cacheMb * MEGABYTE,
    logDays: limit(environment.RETENTION_LOG_DAYS),
  };
}
