import { type HeldApp, type HeldPlace, type HeldWorker, type Holding, placeOf } from './holding.js';

/** What is written to Jockey by one step. */
export type Write =
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'app'; readonly app: HeldApp }
  | {
      readonly kind: 'config';
      readonly app: string;
      readonly environment: string;
      readonly config: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'worker'; readonly app: string; readonly environment: string; readonly worker: HeldWorker };

/** One step of an import. */
export interface ImportStep {
  readonly kind: Write['kind'];
  /** `shop`, or `shop/production/web`. */
  readonly what: string;
  /** `keep`: it differs, and what is here stays. */
  readonly action: 'create' | 'change' | 'keep' | 'same';
  /** What differs; null where nothing does. */
  readonly because: string | null;
  /** Names of the fields or variables that are written. */
  readonly fields: readonly string[];
  /** Null where nothing is to be written. */
  readonly write: Write | null;
}

/** What counts beside what the two hold. */
export interface ImportChoice {
  /** Whether what differs here is changed. */
  readonly overwrite: boolean;
}

/** What has to be written so that `ours` holds what `theirs` does, environments first. */
export function planImport(theirs: Holding, ours: Holding, choice: ImportChoice): readonly ImportStep[] {
  return [
    ...theirs.environments.map((name) => environmentStep(name, ours)),
    ...theirs.apps.flatMap((app) => [
      appStep(app, ours),
      ...app.places.flatMap((place) =>
        placeSteps({ app, place, here: placeOf(ours, app.name, place.environment) }, choice),
      ),
    ]),
  ];
}

function environmentStep(name: string, ours: Holding): ImportStep {
  const isHere = ours.environments.includes(name);
  const step = { kind: 'environment' as const, what: name, because: null, fields: [] };
  return isHere
    ? { ...step, action: 'same', write: null }
    : { ...step, action: 'create', write: { kind: 'environment', name } };
}

/** The repository of an app that is here is never changed: it may be another app of the same name. */
function appStep(app: HeldApp, ours: Holding): ImportStep {
  const here = ours.apps.find(({ name }) => name === app.name);
  const step = { kind: 'app' as const, what: app.name, fields: [] };
  if (here === undefined)
    return { ...step, action: 'create', because: null, fields: ['name', 'repo'], write: { kind: 'app', app } };
  if (app.repo === null || here.repo === null || here.repo.toLowerCase() === app.repo.toLowerCase())
    return { ...step, action: 'same', because: null, write: null };
  return { ...step, action: 'keep', because: `its repository here is ${here.repo}, there ${app.repo}`, write: null };
}

interface Spot {
  readonly app: HeldApp;
  readonly place: HeldPlace;
  readonly here: HeldPlace | null;
}

function placeSteps({ app, place, here }: Spot, choice: ImportChoice): ImportStep[] {
  const workers = place.workers.map((worker) => {
    const known = here?.workers.find(({ name }) => name === worker.name) ?? null;
    return workerStep({ app: app.name, environment: place.environment, worker, known }, choice);
  });
  return [...configSteps({ app, place, here }, choice), ...workers];
}

function configSteps({ app, place, here }: Spot, { overwrite }: ImportChoice): ImportStep[] {
  const names = Object.keys(place.config).sort();
  if (names.length === 0) return [];
  const fresh = names.filter((name) => here?.config[name] === undefined);
  const other = names.filter((name) => here?.config[name] !== undefined && here.config[name] !== place.config[name]);
  const written = overwrite ? [...fresh, ...other].sort() : fresh;
  const config = Object.fromEntries(written.map((name) => [name, place.config[name] ?? '']));
  const at = { app: app.name, environment: place.environment };
  const step = { kind: 'config' as const, what: `${app.name}/${place.environment}`, fields: written };
  const differ = other.length === 0 ? null : `${other.join(', ')} ${other.length === 1 ? 'differs' : 'differ'}`;
  if (written.length === 0)
    return [{ ...step, action: other.length === 0 ? 'same' : 'keep', because: differ, write: null }];
  return [
    { ...step, action: here === null ? 'create' : 'change', because: differ, write: { kind: 'config', ...at, config } },
  ];
}

interface WorkerSpot {
  readonly app: string;
  readonly environment: string;
  readonly worker: HeldWorker;
  readonly known: HeldWorker | null;
}

function workerStep({ app, environment, worker, known }: WorkerSpot, { overwrite }: ImportChoice): ImportStep {
  const said = Object.entries(worker).filter(([name, value]) => name !== 'name' && value !== undefined);
  const step = { kind: 'worker' as const, what: `${app}/${environment}/${worker.name}` };
  const write = { kind: 'worker' as const, app, environment, worker };
  const names = said.map(([name]) => name);
  if (known === null) return { ...step, action: 'create', because: null, fields: names, write };
  const other = said.filter(([name, value]) => known[name as keyof HeldWorker] !== value);
  if (other.length === 0) return { ...step, action: 'same', because: null, fields: [], write: null };
  const because = other
    .map(
      ([name, value]) =>
        `${name} is ${String(known[name as keyof HeldWorker] ?? 'not set')} here, ${String(value)} there`,
    )
    .join('; ');
  const fields = other.map(([name]) => name);
  return overwrite
    ? { ...step, action: 'change', because, fields, write }
    : { ...step, action: 'keep', because, fields: [], write: null };
}
