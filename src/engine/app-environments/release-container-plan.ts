import { launchCommand } from '../../domain/build/launch-command.js';
import { RELEASE_SLOT, RELEASE_WORKER, releaseContainerName } from '../../domain/deploy/plan-release-command.js';
import type { Host, Resources } from '../../domain/host/host.js';
import { containerLabels, LABELS } from '../../domain/instance/container-name.js';
import { splitCommand } from '../../domain/worker/split-command.js';
import type { ContainerSpec } from '../../ports/docker-hosts.js';
import type { DeployRow } from '../../store/entities/index.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import type { DeployContents, Variables } from './container-plan.js';

/** What it gets where the deploy has no worker to take it from: as a worker of which nothing is said. */
const DEFAULT_RESOURCES: Resources = { memoryMb: 256, cpus: 0.1 };

/** Its grace between stop signal and SIGKILL where there is no worker, in seconds: that of Docker itself. */
const DEFAULT_GRACE = 10;

/** Whose release command. */
export interface ReleaseOf {
  readonly state: AppEnvironment;
  readonly deploy: DeployRow;
}

/** What its container is made of. */
export type ReleaseContents = Pick<DeployContents, 'image' | 'sha' | 'method'> & { readonly env: Variables };

/**
 * The container of a release command, as data. It gets the resources of the first worker: it runs in the room that is
 * reserved for the deploy's first instance, which is started after it ended.
 */
export function releaseContainerOf({ state, deploy }: ReleaseOf, contents: ReleaseContents): ContainerSpec {
  const { app, environment } = state;
  const labels = { app: app.name, environment, worker: RELEASE_WORKER, slot: RELEASE_SLOT, deployId: deploy.id };
  return {
    name: releaseContainerName(app.name, environment, deploy.id),
    image: contents.image,
    ...launchCommand(contents.method, splitCommand(app.releaseCommand)),
    env: contents.env,
    labels: containerLabels({ ...labels, attempt: 1 }, contents.sha),
    resources: deploy.workers?.[0]?.resources ?? DEFAULT_RESOURCES,
    publish: null,
    stopGraceSeconds: stopGraceOf(deploy),
    stopSignal: deploy.workers?.[0]?.stopSignal ?? 'SIGTERM',
  };
}

/** The labels of all containers of release commands of an app in an environment. */
export function releaseLabels({ app, environment }: AppEnvironment): Readonly<Record<string, string>> {
  return {
    [LABELS.app]: app.name,
    [LABELS.environment]: environment,
    [LABELS.worker]: RELEASE_WORKER,
    [LABELS.slot]: String(RELEASE_SLOT),
  };
}

/** How long it gets to end, in seconds. */
export function stopGraceOf(deploy: DeployRow): number {
  return deploy.workers?.[0]?.stopGraceSeconds ?? DEFAULT_GRACE;
}

/** The hosts that it may run on, the best first: those where the deploy has places, in their order, then any other. */
export function releaseHosts(
  { instances }: AppEnvironment,
  deploy: DeployRow,
  hosts: readonly Host[],
): readonly Host[] {
  const healthy = hosts.filter((host) => host.healthy);
  const placed = instances.filter(({ deployId }) => deployId === deploy.id).map(({ host }) => host);
  const own = [...new Set(placed)].flatMap((name) => healthy.filter((host) => host.name === name));
  return [...own, ...healthy.filter(({ name }) => !placed.includes(name))];
}
