import type { Need, Target } from '../../src/http/auth/needs.decorator.js';
import { RecordPlaces } from '../../src/store/repositories/record-places.js';
import type { ApiClient, Reply } from './api-client.js';
import { TestApi } from './api.js';
import { fillPlace, type Records } from './hidden-places.js';
import { declaredRoutes, type DeclaredRoute } from './routes.js';
import { clientWith, type TokenRights } from './tokens.js';
import { type Place, seedPlaces } from './world.js';

const KEY = Buffer.alloc(32, 9).toString('base64');

const ENVIRONMENT = {
  SECRETS_KEY: KEY,
  RATE_LIMIT_PER_MINUTE: '0',
  ROUTING_HOST: '{app}.{environment}.example.com',
};

/** Names and ids of what is not there. */
export const ABSENT = { id: '999999999', app: 'absent-app' } as const;

const APPS = ['visible-app', 'hidden-app'] as const;

/** Every app in every environment that is filled. */
export const SPOTS: readonly Place[] = APPS.flatMap((app) =>
  ['staging', 'production'].map((environment) => ({ app, environment })),
);

/** The place that every one of the limited sees. */
export const OWN: Place = { app: 'visible-app', environment: 'staging' };

/** Somebody who may do everything, but not everywhere. */
export interface Limited {
  readonly who: string;
  readonly rights: TokenRights;
  readonly hides: (spot: Place) => boolean;
}

const OF_ONE_APP: Limited = {
  who: 'of one app',
  rights: { apps: ['visible-app'] },
  hides: ({ app }) => app === 'hidden-app',
};

const OF_ONE_PLACE: Limited = {
  who: 'of one app in one environment',
  rights: { apps: ['visible-app'], environments: ['staging'] },
  hides: ({ app, environment }) => app === 'hidden-app' || environment === 'production',
};

const OF_ONE_ENVIRONMENT: Limited = {
  who: 'of one environment',
  rights: { environments: ['staging'] },
  hides: ({ environment }) => environment === 'production',
};

/** From whom an app is hidden. */
export const LIMITED_BY_APP = [OF_ONE_APP, OF_ONE_PLACE];

/** From whom anything is. */
export const LIMITED = [...LIMITED_BY_APP, OF_ONE_ENVIRONMENT];

type KindOf<K extends Target['kind']> = Extract<Target, { readonly kind: K }>;

/** A target that names an app. */
export type Named = KindOf<'named'>;

/** A target that is a record. */
export type Recorded = KindOf<'record'>;

/** A route, and a target among what it needs. */
export interface Aimed<T> {
  readonly route: DeclaredRoute;
  readonly target: T;
}

/** Two apps in two environments, and who sees only some of it. */
export class SightScene {
  private constructor(
    readonly api: TestApi,
    readonly routes: readonly DeclaredRoute[],
    private readonly filled: ReadonlyMap<string, Records>,
    private readonly clients: ReadonlyMap<Limited, ApiClient>,
    /** Id of the app that is hidden from some. */
    readonly hiddenAppId: string,
  ) {}

  static async start(): Promise<SightScene> {
    const api = await TestApi.start({ environment: ENVIRONMENT });
    await seedPlaces(api.dataSource);
    const ids: string[] = [];
    for (const name of APPS)
      ids.push((await api.client.post('/apps', { name, repo: `acme/${name}`, stack: 'api' })).body.data.id);
    const filled = new Map<string, Records>();
    for (const [at, spot] of SPOTS.entries()) filled.set(keyOf(spot), await fillPlace(api, spot, at + 1));
    const clients = new Map<Limited, ApiClient>();
    for (const each of LIMITED) clients.set(each, await clientWith(api, each.rights));
    return new SightScene(api, declaredRoutes(api), filled, clients, ids[1] ?? '');
  }

  clientOf(limited: Limited): ApiClient {
    return this.clients.get(limited) as ApiClient;
  }

  recordsAt(spot: Place): Records {
    return this.filled.get(keyOf(spot)) as Records;
  }

  /** Routes with a target of this kind. */
  aimed<K extends Target['kind']>(kind: K): Aimed<KindOf<K>>[] {
    return this.routes.flatMap((route) =>
      route.needs.flatMap(({ target }: Need) => (target.kind === kind ? [{ route, target: target as KindOf<K> }] : [])),
    );
  }

  /** Whether a record is hidden: one that is of every environment is seen wherever its app is. */
  async isHidden(noun: Recorded['noun'], spot: Place, { hides }: Limited): Promise<boolean> {
    const place = await this.api.app.get(RecordPlaces).of(noun, this.recordsAt(spot)[noun]);
    return place?.environment === null ? SPOTS.every((each) => each.app !== spot.app || hides(each)) : hides(spot);
  }

  async stop(): Promise<void> {
    await this.api.stop();
  }
}

const keyOf = ({ app, environment }: Place): string => `${app} ${environment}`;

/** What was answered, but for what differs from one request to the next: its id, and the key that was asked for. */
export function said({ status, body }: Reply, key: string): { status: number; body: unknown } {
  const text = JSON.stringify({ ...body, request_id: null });
  return { status, body: JSON.parse(text.replaceAll(`\\"${key}\\"`, 'KEY').replaceAll(`/${key}`, '/KEY')) };
}

const JSON_TYPE = { 'content-type': 'application/json' };

type Sent = Pick<DeclaredRoute, 'method' | 'path'>;

/** Sends a body where the method has one. */
function sendTo(client: ApiClient, { method, path }: Sent, body: object = {}): Promise<Reply> {
  const hasBody = method === 'POST' || method === 'PUT';
  return client.send(method, path, hasBody ? { body: JSON.stringify(body), headers: JSON_TYPE } : {});
}

/** Asks a route for a record, or for a list, with nothing in the body. */
export function call(
  client: ApiClient,
  { method, path }: DeclaredRoute,
  { id = '', query = '' }: { id?: string; query?: string } = {},
): Promise<Reply> {
  return sendTo(client, { method, path: path.replace(':id', id).replaceAll(/:\w+/g, '1') + query });
}

/** What a target reads beside the app: staging, where all that is seen has something. */
const fieldsOf = ({ environment }: Named): Record<string, unknown> =>
  environment === null ? {} : { [environment[1]]: 'staging' };

/** Asks a route for an app, wherever it looks for one. */
export function callNamed(
  client: ApiClient,
  { route, target }: Aimed<Named>,
  { key, ...extra }: { key: unknown } & Record<string, unknown>,
): Promise<Reply> {
  const own = target.app[0] === 'params' ? {} : { [target.app[1]]: key };
  const fields = { ...fieldsOf(target), ...extra, ...own };
  const path = route.path.replace(':id', String(key)).replaceAll(/:\w+/g, '1');
  const query = new URLSearchParams(fields as Record<string, string>).toString();
  const isQuery = route.method === 'GET' || route.method === 'DELETE';
  return sendTo(client, { method: route.method, path: isQuery ? `${path}?${query}` : path }, fields);
}
