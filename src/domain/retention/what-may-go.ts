import { ImageReasons, repositoryOf, tagOf } from './image-reasons.js';
import type { CleanUpPlan, Kept, Removal } from './removal.js';
import { DAY } from './retention-policy.js';
import type { HeldImage, HostStock, RetentionSnapshot, StoredImage } from './retention-snapshot.js';

/** What is said of one thing: that it may go, or why it stays. */
type Verdict = { readonly remove: readonly Removal[] } | { readonly keep: readonly Kept[] };

const NOTHING: Verdict = { keep: [] };

/**
 * What may be removed, and why the rest of what is ours stays. Ours is what a build of a known app pushed or left on a
 * host; nothing else is ever in a plan. The same snapshot, in whatever order, gives the same plan.
 */
export function whatMayGo(snapshot: RetentionSnapshot): CleanUpPlan {
  const reasons = new ImageReasons(snapshot);
  const verdicts = [
    ...snapshot.stored.map((stored) => judgeStored(snapshot, reasons, stored)),
    ...snapshot.hosts.flatMap((stock) => judgeHost(snapshot, reasons, stock)),
  ];
  return {
    remove: verdicts.flatMap((each) => ('remove' in each ? each.remove : [])).sort(inOrder),
    keep: verdicts.flatMap((each) => ('keep' in each ? each.keep : [])).sort(inOrder),
  };
}

function judgeStored({ policy, now }: RetentionSnapshot, reasons: ImageReasons, { image, tags }: StoredImage): Verdict {
  const repository = repositoryOf(image);
  const names = [image, ...[...tags].sort().map((tag) => `${repository}:${tag}`)];
  const builds = names.flatMap((name) => reasons.buildsOf(name));
  const why =
    firstReason(reasons, names) ??
    foreignTag(
      tags,
      new Set(
        reasons
          .buildsOf(image)
          .concat(builds)
          .map(({ sha }) => sha),
      ),
    ) ??
    tooYoung(Math.max(...builds.map(({ at }) => at)), policy.imageDays, now);
  const about = { kind: 'registry_image', what: image, host: null } as const;
  if (builds.length === 0) return NOTHING;
  return why === null ? { remove: [{ ...about, bytes: null }] } : { keep: [{ ...about, why }] };
}

/** Removing an image removes all of its tags: one that somebody else gave it is theirs. */
function foreignTag(tags: readonly string[], shas: ReadonlySet<string>): string | null {
  const foreign = [...tags].sort().find((tag) => !shas.has(tag));
  return foreign === undefined ? null : `somebody tagged it ${foreign}`;
}

function judgeHost(snapshot: RetentionSnapshot, reasons: ImageReasons, stock: HostStock): readonly Verdict[] {
  const images = stock.images.map((image) => judgeHeld(snapshot, reasons, { stock, image }));
  return [...images, judgeCache(snapshot, stock)];
}

function judgeHeld(
  { policy, now }: RetentionSnapshot,
  reasons: ImageReasons,
  { stock, image }: { readonly stock: HostStock; readonly image: HeldImage },
): Verdict {
  const names = image.names.filter((name) => isOurs(reasons, name, image)).sort();
  const nameless = image.names.length === 0 && image.labelled;
  if (names.length === 0 && !nameless) return NOTHING;
  const builds = names.flatMap((name) => reasons.buildsOf(name));
  const at = builds.length === 0 ? image.createdAt : Math.max(...builds.map((build) => build.at));
  const why =
    (image.used ? 'a container of the host is made of it' : null) ??
    firstReason(reasons, names) ??
    (nameless && stock.building ? 'a build is in progress on the host' : null) ??
    tooYoung(at, policy.hostImageDays, now);
  const things = nameless ? [image.id] : names;
  const about = { kind: 'host_image', host: stock.host } as const;
  if (why !== null) return { keep: things.map((what) => ({ ...about, what, why })) };
  // Its bytes are free again with its last name, unless others named it too.
  const goes = names.length === image.names.length;
  const bytesOf = (index: number) => (goes && index === 0 ? image.bytes : 0);
  return { remove: things.map((what, index) => ({ ...about, what, bytes: bytesOf(index) })) };
}

/**
 * A name in one of our repositories is ours where it came of a build: a tag that is its commit, a digest that it pushed.
 * A digest that no build is known by is so only on an image that carries our label.
 */
function isOurs(reasons: ImageReasons, name: string, { labelled }: HeldImage): boolean {
  if (!reasons.repositories.has(repositoryOf(name))) return false;
  return reasons.buildsOf(name).length > 0 || (labelled && tagOf(name) === null);
}

function judgeCache({ policy }: RetentionSnapshot, { host, cacheBytes }: HostStock): Verdict {
  if (cacheBytes === null || policy.cacheBytes === null || cacheBytes <= policy.cacheBytes) return NOTHING;
  const bytes = cacheBytes - policy.cacheBytes;
  return { remove: [{ kind: 'build_cache', what: 'build cache', host, bytes }] };
}

function firstReason(reasons: ImageReasons, names: readonly string[]): string | null {
  return names.map((name) => reasons.against(name)).find((why) => why !== null) ?? null;
}

function tooYoung(at: number, days: number | null, now: number): string | null {
  if (days === null) return 'it is kept for ever';
  return now - at < days * DAY ? `it is younger than ${days} days` : null;
}

type InOrder = Pick<Kept, 'kind' | 'what' | 'host'> | Removal;

function inOrder(one: InOrder, other: InOrder): number {
  const [a, b] = [one, other].map(({ kind, host, what }) => `${kind} ${host ?? ''} ${what}`);
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
