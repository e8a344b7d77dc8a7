/** Where a Dockerfile from outside of the context is put; no name that a repository would have by chance. */
export const FOREIGN_DOCKERFILE = '.jockey.Dockerfile';

/** A Dockerfile and the folder that is built, both from the top of the repository. */
export interface DockerfilePlace {
  readonly dockerfile: string;
  /** `.` for the whole repository. */
  readonly context: string;
}

/** The path of the Dockerfile in the build context: its own where it lies inside, else {@link FOREIGN_DOCKERFILE}. */
export function dockerfileInContext({ dockerfile, context }: DockerfilePlace): string {
  return pathInFolder(dockerfile, context) ?? FOREIGN_DOCKERFILE;
}

/** A path as seen from a folder, both from the top of the repository; null where it lies outside of the folder. */
export function pathInFolder(path: string, folder: string): string | null {
  const clean = cleanPath(path);
  const above = cleanPath(folder);
  if (above === '') return clean;
  return clean.startsWith(`${above}/`) ? clean.slice(above.length + 1) : null;
}

/** A path without `.` parts and without slashes too many: `./a//b/` is `a/b`, and `.` is the empty path. */
export function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
