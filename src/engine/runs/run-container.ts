import type { BuildMethod } from '../../domain/build/build-settings.js';
import { launchCommand } from '../../domain/build/launch-command.js';
import { containerLabels, LABELS } from '../../domain/instance/container-name.js';
import { STOP_GRACE } from '../../domain/run/plan-run.js';
import { RUN_SLOT, RUN_WORKER, runContainerName } from '../../domain/run/run-container-name.js';
import type { ConsoleSpec, ContainerSpec } from '../../ports/docker-hosts.js';
import type { RunRow } from '../../store/entities/index.js';

/** Where a run is, by name. */
export interface RunPlace {
  readonly app: string;
  readonly environment: string;
  readonly stack: string;
}

/** What its container is made of. */
export interface RunContents {
  /** By digest. */
  readonly image: string;
  readonly sha: string;
  readonly method: BuildMethod | null;
  readonly env: Readonly<Record<string, string>>;
}

/** The container of a run, as data: the image and the variables of its release, and nothing that leads to it. */
export function runContainerOf(run: RunRow, { app, environment }: RunPlace, contents: RunContents): ContainerSpec {
  const key = { app, environment, worker: RUN_WORKER, slot: RUN_SLOT, deployId: run.deployId, attempt: 1 };
  return {
    name: runContainerName(app, environment, run.id),
    image: contents.image,
    ...launchCommand(contents.method, run.command),
    env: contents.env,
    labels: { ...containerLabels(key, contents.sha), [LABELS.run]: run.id },
    resources: { memoryMb: run.memoryMb ?? 0, cpus: run.cpus ?? 0 },
    publish: null,
    stopGraceSeconds: STOP_GRACE / 1000,
    stopSignal: 'SIGTERM',
    console: consoleOf(run),
  };
}

/** One with a terminal may be left and come back to; one that is fed ends its input with who feeds it. */
function consoleOf({ interactive, input, columns, rows }: RunRow): ConsoleSpec {
  const size = columns === null || rows === null ? null : { columns, rows };
  return { terminal: interactive, input: interactive ? 'lasting' : input ? 'once' : 'none', size };
}
