/** The hook that holds a machine of a group until what runs there runs elsewhere. */
export const DRAIN_HOOK = 'jockey-drain';

/**
 * After so many seconds without a sign of life the hook lets a machine go. Signs come every look; the rest is for an
 * engine that is started anew. Amazon allows 30 to 7,200:
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html
 */
export const HEARTBEAT_SECONDS = 600;

/** The tag that says which Jockey a group belongs to. */
export const INSTALLATION_TAG = 'jockey:installation';

const STACK_TAG = 'jockey:stack';
const ENVIRONMENT_TAG = 'jockey:environment';

/** Whose a group is, and for what. */
export interface GroupOwner {
  readonly installationId: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Name of the environment. */
  readonly environment: string;
}

/** What Jockey needs of a group: the hook, and marks that say whose it is. */
export interface GroupMarks {
  readonly hook: string;
  readonly heartbeatSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The hook and the marks of a group. */
export function marksOf({ installationId, stack, environment }: GroupOwner): GroupMarks {
  const tags = { [INSTALLATION_TAG]: installationId, [STACK_TAG]: stack, [ENVIRONMENT_TAG]: environment };
  return { hook: DRAIN_HOOK, heartbeatSeconds: HEARTBEAT_SECONDS, tags };
}

/** Whether a group with these tags is another Jockey's. */
export function isOfAnother(tags: Readonly<Record<string, string>>, installationId: string): boolean {
  const owner = tags[INSTALLATION_TAG];
  return owner !== undefined && owner !== installationId;
}

/** Whether a group with these tags was made for just this: what somebody began, and did not end, may go on. */
export function isMadeFor(tags: Readonly<Record<string, string>>, owner: GroupOwner): boolean {
  return Object.entries(marksOf(owner).tags).every(([name, value]) => tags[name] === value);
}
