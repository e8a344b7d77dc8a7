/** An answer, with its body read. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body where it is JSON, else undefined. */
  readonly body: ReplyBody;
  readonly text: string;
}

/** Loose on purpose: tests look into it and compare. */
export interface ReplyBody {
  readonly data: Record<string, unknown> & { readonly id: string };
  readonly pagination: Record<string, number>;
  readonly detail: string;
  readonly request_id: string;
  readonly error: { readonly code: string; readonly message: string };
  readonly errors: readonly { readonly field: string; readonly message: string }[];
}

type Headers_ = Readonly<Record<string, string>>;

/** Speaks to the API as clients do: over HTTP. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly token: string | null,
  ) {}

  get(path: string, headers: Headers_ = {}): Promise<Reply> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body: unknown = {}, headers: Headers_ = {}): Promise<Reply> {
    return this.json('POST', path, { body, headers });
  }

  put(path: string, body: unknown = {}, headers: Headers_ = {}): Promise<Reply> {
    return this.json('PUT', path, { body, headers });
  }

  delete(path: string, headers: Headers_ = {}): Promise<Reply> {
    return this.send('DELETE', path, { headers });
  }

  /** A form, as it stands in the body: `a=1&config[B]=2`. */
  form(method: string, path: string, body: string): Promise<Reply> {
    return this.send(method, path, { body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  }

  /** Any request, as it is. */
  async send(
    method: string,
    path: string,
    { body, headers = {} }: { body?: string; headers?: Headers_ },
  ): Promise<Reply> {
    const authorization: Headers_ = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson && text !== '' ? JSON.parse(text) : undefined) as ReplyBody,
    };
  }

  private json(method: string, path: string, { body, headers }: { body: unknown; headers: Headers_ }): Promise<Reply> {
    return this.send(method, path, {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  }
}
