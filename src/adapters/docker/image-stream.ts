import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Host } from '../../domain/host/host.js';
import type { DockerClients } from './docker-clients.js';
import { failureAt, imageFailure, statusOf, wordsOf, type ImageQuestion } from './docker-errors.js';
import { lostOrStopped } from './docker-stream.js';

/** A question about an image that is answered with a stream. */
export interface ImageOpening extends ImageQuestion {
  readonly signal: AbortSignal;
}

/** Opens such a stream. Throws a DomainError that names host, image and cause. */
export async function openImageStream(
  { clients, host }: { readonly clients: DockerClients; readonly host: Host },
  opening: ImageOpening,
  put: (docker: Docker) => Promise<NodeJS.ReadableStream>,
): Promise<Readable> {
  const { to, image, signal } = opening;
  try {
    return (await put(clients.of(host))) as Readable;
  } catch (error) {
    if (signal.aborted) throw lostOrStopped({ host: host.name, signal }, error);
    if (statusOf(error) !== null) throw imageFailure(host, opening, wordsOf(error));
    throw failureAt(host, `${to} ${image}`, error);
  }
}
