import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { redactor } from '../../../domain/config-set/redact.js';
import type { Host } from '../../../domain/host/host.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { ImageBuild, ImageBuilt } from '../../../ports/build-hosts.js';
import type { DockerClients } from '../docker-clients.js';
import { imageFailure } from '../docker-errors.js';
import type { Credentials } from '../docker-images.js';
import { lostOrStopped } from '../docker-stream.js';
import { openImageStream } from '../image-stream.js';
import { BaseImages } from './base-images.js';
import { openSession, type BuildSession } from './buildkit-session.js';
import { BuildKitSolves, type SolveEnd } from './buildkit-solve.js';
import { postForStream } from './docker-dial.js';
import { plainWords, solveFailure } from './solve-failure.js';

/** The Engine's API chooses its builder by this number: `1` is the classic one, `2` BuildKit. */
const BUILDKIT = '2';

/** BuildKit writes into the image which layers it was made of, so that whoever pulls it can use them again. */
const INLINE_CACHE = { BUILDKIT_INLINE_CACHE: '1' };

/**
 * Builds with the BuildKit inside the Docker engine, through the Engine's API: the context is the request's body, the
 * trace its answer. A session beside it, over which BuildKit asks back, is opened only where there is something to ask.
 */
export class BuildKitBuilds {
  private readonly solves: BuildKitSolves;
  private readonly baseImages: BaseImages;

  constructor(
    private readonly clients: DockerClients,
    private readonly credentials: Credentials,
  ) {
    this.solves = new BuildKitSolves(clients);
    this.baseImages = new BaseImages(clients);
  }

  /** Builds an image; resolves when it is on the host under its tag. */
  async build(host: Host, build: ImageBuild): Promise<ImageBuilt> {
    // It may break before the host takes it: then it is asked below what went wrong.
    build.context.on('error', () => undefined);
    const session = await this.sessionFor(host, build);
    try {
      const end = await this.solves.run(host, {
        ...{ name: solveName(build), onLine: build.onLine, signal: build.signal },
        begin: (_docker, cut) => this.begin(host, build, { session, cut }),
      });
      if (end.failure !== null) throw failureOf(host, build, end);
      if (end.imageId === null) throw lostOrStopped({ ...build, host: host.name }, 'no image came of it');
      return { baseImages: await this.baseImages.withDigests(host, end.trace.baseImages) };
    } catch (error) {
      throw build.signal.aborted ? error : (build.context.errored ?? error);
    } finally {
      build.context.destroy();
      session?.close();
    }
  }

  private async sessionFor(host: Host, { secrets }: ImageBuild): Promise<BuildSession | null> {
    const { clients, credentials } = this;
    if (credentials === null && Object.keys(secrets).length === 0) return null;
    return clients.ask(host, { to: 'open a session for a build' }, (docker) =>
      openSession(docker, { secrets, credentials }),
    );
  }

  private begin(host: Host, build: ImageBuild, { session, cut }: Beginning): Promise<Readable> {
    if (build.context.errored !== null) return Promise.reject(build.context.errored);
    const opening = { to: 'build', image: build.tag, signal: cut } as const;
    return openImageStream({ clients: this.clients, host }, opening, (docker: Docker) =>
      postForStream(docker, {
        path: '/build?',
        options: { ...queryOf(build), ...(session === null ? {} : { session: session.id }) },
        file: build.context,
        abortSignal: cut,
      }),
    );
  }
}

interface Beginning {
  readonly session: BuildSession | null;
  readonly cut: AbortSignal;
}

/** What the solve is called at the host: no two builds share it, and the same build's next try has it again. */
function solveName({ buildId, tag }: ImageBuild): string {
  return `jockey-${buildId}-${tag}`;
}

function queryOf(build: ImageBuild): Record<string, unknown> {
  return {
    version: BUILDKIT,
    buildid: solveName(build),
    t: build.tag,
    dockerfile: build.dockerfile,
    buildargs: JSON.stringify({ ...INLINE_CACHE, ...build.args }),
    labels: JSON.stringify(build.labels),
    ...(build.target === null ? {} : { target: build.target }),
    ...(build.cacheFrom.length === 0 ? {} : { cachefrom: JSON.stringify(build.cacheFrom) }),
  };
}

function failureOf(host: Host, { tag, dockerfile, secrets }: ImageBuild, { trace, failure }: SolveEnd): DomainError {
  const words = failure ?? '';
  const redact = redactor(Object.entries(secrets).map(([name, value]) => ({ name, value })));
  const sentence = solveFailure({ dockerfile, step: trace.failed, words, redact });
  if (sentence !== null) return new DomainError('unprocessable_entity', sentence);
  return imageFailure(host, { to: 'build', image: tag }, plainWords(words));
}
