import type { BuildMethod } from '../../domain/build/build-settings.js';
import { launchCommand } from '../../domain/build/launch-command.js';
import { containerLabels } from '../../domain/instance/container-name.js';
import type { Host } from '../../domain/host/host.js';
import type { Instance } from '../../domain/instance/instance.js';
import { serviceName, standbyServiceName } from '../../domain/kernel/names.js';
import { environmentTag, routeTags } from '../../domain/routing/route-tags.js';
import { WEB_WORKER } from '../../domain/worker/worker.js';
import type { ContainerSpec } from '../../ports/docker-hosts.js';
import type { Registration } from '../../ports/service-registry.js';

/** What the containers of one deploy have in common. */
export interface DeployContents {
  readonly app: string;
  readonly repo: string;
  readonly environment: string;
  /** Image by digest. */
  readonly image: string;
  readonly sha: string;
  /** How the image was made; null where that was not kept. A worker's command is read by it. */
  readonly method: BuildMethod | null;
  /** Pattern of the host names that routers know apps by; null where none is configured. */
  readonly routingHost: string | null;
}

/** The variables of containers, their secrets opened: they go into containers, and nowhere else, labels least of all. */
export type Variables = Readonly<Record<string, string>>;

/** The container of an instance, as data. */
export function containerOf(instance: Instance, contents: DeployContents, env: Variables): ContainerSpec {
  const { spec, hostPort } = instance;
  return {
    name: instance.containerName,
    image: contents.image,
    ...launchCommand(contents.method, spec.command),
    env,
    labels: containerLabels({ ...keyOf(instance, contents), attempt: instance.attempt }, contents.sha),
    resources: spec.resources,
    publish: spec.port === null || hostPort === null ? null : { containerPort: spec.port, hostPort },
    stopGraceSeconds: spec.stopGraceSeconds,
    stopSignal: spec.stopSignal,
  };
}

/** The Consul entry of an instance, as data, with the tags of the original and those that routers read. */
export function registrationOf(instance: Instance, contents: DeployContents, host: Host): Registration {
  const { app, environment, worker, slot, deployId } = keyOf(instance, contents);
  return {
    id: instance.containerName,
    service: instance.standby ? standbyServiceName(app, worker) : serviceName(app, worker),
    host,
    port: instance.hostPort,
    containerName: instance.containerName,
    tags: [
      `rref:${contents.sha}`,
      `deploy_id:${deployId}`,
      `tag:${contents.sha}`,
      `repo:${contents.repo}`,
      `command:${instance.spec.command.join(' ')}`,
      `environment:${environment}`,
      environmentTag(contents),
      ...(takesTraffic(instance) ? routeTags(contents.routingHost, contents) : []),
    ],
    meta: { app, environment, worker, slot: String(slot), deploy: deployId },
    check: instance.spec.check,
  };
}

/** One that stands by is healthy before its turn, and routers must not find it. */
function takesTraffic({ spec, standby }: Instance): boolean {
  return spec.name === WEB_WORKER && spec.port !== null && !standby;
}

function keyOf(instance: Instance, { app, environment }: DeployContents) {
  return { app, environment, worker: instance.spec.name, slot: instance.slot, deployId: instance.deployId };
}
