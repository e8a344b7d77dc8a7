import type Docker from 'dockerode';
import { LABELS } from '../../domain/instance/container-name.js';
import type { ContainerDetail, ContainerSeen } from '../../ports/docker-hosts.js';

/** The label filter of a list: always our own label, so that nothing of somebody else is ever seen. */
export function listFilter(labels: Readonly<Record<string, string>>): string[] {
  return [LABELS.app, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)];
}

/** Whether Jockey made it. */
export function isOurs({ labels }: Pick<ContainerSeen, 'labels'>): boolean {
  return LABELS.app in labels;
}

/** A line of Docker's list. */
export function seenOf(info: Docker.ContainerInfo): ContainerSeen {
  return {
    id: info.Id,
    name: withoutSlash(info.Names[0] ?? ''),
    state: info.State === 'running' ? 'running' : 'exited',
    labels: info.Labels,
    hostPort: info.Ports.find(({ PublicPort }) => PublicPort !== undefined)?.PublicPort ?? null,
  };
}

/** A container looked at closely. Docker shows exit code 0 of one that runs or never ran, which says nothing. */
export function detailOf(info: Docker.ContainerInspectInfo): ContainerDetail {
  const { Status, ExitCode, OOMKilled } = info.State;
  const meaningless = Status === 'running' || (Status === 'created' && ExitCode === 0);
  return {
    id: info.Id,
    name: withoutSlash(info.Name),
    state: Status === 'running' ? 'running' : 'exited',
    labels: info.Config.Labels,
    hostPort: hostPortOf(info),
    exitCode: meaningless ? null : ExitCode,
    outOfMemory: OOMKilled,
    restarts: info.RestartCount,
  };
}

function hostPortOf(info: Docker.ContainerInspectInfo): number | null {
  const bindings = Object.values(info.HostConfig.PortBindings ?? {}) as ({ HostPort?: string }[] | null)[];
  const port = Number(bindings[0]?.[0]?.HostPort ?? 0);
  return port === 0 ? null : port;
}

function withoutSlash(name: string): string {
  return name.replace(/^\//, '');
}
