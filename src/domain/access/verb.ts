/**
 * What can be allowed, from the least to the most. `read` sees; `build` builds images; `deploy` moves what runs (deploys,
 * rollbacks, holds, restarts, reconciles); `scale` changes how many there are; `config` changes Config Sets and workers;
 * `run` runs commands with the variables of an app, secrets too; `manage` makes and removes apps, environments and stacks,
 * and empties hosts; `admin` gives rights and reads the audit, and says who speaks in a chat.
 */
export const VERBS = ['read', 'build', 'deploy', 'scale', 'config', 'run', 'manage', 'admin'] as const;

/** One thing that can be allowed. */
export type Verb = (typeof VERBS)[number];

/** What people are, by their teams. */
export const ROLES = ['viewer', 'deployer', 'admin'] as const;

/** One role. */
export type Role = (typeof ROLES)[number];

/** What each role may do. */
export const VERBS_OF_ROLE: Readonly<Record<Role, readonly Verb[]>> = {
  viewer: ['read'],
  deployer: ['read', 'build', 'deploy', 'scale', 'config', 'run'],
  admin: VERBS,
};
