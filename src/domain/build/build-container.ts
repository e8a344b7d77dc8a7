/** What the container of a build is called: by app and build, so that a later try finds what an earlier one left. */
export function buildContainerName(app: string, buildId: string): string {
  return `${app}-build-${buildId}`;
}

/** The label of the volumes that keep what buildpacks want to find again; its value is the app. */
export const BUILD_CACHE_LABEL = 'io.jockey.build-cache';

/** The volume of a host that keeps this for an app: one for each method, as neither knows what the other puts there. */
export function buildCacheName(app: string, method: 'buildstep' | 'cnb'): string {
  return `jockey-cache-${app}-${method}`;
}
