/** An answer of the API that is no success: its own sentence. */
export class RefusedByJockey extends Error {
  constructor(
    readonly status: number,
    sentence: string,
  ) {
    super(sentence);
    this.name = 'RefusedByJockey';
  }
}

interface Answer {
  readonly data?: unknown;
  readonly error?: { readonly message?: string };
}

/** The REST API with the token that it wants, and nothing more. */
export class JockeyClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Reads a resource; the caller knows its shape. */
  async get<T>(path: string): Promise<T> {
    return (await this.send('GET', path)).data as T;
  }

  /** Reads what has no envelope, as logs. */
  async getBare<T>(path: string): Promise<T> {
    return (await this.send('GET', path)) as T;
  }

  /** Creates something. */
  async post<T>(path: string, body: unknown): Promise<T> {
    return (await this.send('POST', path, body)).data as T;
  }

  /** Changes something. */
  async put<T>(path: string, body: unknown): Promise<T> {
    return (await this.send('PUT', path, body)).data as T;
  }

  private async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(new URL(path, this.url), {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(70_000),
    });
    const content = (await answer.json().catch(() => ({}))) as Answer;
    if (answer.ok) return content;
    throw new RefusedByJockey(answer.status, content.error?.message ?? `${method} ${path} answers ${answer.status}`);
  }
}
