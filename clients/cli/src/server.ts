/** A request that the typed client cannot make: a stream, text, or a path that the server may not have yet. */
export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/runs/7/logs` */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as a form where it is `URLSearchParams`, else as JSON. */
  readonly body?: unknown;
  /** `application/json` unless told. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses that are no success, and are an answer none the less. */
  readonly accepted?: readonly number[];
  /** Ends the request; there is no limit in time for a stream otherwise. */
  readonly signal?: AbortSignal;
}

/** Where Jockey is, and who asks it. */
export interface Server {
  /** `https://jockey.example.com`, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** The answer when its head is there. Throws `JockeyProblem` where it is no success, a `Fault` where there is none. */
  send(asked: Asked): Promise<Response>;
  /** The `data` of the answer. */
  data<T>(asked: Asked): Promise<T>;
  /** The address for a WebSocket: `ws:` or `wss:`; and the headers that say who asks. */
  socket(path: string): { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}
