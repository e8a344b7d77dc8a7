import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './types.js';

/** Where Jockey is, and what proves who asks. */
export interface JockeyOptions {
  /** `https://jockey.example.com` */
  readonly url: string;
  /** An API token, a token of GitHub, or the bootstrap token. */
  readonly token: string;
  /** How long one request may take, in milliseconds: longer than an answer is held, which is 60 s at most. */
  readonly timeout?: number;
  /** Sends a request in place of the built-in `fetch`; `timeout` is then its own affair. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** `client.GET('/apps/{id}', { params: { path: { id: 'sample' } } })`, and so on for every path of the document. */
export type JockeyClient = Client<paths>;

const TIMEOUT = 70_000;

/** A client of the API at this address. It sends each request once; `ok` makes a refusal an error. */
export function createJockeyClient({ url, token, timeout = TIMEOUT, ...own }: JockeyOptions): JockeyClient {
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    headers: { Authorization: `Bearer ${token}` },
    fetch: own.fetch ?? ((request) => fetch(request, { signal: AbortSignal.timeout(timeout) })),
  });
}
