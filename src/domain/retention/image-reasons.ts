import type { RetainedBuild, RetainedRelease, RetentionSnapshot } from './retention-snapshot.js';

/** `registry/shop` of `registry/shop@sha256:…` and of `registry/shop:tag`. */
export function repositoryOf(image: string): string {
  const digest = image.indexOf('@');
  return digest >= 0 ? image.slice(0, digest) : image.slice(0, image.lastIndexOf(':'));
}

/** The tag of `registry/shop:tag`; null of an image by digest. */
export function tagOf(image: string): string | null {
  return image.includes('@') ? null : image.slice(image.lastIndexOf(':') + 1);
}

/** Why images have to stay, whatever their age: by their digest, and by the commit that they are tagged with. */
export class ImageReasons {
  /** Our repositories. */
  readonly repositories: ReadonlySet<string>;
  private readonly byImage = new Map<string, string>();
  private readonly byTag = new Map<string, string>();
  private readonly buildsByImage = new Map<string, RetainedBuild[]>();
  private readonly buildsByTag = new Map<string, RetainedBuild[]>();

  constructor({
    builds,
    releases,
    needs,
    policy,
  }: Pick<RetentionSnapshot, 'builds' | 'releases' | 'needs' | 'policy'>) {
    this.repositories = new Set(builds.map(({ repository }) => repository));
    for (const build of [...builds].sort((one, other) => Number(one.id) - Number(other.id))) this.know(build);
    for (const build of builds)
      if (build.state === 'progress') this.note(this.byTag, tagNameOf(build), beingMade(build));
    for (const { image, why } of needs) this.note(this.byImage, image, why);
    for (const { image, number, place } of newestOf(releases, policy.releases))
      this.note(this.byImage, image, `release v${number} of ${place} is one of the newest ${policy.releases}`);
    for (const build of newestBuilds(builds, policy.builds))
      this.note(this.byImage, build.image ?? '', `build ${build.id} is one of the newest ${policy.builds} of its app`);
  }

  /** Why an image of this name has to stay; null where nothing needs it. */
  against(name: string): string | null {
    const direct = this.byImage.get(name) ?? this.byTag.get(name) ?? null;
    if (direct !== null) return direct;
    // One name is only one way to it: what needs the commit needs the image, and the other way round.
    const builds = this.buildsOf(name);
    const reasons = builds.map((build) => this.byTag.get(tagNameOf(build)) ?? this.byImage.get(build.image ?? ''));
    return reasons.find((reason) => reason !== undefined) ?? null;
  }

  /** The builds that an image of this name came of. */
  buildsOf(name: string): readonly RetainedBuild[] {
    return (tagOf(name) === null ? this.buildsByImage : this.buildsByTag).get(name) ?? [];
  }

  private know(build: RetainedBuild): void {
    if (build.image !== null) listAt(this.buildsByImage, build.image).push(build);
    listAt(this.buildsByTag, tagNameOf(build)).push(build);
  }

  /** Of several reasons always the same one, in whatever order they come. */
  private note(reasons: Map<string, string>, name: string, why: string): void {
    const known = reasons.get(name);
    if (known === undefined || why < known) reasons.set(name, why);
  }
}

function tagNameOf({ repository, sha }: RetainedBuild): string {
  return `${repository}:${sha}`;
}

function beingMade({ id }: RetainedBuild): string {
  return `build ${id} of this commit is in progress`;
}

/** The newest of each place. */
function newestOf(releases: readonly RetainedRelease[], count: number): readonly RetainedRelease[] {
  const places = new Map<string, RetainedRelease[]>();
  for (const release of releases) listAt(places, release.place).push(release);
  return [...places.values()].flatMap((all) => all.sort((one, other) => other.number - one.number).slice(0, count));
}

/** The newest of each repository that have an image. */
function newestBuilds(builds: readonly RetainedBuild[], count: number): readonly RetainedBuild[] {
  const repositories = new Map<string, RetainedBuild[]>();
  for (const build of builds)
    if (build.state === 'completed' && build.image !== null) listAt(repositories, build.repository).push(build);
  return [...repositories.values()].flatMap((all) => all.sort(newestFirst).slice(0, count));
}

function newestFirst(one: RetainedBuild, other: RetainedBuild): number {
  return other.at - one.at || Number(other.id) - Number(one.id);
}

function listAt<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
