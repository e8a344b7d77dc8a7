import Consul from 'consul';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';

/** Time for one question, in milliseconds. A watch brings its own. */
const QUESTION = 10_000;

/** Something asked of Consul. */
export interface Question {
  /** Address of the HTTP API of a server or an agent. */
  readonly url: string;
  /** The host whose agent it is; not given for the Consul that Jockey is configured with. */
  readonly host?: string;
  /** What it is for, in words that follow "could not": `register sample-production-web-1-d4`. */
  readonly to: string;
}

/** Opens one client an address: Consul's own, and the agents of the hosts. */
export class ConsulClients {
  private readonly clients = new Map<string, Consul>();

  /** `token`: ACL token, where Consul asks for one. */
  constructor(private readonly token: string | undefined) {}

  /** The client of an agent's HTTP API. */
  at(url: string): Consul {
    const known = this.clients.get(url);
    if (known !== undefined) return known;
    const { hostname, port, protocol } = new URL(url);
    const secure = protocol === 'https:';
    const options: ConsulOptions = {
      host: hostname,
      port: Number(port) || (secure ? 443 : 80),
      secure,
      timeout: QUESTION,
      defaults: this.token === undefined ? {} : { token: this.token },
    };
    const client = new Consul(options);
    this.clients.set(url, client);
    return client;
  }

  /** Asks, and gives up after 10 s with the connection closed. Throws a DomainError that names agent and purpose. */
  async ask<T>(question: Question, put: (consul: Consul) => Promise<T>): Promise<T> {
    try {
      return await put(this.at(question.url));
    } catch (error) {
      throw failureAt(question, error);
    }
  }
}

/** The types leave out the limit, in milliseconds, of the client below. */
type ConsulOptions = NonNullable<ConstructorParameters<typeof Consul>[0]> & { readonly timeout: number };

/** An answer that is no success, as the client below throws it. */
interface Refusal {
  readonly response?: { readonly statusCode?: number; readonly body?: unknown };
}

/** What Consul said: its own words where it sent any, however long. */
export function wordsOf(error: unknown): string {
  const body = (error as Refusal | null)?.response?.body;
  return typeof body === 'string' && body.trim() !== '' ? body.trim() : sentenceOf(error);
}

/** Anything that went wrong between us and an agent. A server error means that Consul has no leader, or is starting. */
export function failureAt({ url, host, to }: Question, error: unknown): DomainError {
  const speaker = host === undefined ? `Consul (${url})` : `the Consul agent of host ${host} (${url})`;
  const status = (error as Refusal | null)?.response?.statusCode ?? 0;
  if (status < 400 || status >= 500) return unavailable(speaker, `could not ${to}: ${wordsOf(error)}`);
  const hint = status === 401 || status === 403 ? '; CONSUL_HTTP_TOKEN should be a token that may' : '';
  return new DomainError('unprocessable_entity', `${speaker} did not ${to}: ${wordsOf(error)}${hint}`);
}
