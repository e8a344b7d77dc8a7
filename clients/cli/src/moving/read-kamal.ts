import type { HeldWorker, Holding } from './holding.js';
import { nameHere } from './name-here.js';
import { withPort } from './with-port.js';
import type { Goal } from './read-compose.js';
import {
  asList,
  asMap,
  asText,
  commandOf,
  givenOnly,
  mapAt,
  mebibytesOf,
  numberAt,
  type SaidMap,
  textAt,
} from './said-map.js';

/** What Jockey has another way for, by the word of `deploy.yml`. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  accessories:
    'databases and their like are not run by Jockey: run them elsewhere, and give their addresses as variables',
  registry: 'the registry is one for all apps: REGISTRY_ADDRESS (docs/registry.md)',
  builder: 'images are made by Jockey from the repository (docs/builds.md)',
  volumes: 'instances keep nothing: they may be placed on any host. Keep files in a store of their own',
  ssh: 'Jockey speaks with the Docker of its hosts, without a shell (docs/joining.md)',
  boot: 'how many change at once is a field of each worker: parallelism (docs/rollouts.md)',
  asset_path: 'the old instances serve until the new ones do: serve assets from a store that keeps both',
  aliases: 'jockey run COMMAND (docs/runs.md)',
  logging: 'jockey logs -f shows what all instances print (docs/logs.md)',
};

/** Where Kamal asks whether an instance is healthy. */
const KAMAL_HEALTH = '/up';

/** Where Kamal's proxy sends traffic. */
const KAMAL_PORT = 80;

/** The app that a `deploy.yml` of Kamal makes: its roles are the workers. */
export function readKamal(file: SaidMap, goal: Goal): Holding {
  const remarks = Object.entries(ELSEWHERE).flatMap(([key, why]) =>
    file[key] === undefined ? [] : [`${key}: ${why}.`],
  );
  const env = mapAt(file, 'env');
  const clear = env['clear'] === undefined && env['secret'] === undefined ? env : mapAt(env, 'clear');
  const config = Object.fromEntries(Object.entries(clear).map(([key, value]) => [key, asText(value) ?? '']));
  const secrets = asList(env['secret']).map((name) => (asText(name) ?? '').split(':')[0] ?? '');
  if (secrets.length > 0)
    remarks.push(
      `Secrets are not in the file: jockey config:set ${secrets.map((name) => `--secret ${name}=…`).join(' ')}`,
    );
  const workers = rolesOf(file['servers']).map((role) => workerOf(role, file, remarks));
  const host = textAt(mapAt(file, 'proxy'), 'host');
  if (host !== undefined)
    remarks.push(
      `proxy.host ${host}: names come from ROUTING_HOST, {app}.{environment}.example.com (docs/routing.md).`,
    );
  remarks.push('Hosts are not named: Jockey places instances on the hosts of the stack (docs/joining.md).');
  const place = { environment: goal.environment, config: withPort(config, workers), workers, commit: null };
  const app = { name: goal.app, repo: goal.repo, subscribe_to_github_webhook: false, places: [place] };
  return { environments: [goal.environment], apps: [app], remarks };
}

/** The name of the app that the file says. */
export const kamalApp = (file: SaidMap): string | undefined => {
  const name = textAt(file, 'service');
  return name === undefined ? undefined : nameHere(name);
};

interface Role {
  readonly name: string;
  readonly hosts: number;
  readonly said: SaidMap;
}

/** A list of hosts is the role `web`; else each role has a list of hosts, or a map with one. */
function rolesOf(servers: unknown): readonly Role[] {
  if (Array.isArray(servers)) return [{ name: 'web', hosts: servers.length, said: {} }];
  return Object.entries(asMap(servers)).map(([name, value]) => {
    const said = asMap(value);
    return { name, hosts: Math.max(asList(value).length, asList(said['hosts']).length, 1), said };
  });
}

function workerOf({ name, hosts, said }: Role, file: SaidMap, remarks: string[]): HeldWorker {
  const isWeb = name === 'web';
  const options = mapAt(said, 'options');
  for (const key of Object.keys(options).filter((each) => !['memory', 'cpus'].includes(each)))
    remarks.push(`${name}: the option ${key} of Docker has no counterpart.`);
  const proxy = mapAt(file, 'proxy');
  return givenOnly<HeldWorker>({
    name: nameHere(name),
    command: commandOf(said['cmd']) ?? '',
    scale: hosts,
    port: isWeb ? (numberAt(proxy, 'app_port') ?? KAMAL_PORT) : undefined,
    memory_mb: mebibytesOf(textAt(options, 'memory')),
    cpus: numberAt(options, 'cpus'),
    health_path: isWeb ? (textAt(mapAt(proxy, 'healthcheck'), 'path') ?? KAMAL_HEALTH) : undefined,
  });
}
