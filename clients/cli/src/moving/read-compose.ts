import type { HeldWorker, Holding } from './holding.js';
import { nameHere } from './name-here.js';
import { withPort } from './with-port.js';
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

/** Where an app of a file is to go. */
export interface Goal {
  readonly app: string;
  readonly environment: string;
  readonly repo: string | null;
}

/** What Jockey has another way for, by the word of a compose file. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  volumes: 'instances keep nothing: they may be placed on any host. Keep files in a store of their own',
  depends_on: 'workers start side by side: let each wait for what it needs',
  networks: 'instances are found in Consul, by the name APP-WORKER (docs/routing.md)',
  env_file: 'its variables are not read: jockey config:set NAME=VALUE',
  secrets: 'jockey config:set --secret NAME=VALUE (docs/secrets.md)',
  configs: 'put the file into the image, or its text into a variable',
  entrypoint: 'put it into the Dockerfile, or before the command of the worker',
  privileged: 'instances have no rights on their host',
  network_mode: 'instances have a network of their own',
};

/** The app that a compose file makes: its services that are built are the workers. */
export function readCompose(file: SaidMap, goal: Goal): Holding {
  const remarks: string[] = [];
  const services = Object.entries(mapAt(file, 'services')).map(([name, said]) => ({ name, said: asMap(said) }));
  const built = services.filter(({ said }) => said['build'] !== undefined);
  for (const { name, said } of services.filter((each) => !built.includes(each)))
    remarks.push(
      `${name} (${textAt(said, 'image') ?? 'no image'}) is not built from the repository: run it elsewhere, and give its address as a variable.`,
    );
  const web = webOf(
    built.map(({ name, said }) => ({ name, hasPort: portOf(said) !== undefined })),
    remarks,
  );
  const config: Record<string, string> = {};
  const workers = built.map(({ name, said }) => {
    addConfig(config, { name, said, remarks });
    addRemarks({ name, said, remarks }, goal.app);
    return workerOf(name === web ? 'web' : nameHere(name), said, name === web);
  });
  const place = { environment: goal.environment, config: withPort(config, workers), workers, commit: null };
  const app = { name: goal.app, repo: goal.repo, subscribe_to_github_webhook: false, places: [place] };
  return { environments: [goal.environment], apps: [app], remarks: [...new Set(remarks)] };
}

interface Service {
  readonly name: string;
  readonly said: SaidMap;
  readonly remarks: string[];
}

/** Traffic goes to the worker called web: else to the only service that has a port. */
function webOf(
  services: readonly { readonly name: string; readonly hasPort: boolean }[],
  remarks: string[],
): string | null {
  const named = services.find(({ name }) => name === 'web');
  const open = services.filter(({ hasPort }) => hasPort);
  const [only] = open;
  if (named !== undefined) {
    for (const { name } of open.filter((each) => each !== named))
      remarks.push(`${name} has a port too: traffic goes to web alone; make an app of its own of ${name}.`);
    return 'web';
  }
  if (only === undefined) return null;
  if (open.length > 1)
    remarks.push(
      `${open.map(({ name }) => name).join(', ')} have ports: traffic goes to one worker, which is called web; ${only.name} was taken.`,
    );
  remarks.push(`${only.name} is called web here: traffic goes to the worker of that name.`);
  return only.name;
}

function workerOf(name: string, said: SaidMap, isWeb: boolean): HeldWorker {
  const limits = mapAt(mapAt(mapAt(said, 'deploy'), 'resources'), 'limits');
  return givenOnly<HeldWorker>({
    name,
    command: commandOf(said['command']) ?? '',
    scale: numberAt(mapAt(said, 'deploy'), 'replicas') ?? numberAt(said, 'scale') ?? 1,
    port: isWeb ? portOf(said) : undefined,
    memory_mb: mebibytesOf(textAt(limits, 'memory') ?? textAt(said, 'mem_limit')),
    cpus: numberAt(limits, 'cpus') ?? numberAt(said, 'cpus'),
    health_path: isWeb ? healthPathOf(said) : undefined,
  });
}

/** The port inside the container: of `80:3000/tcp`, `3000`, or `target: 3000`. */
function portOf(said: SaidMap): number | undefined {
  const [first] = [...asList(said['ports']), ...asList(said['expose'])];
  const text = asText(first) ?? textAt(asMap(first), 'target') ?? '';
  const port = Number(/(\d+)(?:\/tcp)?$/.exec(text)?.[1] ?? Number.NaN);
  return Number.isInteger(port) ? port : undefined;
}

/** Checks of Jockey ask over HTTP: the path of the address that a check of compose asks. */
function healthPathOf(said: SaidMap): string | undefined {
  const test = mapAt(said, 'healthcheck')['test'];
  const text = commandOf(test) ?? '';
  return /https?:\/\/[^/\s"']+(\/[^\s"']*)/.exec(text)?.[1];
}

function addConfig(config: Record<string, string>, { name, said, remarks }: Service): void {
  for (const [key, value] of variablesOf(said['environment'])) {
    const text = resolved(value);
    if (text === null) remarks.push(`${key} of ${name} comes from the shell: jockey config:set ${key}=VALUE`);
    else if (config[key] !== undefined && config[key] !== text)
      remarks.push(
        `${key} differs between services: all workers of an app share their variables; that of ${name} was left out.`,
      );
    else config[key] = text;
  }
}

function variablesOf(said: unknown): readonly (readonly [string, string | undefined])[] {
  if (!Array.isArray(said)) return Object.entries(asMap(said)).map(([key, value]) => [key, asText(value)]);
  return asList(said).map((each) => {
    const [key = '', ...rest] = (asText(each) ?? '').split('=');
    return [key, rest.length === 0 ? undefined : rest.join('=')];
  });
}

/** The value with the defaults of `${NAME:-default}`; null where only a shell knows it. */
function resolved(value: string | undefined): string | null {
  const text = value?.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1');
  return text === undefined || /\$\{|\$\w/.test(text.replaceAll('$$', '')) ? null : text.replaceAll('$$', '$');
}

function addRemarks({ name, said, remarks }: Service, app: string): void {
  for (const [key, why] of Object.entries(ELSEWHERE))
    if (said[key] !== undefined) remarks.push(`${name}: ${key}: ${why}.`);
  const build = asMap(said['build']);
  const context = asText(said['build']) ?? textAt(build, 'context') ?? '.';
  const fields = [
    ...(/^\.?\/?$/.test(context) ? [] : [`build_context=${context.replace(/^\.\//, '')}`]),
    ...(textAt(build, 'dockerfile') === undefined ? [] : [`dockerfile=${textAt(build, 'dockerfile')}`]),
    ...(textAt(build, 'target') === undefined ? [] : [`build_target=${textAt(build, 'target')}`]),
  ];
  if (fields.length > 0) remarks.push(`${name} is built otherwise: jockey apps:update ${app} ${fields.join(' ')}`);
}
