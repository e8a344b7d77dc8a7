/** What came back. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where a redirect leads. */
  readonly location: string;
}

/** How a page or a link asks. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Keeps cookies as a browser does, and stops at each redirect so that a test sees them all. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** Every `Set-Cookie` that came, the newest last. */
  readonly setCookies: string[] = [];

  constructor(private readonly url: string) {}

  /** Asks for a path of Jockey, with its cookies. */
  async ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Seen> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
    });
    response.headers.getSetCookie().forEach((line) => this.keep(line));
    const location = response.headers.get('location') ?? '';
    return { status: response.status, headers: response.headers, text: await response.text(), location };
  }

  /** Another one with the same cookies, as of who has stolen them. */
  copy(): Browser {
    const copy = new Browser(this.url);
    for (const [name, value] of this.cookies) copy.cookies.set(name, value);
    return copy;
  }

  private keep(line: string): void {
    this.setCookies.push(line);
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const expires = attributes.find((each) => each.startsWith('Expires='))?.slice('Expires='.length);
    if (value === '' || (expires !== undefined && Date.parse(expires) <= Date.now())) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
