/** The ways in which an image can be made of a commit. */
export const BUILD_METHODS = ['dockerfile', 'buildstep', 'cnb'] as const;

/** How an image was made: of a Dockerfile, by the classic builder image (Buildstep), or by Cloud Native Buildpacks. */
export type BuildMethod = (typeof BUILD_METHODS)[number];

/** What an app may say of it; `auto` lets the commit decide. */
export const BUILD_METHOD_CHOICES = ['auto', ...BUILD_METHODS] as const;

/** How an app's images are to be made. */
export type BuildMethodChoice = (typeof BUILD_METHOD_CHOICES)[number];

/** What becomes of builds that wait when a newer commit of their branch is asked for. */
export const BUILD_QUEUE_MODES = ['all', 'latest_wins'] as const;

/** Whether all builds of a branch are made, or only the newest that waits. */
export type BuildQueueMode = (typeof BUILD_QUEUE_MODES)[number];
