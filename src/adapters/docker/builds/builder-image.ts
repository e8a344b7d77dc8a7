import type Docker from 'dockerode';
import type { Host } from '../../../domain/host/host.js';
import { DomainError, sentenceOf } from '../../../domain/kernel/errors.js';
import type { BuildOutput } from '../../../ports/build-hosts.js';
import type { DockerClients } from '../docker-clients.js';
import { LONGEST_SILENCE, type Credentials } from '../docker-images.js';
import { readDockerStream } from '../docker-stream.js';
import { openImageStream } from '../image-stream.js';

/** A builder image that is on the host. */
export interface BuilderImage {
  /** By digest where its registry said one, else by its id. */
  readonly reference: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The variables of its own, by name. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where and with what a builder image is fetched. */
export interface BuilderImageSource {
  readonly clients: DockerClients;
  readonly host: Host;
  /** They go to the registry that they are for, and to no other. */
  readonly credentials: Credentials;
}

/**
 * Has the builder image on the host, as new as its registry has it: operators move its tag to mend all apps. Where the
 * registry cannot be asked, the one that is on the host does, and the log says so. Throws a sentence where there is none.
 */
export async function fetchBuilderImage(
  source: BuilderImageSource,
  image: string,
  output: BuildOutput,
): Promise<BuilderImage> {
  const failure = await pull(source, image, output).then(
    () => null,
    (error: unknown) => {
      if (output.signal.aborted) throw error;
      return sentenceOf(error);
    },
  );
  const found = await inspect(source, image);
  if (found === null)
    throw new DomainError(
      'unprocessable_entity',
      `the builder image ${image} cannot be had on host ${source.host.name}: ${failure ?? 'it went away'}`,
    );
  if (failure !== null) await say(output, `the builder image ${image} could not be fetched, so the host's own is used`);
  return found;
}

async function pull(source: BuilderImageSource, image: string, { signal }: BuildOutput): Promise<void> {
  const { clients, host, credentials } = source;
  const authconfig = credentials !== null && isAt(image, credentials.serveraddress) ? { authconfig: credentials } : {};
  const stream = await openImageStream({ clients, host }, { to: 'pull', image, signal }, (docker) =>
    docker.pull(image, { abortSignal: signal, ...authconfig }),
  );
  const onLine = () => undefined;
  const reading = { host: host.name, signal, onLine, longestSilence: LONGEST_SILENCE };
  const { failure } = await readDockerStream(stream, reading);
  if (failure !== null) throw new DomainError('unprocessable_entity', failure);
}

/** Whether an image lies at this registry, of which only host and port are compared. */
function isAt(image: string, registry: string): boolean {
  return image.startsWith(`${registry.split('/')[0] ?? registry}/`);
}

async function inspect({ clients, host }: BuilderImageSource, image: string): Promise<BuilderImage | null> {
  const question = { to: `look at the builder image ${image}`, nullOn: [404] };
  const info = await clients.askOrNull(host, question, (docker, abortSignal) =>
    docker.getImage(image).inspect({ abortSignal } as Docker.ImageInspectOptions),
  );
  if (info === null) return null;
  const repository = image.replace(/(@sha256:.*|:[^:/]*)$/, '');
  const digest = (info.RepoDigests ?? []).find((each) => each.startsWith(`${repository}@`));
  return {
    reference: digest ?? `${image} (${info.Id})`,
    labels: info.Config.Labels ?? {},
    env: Object.fromEntries((info.Config.Env ?? []).map(splitVariable)),
  };
}

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf('=');
  return at < 0 ? [variable, ''] : [variable.slice(0, at), variable.slice(at + 1)];
}

async function say({ onLine }: BuildOutput, text: string): Promise<void> {
  await onLine({ text, stream: 'status', step: null });
}
