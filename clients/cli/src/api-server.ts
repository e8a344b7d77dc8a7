import { JockeyProblem } from '../../typescript/src/problem.js';
import type { Schemas } from '../../typescript/src/types.js';
import { Fault } from './errors.js';
import { EXIT } from './exit-codes.js';
import { httpFetch } from './http-fetch.js';
import { networkFault } from './network-fault.js';
import type { Asked, Server } from './server.js';
import type { ServerVersion } from './server-version.js';
import { VERSION } from './version.js';

/** How long an answer may take, in milliseconds: longer than Jockey holds one, which is 60 s at most. */
const TIMEOUT = 70_000;

/** Jockey over HTTP. Each request is sent once; none follows a redirection, which would make a POST a GET. */
export class ApiServer implements Server {
  constructor(
    readonly url: string,
    readonly token: string,
    private readonly version: ServerVersion,
  ) {}

  async send({ method = 'GET', path, query, body, accept = 'application/json', ...rest }: Asked): Promise<Response> {
    const request = new Request(`${this.url}${path}${queryOf(query)}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.token}`,
        Accept: accept,
        ...(body === undefined || body instanceof URLSearchParams ? {} : { 'Content-Type': 'application/json' }),
        ...rest.headers,
      },
      ...(body === undefined ? {} : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
    });
    const response = await this.exchange(request, rest.signal ?? (accept === 'text/event-stream' ? null : undefined));
    if (!response.ok || accept === 'application/json') this.requireJson(response);
    if (!response.ok && rest.accepted?.includes(response.status) !== true)
      throw new JockeyProblem(response.status, await problemIn(response));
    return response;
  }

  async data<T>(asked: Asked): Promise<T> {
    return ((await (await this.send(asked)).json()) as { readonly data: T }).data;
  }

  socket(path: string): { readonly url: string; readonly headers: Readonly<Record<string, string>> } {
    const headers = { Authorization: `Bearer ${this.token}`, 'User-Agent': USER_AGENT };
    return { url: `${this.url.replace(/^http/, 'ws')}${path}`, headers };
  }

  /** For the typed client, all whose answers are JSON. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const response = await this.exchange(request, undefined);
    this.requireJson(response);
    return response;
  };

  /** Sends it; a signal of null sets no limit in time, as for a stream. */
  private async exchange(request: Request, signal: AbortSignal | null | undefined): Promise<Response> {
    request.headers.set('User-Agent', USER_AGENT);
    const limit = signal === undefined ? AbortSignal.timeout(TIMEOUT) : signal;
    try {
      const response = await httpFetch(request, limit);
      this.version.seen(response);
      this.refuseRedirection(response);
      return isJson(response) ? await whole(response) : response;
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw networkFault(this.url, error);
    }
  }

  private refuseRedirection(response: Response): void {
    const { status, headers } = response;
    if (status < 300 || status >= 400 || status === 304) return;
    const to = headers.get('location') ?? 'nowhere';
    throw this.noJockey(
      response,
      `it sends on to ${to}`,
      'Set jockey_url in ~/.jockeyrc, or JOCKEY_URL, to where Jockey itself is.',
    );
  }

  private requireJson(response: Response): void {
    if (isJson(response)) return;
    const { status, headers } = response;
    const type = headers.get('content-type') ?? 'nothing';
    if (status >= 502 && status <= 504)
      throw this.noJockey(
        response,
        `something in front of it answers ${status}`,
        'Jockey is down, or its proxy does not reach it.',
      );
    throw this.noJockey(
      response,
      `it answers ${status} with ${type.split(';')[0] ?? type}, and not with JSON`,
      'Set jockey_url in ~/.jockeyrc, or JOCKEY_URL, to the address of the API.',
    );
  }

  /** Lets go of the answer too: one that never ends would keep the program. */
  private noJockey(response: Response, said: string, hint: string): Fault {
    void response.body?.cancel().catch(() => undefined);
    return new Fault(`What is at ${this.url} is not the API of Jockey: ${said}.`, EXIT.failed, hint, 'no_jockey');
  }
}

const USER_AGENT = `jockey-cli/${VERSION}`;

function queryOf(query: Asked['query']): string {
  const said = Object.entries(query ?? {}).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return said.length === 0 ? '' : `?${new URLSearchParams(said).toString()}`;
}

const isJson = ({ headers }: Response): boolean => /[/+]json\b/.test(headers.get('content-type') ?? '');

/** The answer with all of its body, so that a connection that breaks on the way is no fault of who reads it. */
async function whole(response: Response): Promise<Response> {
  return response.body === null ? response : new Response(await response.arrayBuffer(), response);
}

/** The problem that the answer tells; null where something else than Jockey answered. */
async function problemIn(response: Response): Promise<Schemas['Problem'] | null> {
  try {
    const body = (await response.json()) as Schemas['Problem'] | null;
    return typeof body?.detail === 'string' && typeof body.error === 'object' ? body : null;
  } catch {
    return null;
  }
}
