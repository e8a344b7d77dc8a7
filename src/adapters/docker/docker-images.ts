import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Host } from '../../domain/host/host.js';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { ImageBuild, ImagePush } from '../../ports/docker-hosts.js';
import type { DockerClients } from './docker-clients.js';
import { failureAt, statusOf, wordsOf } from './docker-errors.js';
import { readDockerStream } from './docker-stream.js';
import { within } from '../within.js';

/** Who may use the registry; null for one that asks nobody. */
export type Credentials = {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
} | null;

const QUESTION = 10_000;

/** Images on hosts: built, pushed, pulled. */
export class DockerImages {
  private readonly pulls = new Map<string, Promise<void>>();

  constructor(
    private readonly clients: DockerClients,
    private readonly credentials: Credentials,
  ) {}

  /** Whether the image is on the host; false for a host that does not answer. */
  async has(host: Host, image: string): Promise<boolean> {
    return within(QUESTION, this.clients.of(host).getImage(image).inspect()).then(
      () => true,
      () => false,
    );
  }

  /** Pulls an image that is not there yet; many who want the same on a host wait for one pull. */
  async pull(host: Host, image: string): Promise<void> {
    const key = `${host.dockerUrl} ${image}`;
    const running = this.pulls.get(key);
    if (running !== undefined) return running;
    const pull = this.pullOnce(host, image).finally(() => this.pulls.delete(key));
    this.pulls.set(key, pull);
    return pull;
  }

  /** Builds an image with the classic builder, which tells its steps line by line and needs no session. */
  async build(host: Host, build: ImageBuild): Promise<void> {
    const options: Docker.ImageBuildOptions & { version: '1' } = {
      t: build.tag,
      dockerfile: build.dockerfile,
      labels: build.labels as Record<string, string>,
      rm: true,
      forcerm: true,
      version: '1',
    };
    const stream = await this.begin(host, build.signal, () => this.clients.of(host).buildImage(build.context, options));
    await readDockerStream(stream, { speaker: `Docker on host ${host.name}`, onLine: build.onLine });
    if (!(await this.has(host, build.tag)))
      throw unavailable(`Docker on host ${host.name}`, 'the build ended without an image');
  }

  /** Pushes an image and answers its digest. */
  async push(host: Host, push: ImagePush): Promise<string> {
    const image = this.clients.of(host).getImage(push.tag);
    const options = { authconfig: this.credentials ?? ANONYMOUS };
    const stream = await this.begin(host, push.signal, () => image.push(options));
    const { aux } = await readDockerStream(stream, {
      speaker: `Docker on host ${host.name}`,
      onLine: push.onLine,
    }).catch((error: unknown) => {
      throw pushFailure(push.tag, error);
    });
    const digest = aux['Digest'];
    if (typeof digest === 'string') return digest;
    throw new DomainError('unprocessable_entity', `the registry took ${push.tag} but did not say its digest`);
  }

  private async pullOnce(host: Host, image: string): Promise<void> {
    if (await this.has(host, image)) return;
    try {
      const options = this.credentials === null ? {} : { authconfig: this.credentials };
      const stream = (await this.clients.of(host).pull(image, options)) as Readable;
      await readDockerStream(stream, { speaker: `Docker on host ${host.name}`, onLine: () => undefined });
    } catch (error) {
      if (statusOf(error) === null && !(error instanceof DomainError)) throw failureAt(host, error);
      throw new DomainError('unprocessable_entity', `host ${host.name} cannot pull ${image}: ${wordsOf(error)}`);
    }
  }

  /** Opens a stream that ends when the signal is aborted. */
  private async begin(host: Host, signal: AbortSignal, open: () => Promise<NodeJS.ReadableStream>): Promise<Readable> {
    const aborted = new Promise<never>((_resolve, reject) => {
      const abort = () => reject(unavailable(`Docker on host ${host.name}`, sentenceOf(signal.reason)));
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
    });
    const opened = open() as Promise<Readable>;
    const stream = await Promise.race([opened, aborted]).catch((error: unknown) => {
      void opened.then((late) => late.destroy()).catch(() => undefined);
      throw failureAt(host, error);
    });
    aborted.catch((error: unknown) => stream.destroy(error as Error));
    return stream;
  }
}

/** Docker demands the header of a push also for a registry that asks nobody. */
const ANONYMOUS = { username: '', password: '', serveraddress: '' };

function pushFailure(tag: string, error: unknown): unknown {
  if (!(error instanceof DomainError) || error.code !== 'unprocessable_entity') return error;
  const registry = tag.slice(0, tag.indexOf('/'));
  return new DomainError('unprocessable_entity', `the registry ${registry} did not take the push: ${error.message}`);
}
