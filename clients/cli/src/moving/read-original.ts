import type { HeldApp, HeldPlace, HeldWorker, Holding } from './holding.js';
import { nameHere } from './name-here.js';
import type { OriginalApi } from './original-api.js';

interface Named {
  readonly name: string;
}

interface OriginalApp extends Named {
  readonly repo: string | null;
  readonly subscribe_to_github_webhook?: boolean;
}

interface OriginalWorker extends Named {
  readonly command: string | null;
  readonly scale: number | null;
}

interface OriginalConfigSet {
  readonly config?: Readonly<Record<string, unknown>>;
}

interface OriginalDeploy {
  readonly state: string;
  readonly build?: { readonly rref?: string | null };
}

/** What the original Jockey holds: of the apps that are named, or of all. */
export async function readOriginal(api: OriginalApi, only: readonly string[]): Promise<Holding> {
  const environments = (await api.list<Named>('/environments')).map(({ name }) => name);
  const apps = (await api.list<OriginalApp>('/apps')).filter(({ name }) => only.length === 0 || only.includes(name));
  const remarks = only
    .filter((name) => !apps.some((app) => app.name === name))
    .map((name) => `There is no app "${name}" at the original.`);
  const held: HeldApp[] = [];
  for (const app of apps) held.push(await readApp({ api, app, environments, remarks }));
  const used = new Set(held.flatMap(({ places }) => places.map(({ environment }) => environment)));
  return {
    environments: environments.map(nameHere).filter((name) => used.has(name) || only.length === 0),
    apps: held,
    remarks,
  };
}

interface Reading {
  readonly api: OriginalApi;
  readonly app: OriginalApp;
  readonly environments: readonly string[];
  readonly remarks: string[];
}

async function readApp(reading: Reading): Promise<HeldApp> {
  const { app, environments, remarks } = reading;
  const name = nameHere(app.name);
  if (name !== app.name) remarks.push(`The app "${app.name}" is called ${name} here: names are lower case, with "-".`);
  const places: HeldPlace[] = [];
  for (const environment of environments) {
    const place = await readPlace(reading, environment);
    if (place !== null) places.push(place);
  }
  return { name, repo: app.repo, subscribe_to_github_webhook: app.subscribe_to_github_webhook === true, places };
}

async function readPlace({ api, app, remarks }: Reading, environment: string): Promise<HeldPlace | null> {
  const where = { app: app.name, environment };
  const [set] = await api.list<OriginalConfigSet>('/config_sets', where);
  const workers = await api.list<OriginalWorker>('/workers', where);
  if (set === undefined && workers.length === 0) return null;
  const deploys = await api.list<OriginalDeploy>('/deploys', { ...where, state: 'deployed' });
  const commit = deploys.find(({ state }) => state === 'deployed')?.build?.rref ?? null;
  const at = { app: nameHere(app.name), environment: nameHere(environment) };
  if (commit !== null)
    remarks.push(
      `${at.app} in ${at.environment} runs ${commit}: jockey deploy ${commit} --app ${at.app} --environment ${at.environment}`,
    );
  return { environment: at.environment, config: textsOf(set?.config ?? {}), workers: workers.map(workerOf), commit };
}

/** The original kept any value of JSON; containers get texts. */
const textsOf = (config: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, typeof value === 'string' ? value : textOf(value)]),
  );

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : JSON.stringify(value));

const workerOf = ({ name, command, scale }: OriginalWorker): HeldWorker => ({
  name: name.toLowerCase(),
  command: command ?? '',
  scale: scale ?? 0,
});
