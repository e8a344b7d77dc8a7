import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { answerByGit } from '../support/git-server.js';
import { ApiAnswers } from './api-answers.js';
import { type ApiAnswer, refusal, ROUTES } from './api-routes.js';
import { type Edition, GithubDescription, type Match, type SeenRequest } from './github-description.js';
import { GithubWorld, type Token } from './github-world.js';
import type { Schema } from './json-schema.js';
import { OauthPages } from './oauth-pages.js';
import { WebhookExamples } from './webhook-examples.js';
import { sendWebhook, type WebhookAnswer } from './webhook-sender.js';

/** What can be wrong with GitHub. */
export type Trouble =
  | 'down'
  | 'hangs'
  | 'breaks off'
  | 'says nonsense'
  | 'limits the rate'
  | 'limits the rate for a while'
  | 'refuses connections';

/** A request that came in, and what was answered. */
export interface SeenCall {
  readonly method: string;
  /** Below the root of the API; of the pages as it is. */
  readonly path: string;
  /** 0 where none was answered. */
  readonly status: number;
}

/** Which GitHub it is. */
export interface StandInOptions {
  /** Folder whose repositories, `OWNER/NAME.git`, are served over Git. */
  readonly gitRoot?: string | null;
  /** Whose description it is held to. */
  readonly edition?: Edition;
}

const API = '/api/v3';

/** When the limits of the rate end, in seconds from now. */
export const LIMIT_SECONDS = 120;

/**
 * GitHub as Jockey sees it, at an address of its own as a GitHub Enterprise: sign-in, REST API, Git and webhooks. What
 * comes in and what is answered is held to GitHub's own description; `stop` throws when anything was not as it says.
 */
export class GithubStandIn {
  readonly world = new GithubWorld();
  readonly oauth = new OauthPages(this.world);
  readonly webhooks = WebhookExamples.load();
  /** What was not as GitHub's descriptions say, in requests, answers and webhooks. */
  readonly violations: string[] = [];
  readonly calls: SeenCall[] = [];
  /** What is wrong, and with which requests, as `GET /user`; with all where none are said. */
  trouble: { readonly kind: Trouble; readonly at?: RegExp } | null = null;
  /** Largest page that is given out. */
  pageSize = 100;
  private readonly description: GithubDescription;
  private readonly answers: ApiAnswers;
  private readonly gitRoot: string | null;

  private constructor(
    private readonly server: Server,
    { gitRoot = null, edition = 'api.github.com' }: StandInOptions,
  ) {
    this.gitRoot = gitRoot;
    this.description = GithubDescription.load(edition);
    this.answers = new ApiAnswers(this.description, this.url + API);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.serve(request, response).catch((error: unknown) => {
        this.violations.push(`the stand-in itself failed: ${String(error)}`);
        response.destroy();
      });
    });
  }

  /** Starts it. */
  static async start(options: StandInOptions = {}): Promise<GithubStandIn> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new GithubStandIn(server, options);
  }

  /** What GITHUB_URL is set to. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What GITHUB_API_URL would be set to; it follows from `url`. */
  get apiUrl(): string {
    return this.url + API;
  }

  /** Sends a webhook to the hooks that a repository has for it, and answers what each said. */
  async send(repo: string, event: string, payload: unknown): Promise<WebhookAnswer[]> {
    this.violations.push(...this.webhooks.faults(event, payload));
    const hooks = this.world.addRepository(repo).hooks.filter((each) => each.active && each.events.includes(event));
    return Promise.all(
      hooks.map(({ config: { url, secret = null, content_type: type } }) =>
        sendWebhook({ url, secret, event, payload, contentType: type === 'json' ? 'json' : 'form' }),
      ),
    );
  }

  /** Closes it, and throws when anything was not as GitHub describes it. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    if (this.violations.length > 0) throw new Error(`not as GitHub's:\n  ${this.violations.join('\n  ')}`);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const method = request.method ?? 'GET';
    const path = url.pathname.startsWith(`${API}/`) ? url.pathname.slice(API.length) : url.pathname;
    if (this.isTroubled(`${method} ${path}`)) return this.beTroubled({ method, path }, response);
    if (path !== url.pathname) return this.serveApi({ method, path, query: url.searchParams }, request, response);
    if (/^\/login\/(oauth|device)\//.test(url.pathname)) return this.serveOauth(url, request, response);
    this.serveGit(url, request, response);
  }

  private async serveApi(
    asked: Omit<SeenRequest, 'body'>,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const seen = { ...asked, body: this.parsed(await buffer(request), request) };
    const match = this.description.match(seen.method, seen.path);
    const token = this.world.tokens.get(credentials(request));
    const answer = this.paged(seen, this.answerTo(seen, match, token));
    this.checkAnswer(match, seen, answer);
    this.calls.push({ method: seen.method, path: seen.path, status: answer.status });
    const scopes = token?.scopes?.join(', ');
    response.writeHead(answer.status, {
      ...(answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      ...(scopes === undefined ? {} : { 'x-oauth-scopes': scopes }),
      ...limitHeaders(4999),
      ...answer.headers,
    });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  }

  private answerTo(seen: SeenRequest, match: Match | null, token: Token | undefined): ApiAnswer {
    const route = match === null ? undefined : ROUTES[match.name];
    if (match === null || route === undefined) {
      this.violations.push(
        `${seen.method} ${seen.path} is no operation of ${match === null ? 'GitHub' : 'the stand-in'}`,
      );
      return refusal(404, 'Not Found');
    }
    const faults = this.description.faultsOfRequest(match, seen);
    this.violations.push(...faults);
    if (token === undefined) return refusal(401, 'Bad credentials');
    if (faults.length > 0) return refusal(422, 'Validation Failed', faults);
    const { world, answers } = this;
    return route({ world, answers, token, params: match.params, query: seen.query, body: (seen.body ?? {}) as Schema });
  }

  private checkAnswer(match: Match | null, seen: SeenRequest, answer: ApiAnswer): void {
    // What the caller got wrong is told already; GitHub's "no" to it need not be described.
    if (match === null || (answer.status === 422 && this.description.faultsOfRequest(match, seen).length > 0)) return;
    this.violations.push(...this.description.faultsOfAnswer(match, answer.status, answer.body));
  }

  /** One page of a list, and where the next is: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api. */
  private paged({ path, query }: SeenRequest, answer: ApiAnswer): ApiAnswer {
    if (!Array.isArray(answer.body)) return answer;
    const size = Math.min(Number(query.get('per_page') ?? 30), this.pageSize);
    const page = Number(query.get('page') ?? 1);
    const body: unknown[] = answer.body.slice((page - 1) * size, page * size);
    if (page * size >= answer.body.length) return { ...answer, body };
    const next = new URLSearchParams(query);
    next.set('page', String(page + 1));
    return { ...answer, body, headers: { link: `<${this.apiUrl}${path}?${next.toString()}>; rel="next"` } };
  }

  private parsed(bytes: Buffer, request: IncomingMessage): unknown {
    if (request.headers['user-agent'] === undefined) this.violations.push('GitHub refuses requests without User-Agent');
    if (bytes.length === 0) return undefined;
    if (!String(request.headers['content-type']).startsWith('application/json'))
      this.violations.push(`a body of type ${request.headers['content-type']}`);
    return JSON.parse(bytes.toString());
  }

  private async serveOauth(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams((await buffer(request)).toString());
    const at = `${request.method} ${url.pathname}`;
    const answer =
      at === 'GET /login/oauth/authorize'
        ? this.oauth.authorize(url.searchParams)
        : at === 'POST /login/oauth/access_token'
          ? this.oauth.exchange(form)
          : at === 'POST /login/device/code'
            ? this.oauth.beginDevice(form)
            : { status: 404, body: { error: 'Not Found' } };
    this.calls.push({ method: request.method ?? 'GET', path: url.pathname, status: answer.status });
    const json = String(request.headers.accept).includes('json');
    const type = json ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded; charset=utf-8';
    const { body = {} } = answer;
    response.writeHead(answer.status, { 'content-type': type, ...('headers' in answer ? answer.headers : {}) });
    response.end(
      json
        ? JSON.stringify(body)
        : new URLSearchParams(
            Object.entries(body).map(([name, value]): [string, string] => [name, String(value)]),
          ).toString(),
    );
  }

  /** A token as user or as password, as GitHub takes it. */
  private serveGit(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const { authorization = '' } = request.headers;
    const [user = '', password = ''] = Buffer.from(authorization.replace(/^Basic /i, ''), 'base64')
      .toString()
      .split(':');
    const isKnown = this.world.tokens.has(password) || this.world.tokens.has(user);
    const status = this.gitRoot === null ? 404 : isKnown ? 200 : 401;
    this.calls.push({ method: request.method ?? 'GET', path: url.pathname, status });
    if (this.gitRoot !== null && isKnown) return answerByGit(this.gitRoot, request, response);
    response.writeHead(status, status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {}).end();
  }

  private isTroubled(what: string): boolean {
    return this.trouble !== null && (this.trouble.at === undefined || this.trouble.at.test(what));
  }

  private beTroubled(asked: { method: string; path: string }, response: ServerResponse): void {
    const kind = this.trouble?.kind ?? 'down';
    const answer = TROUBLES[kind](response);
    this.calls.push({ ...asked, status: answer?.status ?? 0 });
    if (answer === null) return;
    const match = this.description.match(asked.method, asked.path);
    if (match !== null) this.violations.push(...this.description.faultsOfAnswer(match, answer.status, answer.body));
    response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }
}

/** Null where nothing of GitHub's own is answered: what a proxy says in its place has no description. */
const TROUBLES: Readonly<Record<Trouble, (response: ServerResponse) => ApiAnswer | null>> = {
  down: (response) => nothingMore(response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Unicorn!</h1>')),
  hangs: () => null,
  'breaks off': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"login":"ro');
    setImmediate(() => response.destroy());
    return null;
  },
  'says nonsense': (response) =>
    nothingMore(response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please log in</h1>')),
  'limits the rate': () => ({ ...refusal(403, 'API rate limit exceeded'), headers: limitHeaders(0) }),
  'limits the rate for a while': () => ({
    ...refusal(429, 'You have exceeded a secondary rate limit.'),
    headers: { 'retry-after': String(LIMIT_SECONDS) },
  }),
  'refuses connections': (response) => nothingMore(response.socket?.destroy()),
};

const nothingMore = (_done: unknown): null => null;

function limitHeaders(remaining: number): Record<string, string> {
  const reset = String(Math.floor(Date.now() / 1000) + LIMIT_SECONDS);
  return { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': reset };
}

const credentials = (request: IncomingMessage): string =>
  /^(?:token|bearer) +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
