import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { startProgram } from './child.js';
import { fetchOk } from './fetch-ok.js';
import type { Ledger } from './ledger.js';

/** One Docker engine. */
export interface EngineOptions {
  readonly ledger: Ledger;
  readonly file: string;
  /** Name in the ledger. */
  readonly name: string;
  /** Address of its API over TCP: `10.88.0.11:2375`. */
  readonly address: string;
  /** Unix socket of its API, if it is to have one. */
  readonly socket?: string;
  /** Folder of its images and containers. */
  readonly dataRoot: string;
  /** Folder of its sockets: a short path, as a socket's may have 107 characters only. */
  readonly execRoot: string;
  /** Control group that its containers live below. */
  readonly cgroup: string;
  /** Registry, or network of registries, that it may speak to without TLS. */
  readonly insecureRegistry: string;
  /** The registry `host:port` that BuildKit may read from without TLS: it does not take networks. */
  readonly plainRegistry?: string;
  readonly logFile: string;
  readonly netns?: string;
  readonly group?: string;
}

/** BuildKit drops what a step prints beyond 2 MiB or 200 KiB a second; this is the greatest number that it understands. */
const WHOLE_LOGS = { BUILDKIT_STEP_LOG_MAX_SIZE: '2147483647', BUILDKIT_STEP_LOG_MAX_SPEED: '2147483647' };

/** Starts a Docker engine and answers the address of its API, once it answers. */
export async function startDockerEngine(options: EngineOptions): Promise<string> {
  const { ledger, file, name, address, execRoot, dataRoot, logFile, netns, group } = options;
  ledger.add({ directories: [dataRoot, execRoot] });
  await mkdir(dataRoot, { recursive: true });
  await mkdir(execRoot, { recursive: true });
  await startProgram(ledger, {
    name,
    file,
    args: argumentsOf(options),
    // The engine looks for its containerd and runc, which may be beside it.
    env: { PATH: `${process.env['PATH'] ?? ''}:${dirname(file)}:/usr/sbin:/sbin:/usr/bin`, ...WHOLE_LOGS },
    logFile,
    netns,
    group,
    ready: () => fetchOk(`http://${address}/_ping`),
    readyWithin: 60,
  });
  return `http://${address}`;
}

function argumentsOf(options: EngineOptions): string[] {
  return [
    `--host=tcp://${options.address}`,
    ...(options.socket === undefined ? [] : [`--host=unix://${options.socket}`]),
    '--tls=false',
    `--data-root=${options.dataRoot}`,
    `--exec-root=${options.execRoot}`,
    `--pidfile=${options.execRoot}/docker.pid`,
    `--cgroup-parent=/${options.cgroup}`,
    '--exec-opt=native.cgroupdriver=cgroupfs',
    `--insecure-registry=${options.insecureRegistry}`,
    ...(options.plainRegistry === undefined ? [] : [`--insecure-registry=http://${options.plainRegistry}`]),
  ];
}
