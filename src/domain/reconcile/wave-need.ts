import { containerName } from '../instance/container-name.js';
import type { WaveNeed } from '../placement/place-waves.js';
import type { MissingInstance } from './reconcile-snapshot.js';

/** What of an app needs a place. */
export interface NeedsOf {
  readonly app: { readonly id: string; readonly name: string };
  /** Name of the environment. */
  readonly environment: string;
  /** Image by digest. */
  readonly image: string;
}

/** The name that the container of a missing instance will have. */
export function nameOfMissing(missing: MissingInstance, { app, environment }: Omit<NeedsOf, 'image'>): string {
  const { worker, slot, deployId, attempt } = missing;
  return containerName({ app: app.name, environment, worker: worker.spec.name, slot, deployId, attempt });
}

/** A missing instance as the placement sees it; its key is the name of its container. */
export function waveNeedOf(missing: MissingInstance, of: NeedsOf): WaveNeed {
  const { spec, workerId } = missing.worker;
  const need = {
    key: nameOfMissing(missing, of),
    app: of.app.id,
    group: workerId,
    worker: spec.name,
    slot: missing.slot,
    resources: spec.resources,
    image: of.image,
    needsTcpDocker: spec.check.kind === 'running',
  };
  return { need, wave: missing.wave, onlyHost: missing.onlyHost };
}
