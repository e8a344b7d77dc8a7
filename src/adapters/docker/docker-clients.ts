import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { join } from 'node:path';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import type { Host } from '../../domain/host/host.js';
import { failureAt, statusOf } from './docker-errors.js';

/** Time for a question, in milliseconds: a host that is gone has to be told from a busy one. */
const QUESTION = 10_000;

/** Probes on a quiet connection, so that a host that vanished ends its streams within some 20 s. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 10_000, keepAliveMsecs: 10_000 };

/** Something asked of one host's Docker. */
export interface Question {
  /** What it is for, in words that follow "could not": `start sample-production-web-1-d4`. */
  readonly to: string;
  /** In milliseconds; 10 s where not said. */
  readonly limit?: number;
}

/** Opens one client a host. A client has no time limit of its own: a limit on a quiet stream would cut it. */
export class DockerClients {
  private readonly clients = new Map<string, Docker>();

  /** `certPath`: folder with `ca.pem`, `cert.pem` and `key.pem`, for hosts spoken to with TLS. */
  constructor(private readonly certPath: string | undefined) {}

  /** The client of a host; hosts at the same address share one. */
  of({ dockerUrl }: Host): Docker {
    const known = this.clients.get(dockerUrl);
    if (known !== undefined) return known;
    const client = new Docker({ ...NOTHING_FROM_THE_ENVIRONMENT, ...this.optionsOf(dockerUrl) });
    this.clients.set(dockerUrl, client);
    return client;
  }

  /** Asks, and gives up at the limit with the connection closed. Throws a DomainError that names host and purpose. */
  async ask<T>(
    host: Host,
    question: Question,
    put: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = question.limit ?? QUESTION;
    const signal = AbortSignal.timeout(limit);
    try {
      return await put(this.of(host), signal);
    } catch (error) {
      const late = signal.aborted && statusOf(error) === null;
      throw failureAt(host, question.to, late ? new Late(limit) : error);
    }
  }

  /** As `ask`, but null where Docker answers with one of these statuses. */
  async askOrNull<T>(
    host: Host,
    question: Question & { readonly nullOn: readonly number[] },
    put: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T | null> {
    return this.ask(host, question, async (docker, abortSignal) => {
      try {
        return await put(docker, abortSignal);
      } catch (error) {
        if (question.nullOn.includes(statusOf(error) ?? 0)) return null;
        throw error;
      }
    });
  }

  private optionsOf(dockerUrl: string): ClientOptions {
    const url = new URL(dockerUrl);
    if (url.protocol === 'unix:') return { socketPath: url.pathname, agent: unseen(new HttpAgent(KEEP_ALIVE)) };
    const secure = url.protocol === 'https:';
    const to = { host: url.hostname, port: Number(url.port) || (secure ? 2376 : 2375) };
    if (!secure) return { ...to, protocol: 'http', agent: unseen(new HttpAgent(KEEP_ALIVE)) };
    return { ...to, protocol: 'https', agent: unseen(new HttpsAgent(KEEP_ALIVE)), ...this.certificates() };
  }

  private certificates(): Pick<Docker.DockerOptions, 'ca' | 'cert' | 'key'> {
    if (this.certPath === undefined) return {};
    const read = (name: string) => readFileSync(join(this.certPath ?? '', name), 'utf8');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  }
}

/** The types leave out the agent, through which connections are opened. */
type ClientOptions = Docker.DockerOptions & { readonly agent: HttpAgent };

/**
 * docker-modem puts each request into words for a debug log that nobody reads, with its agent and all connections and
 * certificates of that: most of what an engine did in a deploy (`bench:deploy`). One word does.
 */
function unseen<T extends HttpAgent>(agent: T): T {
  return Object.assign(agent, { [inspect.custom]: () => agent.constructor.name });
}

/** The limit passed. */
class Late extends Error {
  readonly code = 'ETIMEDOUT';

  constructor(milliseconds: number) {
    super(`no answer within ${milliseconds / 1000} s`);
  }
}

/** dockerode fills what is not given from `DOCKER_HOST` and its like; what is given as undefined stays so. */
const NOTHING_FROM_THE_ENVIRONMENT: Docker.DockerOptions = {
  host: undefined,
  port: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
  timeout: undefined,
  protocol: 'http',
};
