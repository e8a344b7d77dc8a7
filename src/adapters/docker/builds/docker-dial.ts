import type { Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';

/** A request straight to the Engine's API, for what dockerode has no method. */
interface Dialing {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly file?: Readable;
  readonly abortSignal?: AbortSignal;
}

interface Modem {
  dial(options: object, done: (error: unknown, answer: unknown) => void): void;
}

/** What Docker answers with when all is well; all else is an error with its words. */
const WELL = { statusCodes: { 200: true, 204: true } };

/** Posts, and answers with the stream that Docker sends back. */
export function postForStream(docker: Docker, dialing: Dialing): Promise<Readable> {
  return dial(docker, { ...dialing, method: 'POST', isStream: true });
}

/** Posts, and answers with the connection that Docker hands over. */
export function postForConnection(docker: Docker, dialing: Dialing): Promise<Duplex> {
  return dial(docker, { ...dialing, method: 'POST', hijack: true });
}

/** Posts, and waits for the answer, which says nothing. */
export async function post(docker: Docker, dialing: Dialing): Promise<void> {
  await dial(docker, { ...dialing, method: 'POST' });
}

function dial<T>(docker: Docker, options: object): Promise<T> {
  return new Promise((resolve, reject) =>
    (docker.modem as Modem).dial({ ...options, ...WELL }, (error, answer) =>
      error === null || error === undefined ? resolve(answer as T) : reject(error as Error),
    ),
  );
}
